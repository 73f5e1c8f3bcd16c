"""The home page and the page that explains."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, QuerySet
from django.db.models.functions import Mod
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.selectors.places import counts_by_path, products_without_seller
from programme.models import Story
from programme.selectors.stories import story_cards
from regions.models import IdentifiedProduct, MapTile
from storefront import hexmap, structured
from storefront.rows import group_rows, place_rows
from storefront.sharing.cards import home_card
from storefront.shelves import home_shelves
from storefront.visitor_pages import kept_for_visitors
from vendors.models import Partner

GROUPS = 3
STORIES = 3
UNSOLD = 6


@dataclass(frozen=True)
class Share:
    """A part of a hundred: words, amount, and its bar of 600 units."""

    css: str
    words: str
    amount: int
    x: int
    width: int


@kept_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    """What this is, both maps, goods of today, places in turn, newest groups, who gains, what nobody sells yet."""
    today = timezone.localdate()
    counts = counts_by_path()
    tiles = _tiles()
    groups = Partner.objects.public().select_related("home_region__parent").order_by("-approved_at")[:GROUPS]
    return render(
        request,
        "storefront/home.html",
        {
            "maps": _maps(tiles, counts),
            "states": sorted(
                place_rows((tile.region for tile in tiles["in_state"]), counts), key=lambda row: row.name
            ),
            "shelves": home_shelves(),
            "groups": group_rows(groups),
            "unsold": _turn(products_without_seller().filter(region__depth__gte=1), today),
            "stories": story_cards(Story.objects.published().newest_first()[:STORIES]),
            "shares": shares(),
            "card": home_card(),
            "data": structured.shop(),
        },
    )


@kept_for_visitors
def how_it_works(request: HttpRequest) -> HttpResponse:
    """How a product comes to a buyer, what the price pays for, what proves a claim, how a group joins; terms and contact."""
    values = {
        "shares": shares(),
        "section": "how",
        "return_days": settings.RETURN_DAYS,
        "answer_days": settings.RETURN_ANSWER_DAYS,
        "send_days": settings.RETURN_SEND_DAYS,
        "object_days": settings.RETURN_OBJECT_DAYS,
        "do_perishables_stay": settings.RETURN_PERISHABLES_STAY,
        "email": settings.SITE_CONTACT_EMAIL,
        "phone": settings.SITE_CONTACT_PHONE,
    }
    return render(request, "storefront/how_it_works.html", values)


def shares() -> list[Share]:
    """Who gets what of a hundred of goods, as the ledger posts it at the programme's usual rate of commission."""
    programme = round(settings.COMMISSION_RATE * 100)
    parts = [
        ("a", _("to the producer group"), 100 - programme),
        ("b", _("to the programme, for training, checks and the payment"), programme),
    ]
    rows, x = [], 0
    for css, words, amount in parts:
        rows.append(Share(css, words, amount, x, amount * 6))
        x += amount * 6
    return rows


def _tiles() -> dict[str, list[MapTile]]:
    """Tiles of both countries by the layout that they belong to; one query."""
    layouts: dict[str, list[MapTile]] = {layout: [] for layout in MapTile.Layout.values}
    for tile in MapTile.objects.drawn().exclude(layout=MapTile.Layout.TH_PROVINCE):
        layouts[tile.layout].append(tile)
    return layouts


def _maps(layouts: Mapping[str, list[MapTile]], counts: Mapping[str, int]) -> dict[str, hexmap.HexMap]:
    return {
        "gewogs": hexmap.country_map(
            layouts["bt_gewog"], counts, label=_("Bhutan by gewog: each tile is a link")
        ),
        "dzongkhags": hexmap.phone_map(
            layouts["bt_dzongkhag"], counts, label=_("Bhutan by dzongkhag: each tile is a link")
        ),
        "states": hexmap.letters_map(
            layouts["in_state"], counts, label=_("India by state: each tile is a link")
        ),
    }


def _turn(unsold: QuerySet[IdentifiedProduct], today: date) -> list[IdentifiedProduct]:
    """A few of the products nobody sells, others each day."""
    # A scattered order, another one every day, so that neighbours of the list do not stand side by side.
    mixed = unsold.annotate(turn=Mod(F("pk") * 7919 + today.toordinal() * 104_729, 100_003))
    return list(mixed.order_by("turn")[:UNSOLD])
