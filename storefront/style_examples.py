"""What the style page shows of each part: values such as the shop's own pages hand to the same partials."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.urls import reverse

from catalogue.selectors.claims import Claim
from catalogue.selectors.listings import ListingCard, Picture
from regions.models import Region
from storefront.icons import ICONS
from storefront.order_steps import Step
from storefront.report_forms import ReportForm
from storefront.rows import Crumb, GroupRow, PlaceRow, place_url
from storefront.views.home import Share

CLOTHS = 16
_TOKEN = re.compile(r"--([\w-]+):\s*([^;]+);")
_COLOUR = re.compile(r"#[0-9a-f]{3,6}")
_RICE, _TIME = Decimal("280.00"), datetime(2026, 10, 3, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Token:
    """A value that style sheets use by name; dark is the same as light where the dark gives none of its own."""

    name: str
    light: str
    dark: str

    @property
    def is_colour(self) -> bool:
        """Whether it can be shown as a swatch."""
        return bool(_COLOUR.fullmatch(self.light))


@dataclass(frozen=True)
class Text:
    """A heading and a sentence of one language."""

    language: str
    heading: str
    sentence: str


@dataclass(frozen=True)
class Examples:
    """One of everything; names as the templates of the style page use them."""

    crumbs: Sequence[Crumb]
    texts: Sequence[Text]
    codes: Sequence[str]
    form: forms.Form
    listings: Sequence[ListingCard]
    groups: Sequence[GroupRow]
    places: Sequence[PlaceRow]
    page: Page[Any]
    page_numbers: Sequence[int]
    shares: Sequence[Share]
    amount: Decimal
    claims: Sequence[Claim]
    steps: Sequence[Step]
    icons: Sequence[str]


TEXTS = (
    Text(
        "en", "Every place is known for something.", "Red rice of Paro, dried in the sun and milled by hand."
    ),
    Text("hi", "भारत", "उत्तर प्रदेश, पश्चिम बंगाल, छत्तीसगढ़, आन्ध्र प्रदेश, जम्मू और कश्मीर"),
    # Names of places: what nobody has reviewed is no example of good type.
    Text("dz", "འབྲུག", "སྤ་རོ། ལྷུན་རྩེ། བུམ་ཐང་། བཀྲ་ཤིས་གཡང་རྩེ། བསམ་གྲུབ་ལྗོངས་མཁར།"),
    Text("th", "ประเทศไทย", "เชียงใหม่ ขอนแก่น นครศรีธรรมราช พระนครศรีอยุธยา"),
)


def tokens() -> Sequence[Token]:
    """The tokens of static/css/tokens.css in their order."""
    sheet = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text("utf-8")
    light, _media, dark = sheet.partition("prefers-color-scheme: dark")
    darker = dict(_TOKEN.findall(dark.partition(":lang(")[0]))
    return [Token(name, value, darker.get(name, value)) for name, value in _TOKEN.findall(light)]


def examples() -> Examples:
    """One of everything; places are those of the register."""
    places = list(Region.objects.standing().filter(depth=1).order_by("path")[:CLOTHS])
    page = Paginator(range(200), 24).page(3)
    return Examples(
        crumbs=[("Places", reverse("place-list")), ("Bhutan", "#"), ("Paro", None)],
        texts=TEXTS,
        codes=[place.code for place in places],
        form=ReportForm({"contact": "not-an-address"}),
        listings=_listings(places[:4]),
        groups=[
            GroupRow("Example weavers", "#", place.code, place.name, is_example=True) for place in places[:2]
        ],
        places=[_place(place, listings) for listings, place in enumerate(places[:6])],
        page=page,
        page_numbers=list(page.paginator.page_range),
        shares=[Share("a", "to the producer group", 90, 0, 540), Share("b", "to the programme", 10, 540, 60)],
        amount=Decimal("2540.00"),
        claims=[Claim("organic", "ORG", "organic", "LO-07", "Example weavers", "BAFRA", date(2027, 3, 31))],
        steps=[
            Step("done", "Paid", _TIME),
            Step("done", "Accepted by the group", _TIME),
            Step("now", "Being packed"),
            Step("later", "Handed over"),
            Step("later", "With you"),
        ],
        icons=list(ICONS),
    )


def _listings(places: Sequence[Region]) -> list[ListingCard]:
    return [
        ListingCard(
            pk=number,
            title="Red rice, dried in the sun",
            url="#cards",
            place=place.name,
            place_above="",
            place_code=place.code,
            price=_RICE,
            currency="INR",
            price_note="500 g",
            picture=_picture(place.code) if number < 3 else None,
            is_available=number != 1,
            availability="" if number != 1 else "sold out",
            seal="GI" if not number else "",
            rating=4.5 if number == 2 else None,
            reviews=12 if number == 2 else 0,
        )
        for number, place in enumerate(places)
    ]


def _picture(code: str) -> Picture:
    url = f"{reverse('band', args=[code])}?swatch"
    return Picture(url, "", 96, 96, "", url)


def _place(place: Region, listings: int) -> PlaceRow:
    return PlaceRow(
        place.code,
        place_url(place),
        place.name,
        place.local_name,
        place.local_language,
        "Red rice" if listings else "",
        listings,
    )
