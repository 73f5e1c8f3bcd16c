"""The list of places, and the page of one place."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.models import Product
from catalogue.selectors.categories import category_counts
from catalogue.selectors.facets import ready_and_proven
from catalogue.selectors.listings import card_rows, cards
from catalogue.selectors.places import counts_by_path, known_products, paths_above, products_named_earlier
from programme.models import Story
from programme.selectors.stories import story_cards
from regions.forms import LONGEST, place_choices
from regions.models import GeographicalIndication, IdentifiedProduct, MapTile, Region
from regions.selectors.places import nearest
from regions.selectors.register import place_by_code, successor_of, successors_of
from storefront import hexmap, structured
from storefront.finding import CERTIFICATES
from storefront.moved import moved
from storefront.place_history import place_history
from storefront.place_maps import LAYOUTS, phone_map, place_map, tiles_of
from storefront.rows import earlier_row, group_rows, known_row, place_crumbs, place_rows, place_url
from storefront.sharing.cards import place_card
from storefront.shelves import country_shelf
from storefront.visitor_pages import kept_for_visitors
from vendors.models import Partner

SHELF = 8
KNOWN = 9
EARLIER = 20
PROTECTED = 12
GROUPS = 6
STORIES = 3
# Of what certificates prove, that by which a place is chosen.
PROOFS = ("gi", "organic")


@require_safe
def place_suggest(request: HttpRequest) -> HttpResponse:
    """Places that the words may mean, as the part of components/place_picker.html that is chosen from.

    name: of the form's field; <name>_words: what was typed; below: code of the place to look in.
    """
    name = request.GET.get("name", "")
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,40}", name):
        raise Http404
    words = request.GET.get(f"{name}_words", "").replace("\0", "").strip()[:LONGEST]
    code = request.GET.get("below", "").replace("\0", "")
    below = place_by_code(code) if code else None
    if code and below is None:
        raise Http404
    if below is not None:
        below = successor_of(below) or below
    values = {"name": name, "words": words, "choices": place_choices(words, below=below)}
    return render(request, "components/place_choices.html", values)


@kept_for_visitors
def place_list(request: HttpRequest) -> HttpResponse:
    """Countries, their maps, and every dzongkhag, state and province as a list with counts; of Bhutan every gewog too."""
    counts = counts_by_path()
    tiles: dict[str, list[MapTile]] = defaultdict(list)
    for tile in MapTile.objects.drawn():
        tiles[tile.layout].append(tile)
    children: dict[int, list[Region]] = defaultdict(list)
    shown = Q(depth=1) | Q(level=Region.Level.GEWOG)
    for region in Region.objects.standing().filter(shown).order_by("name"):
        children[region.parent_id or 0].append(region)
    known = _names_by_path(2)
    countries = [
        {
            "region": country,
            "map": _country_map(country, tiles, counts),
            "phone_map": phone_map(
                tiles[MapTile.Layout.BT_DZONGKHAG] if country.code == "BT" else [], counts
            ),
            "places": place_rows(
                children[country.pk],
                counts,
                known={row.pk: known[row.path][:1] for row in children[country.pk]},
            ),
            "gewogs": [
                (place, place_rows(children[place.pk], counts), counts.get(place.path, 0))
                for place in children[country.pk]
                if children[place.pk]
            ],
            "listings": counts.get(country.path, 0),
        }
        for country in Region.objects.countries()
    ]
    return render(request, "storefront/place_list.html", {"countries": countries, "section": "places"})


@kept_for_visitors
def place_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One place: what it is known for, what is on sale, what lies in it and round it. 404: no such place.

    A former code, and a place that became part of another, lead to the place of today for good.
    """
    region = place_by_code(code)
    if region is None:
        raise Http404(_("We do not know a place with the code %(code)s.") % {"code": code})
    region = successor_of(region) or region
    if region.code != code:
        return moved(request, place_url(region))
    counts = counts_by_path()
    known = list(known_products(region))
    children = list(region.children.standing().order_by("name"))
    tiles = tiles_of(region)
    return render(
        request,
        "storefront/place_detail.html",
        {
            "section": "places",
            "region": region,
            "about": _about(region, len(children)),
            "history": place_history(region),
            "successors": place_rows(successors_of(region), counts) if region.ended_on else [],
            "crumbs": place_crumbs(region),
            "listing_count": counts.get(region.path, 0),
            "known": [known_row(product) for product in known[:KNOWN]],
            "known_count": len(known),
            "earlier": [earlier_row(product) for product in products_named_earlier(region)[:EARLIER]],
            "protected": list(
                GeographicalIndication.objects.filter(regions__path__startswith=region.path)
                .distinct()
                .order_by("name")[:PROTECTED]
            ),
            "categories": category_counts(region),
            "stories": story_cards(Story.objects.about_place(region)[:STORIES]),
            "children": place_rows(children, counts, known=_names_by_place(known)),
            "empty_children": sum(1 for child in children if not counts.get(child.path)),
            "map": place_map(region, tiles, counts),
            "phone_map": phone_map(tiles, counts),
            "card": place_card(region),
            "data": structured.place(region),
            "neighbours": place_rows(_neighbours(region, tiles), counts),
            **_goods(region),
            **_groups(region),
        },
    )


def _goods(region: Region) -> dict[str, Any]:
    """What is on sale there: the shelf, and how many are ready to send or certified."""
    live = Product.objects.live().whole().filter(region__path__startswith=region.path)
    ready, proven = ready_and_proven(live)
    in_turn = country_shelf(region.code) if not region.depth else []
    return {
        "ready": ready,
        "certificates": [(asked, CERTIFICATES[asked], proven[asked]) for asked in PROOFS if proven[asked]],
        "listings": in_turn or cards(card_rows(live).order_by("-published_at", "-pk")[:SHELF]),
        "in_turn": bool(in_turn),
    }


def _groups(region: Region) -> dict[str, Any]:
    """The first groups at home there, and how many there are; one query."""
    rows = (
        Partner.objects.public()
        .filter(home_region__path__startswith=region.path)
        .select_related("home_region__parent")
        .order_by("name")
    )
    shown = list(rows.annotate(total=Window(Count("pk")))[:GROUPS])
    return {"groups": group_rows(shown), "group_count": shown[0].total if shown else 0}


def _names_by_path(depth: int) -> Mapping[str, list[str]]:
    """What places are known for, those below counted to them: path of so many codes -> names, its own before others; one query."""
    rows = IdentifiedProduct.objects.standing().order_by("region__depth", "region__path", "name")
    names: dict[str, list[str]] = defaultdict(list)
    for path, name in rows.values_list("region__path", "name"):
        above = paths_above(path)
        if len(above) >= depth and name not in names[above[depth - 1]]:
            names[above[depth - 1]].append(name)
    return names


def _names_by_place(known: list[IdentifiedProduct]) -> Mapping[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    for product in known:
        names[product.region_id].append(product.name)
    return names


def _about(region: Region, children: int) -> str:
    """One sentence: what kind of place it is and where it lies."""
    if region.parent is None:
        return {
            "BT": _("Twenty dzongkhags, each with gewogs, and each gewog with a product of its own."),
            "IN": _("Thirty-six states and union territories, and a product for each of their districts."),
        }.get(region.code, _("A country whose provinces each name their products."))
    values = {"level": region.get_level_display(), "above": place_of(region.parent), "count": children}
    if region.ended_on is not None:
        words = _("Until %(day)s a %(level)s of %(above)s; today it is no place of its own.")
        return words % {**values, "day": date_format(region.ended_on, "j F Y")}
    if region.level == Region.Level.DZONGKHAG:
        return _("A dzongkhag of %(count)d gewogs in %(above)s.") % values
    if region.level == Region.Level.STATE:
        return _("A state or union territory of %(above)s with %(count)d districts.") % values
    return _("A %(level)s of %(above)s.") % values


def place_of(region: Region) -> str:
    """A place and the country it lies in, such as "Paro, Bhutan"; the country must have been read."""
    return f"{region.shown_name}, {region.parent.shown_name}" if region.parent else region.shown_name


def _neighbours(region: Region, tiles: list[MapTile]) -> list[Region]:
    if not region.depth:
        return []
    if region.depth == 2 and region.country_code != "BT":
        return nearest(region)  # no map has tiles for districts
    return hexmap.adjacent_places(tiles, region)


def _country_map(
    country: Region, tiles: Mapping[str, list[MapTile]], counts: Mapping[str, int]
) -> hexmap.HexMap | None:
    drawn = tiles.get(LAYOUTS.get(country.code, ""), [])
    if not drawn:
        return None
    words = _("Map of %(place)s: each tile is a link") % {"place": country.shown_name}
    draw = hexmap.country_map if country.code == "BT" else hexmap.letters_map
    return draw(drawn, counts, label=words)
