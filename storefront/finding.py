"""What the query string of a list asks for, and what to take off where nothing fits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.selectors.kinds import Kinds
from catalogue.selectors.search import Found, Wish, how_many
from marketplace.lib.money import format_price
from marketplace.lib.words import plain_words
from regions.selectors.asked import Asked
from storefront.forms import FindForm
from storefront.problems import Problem
from vendors.models import Partner

# By the keys of catalogue.selectors.claims.ASKED.
CERTIFICATES = {
    "gi": gettext_lazy("protected name (GI)"),
    "organic": gettext_lazy("organic"),
    "food": gettext_lazy("food licence"),
    "other": gettext_lazy("other certificates"),
}
LONGEST_SHOWN = 60
# The wish without each filter, by its name in the query string.
_OFF: dict[str, dict[str, Any]] = {
    "q": {"words": ""},
    "place": {"place": None},
    "category": {"category": ""},
    "kind": {"kind": ""},
    "certificate": {"certificate": ""},
    "known": {"known": None},
    "price_min": {"price_min": None},
    "price_max": {"price_max": None},
    "in_stock": {"in_stock": False},
    "season": {"in_season": False},
}

# Ids of the fields in which something is typed.
FIELDS = {"place": "f-place", "price_min": "f-min", "price_max": "f-max"}


@dataclass(frozen=True)
class Chip:
    """A chosen filter: its words, and the name in the query string that takes it off."""

    name: str
    words: str

    @property
    def unquoted(self) -> str:
        """Its words for a sentence that puts quotation marks round them."""
        return self.words.strip("“”") if self.name == "q" else self.words


@dataclass(frozen=True)
class WayOut:
    """A filter that leaves listings when it is taken off, and how many."""

    chip: Chip
    listings: int


def ways_out(wish: Wish, chips: Sequence[Chip], found: Found, kinds: Kinds) -> list[WayOut]:
    """Which one filter to take off where nothing fits all, the one that leaves most first; one query.

    found: what was found for the wish.
    """
    if len(chips) < 2:
        return []
    counts = how_many([replace(wish, **_OFF[chip.name]) for chip in chips], found.meanings, kinds)
    ways = [WayOut(chip, count) for chip, count in zip(chips, counts, strict=True) if count]
    return sorted(ways, key=lambda way: -way.listings)


def _problem(name: str, typed: str, error: ValidationError) -> Problem:
    """What is said about a part of the address that could not be understood."""
    if error.code == "invalid_choice":
        return Problem(_("We do not know “%(typed)s” here and leave it out.") % {"typed": typed})
    return Problem(f"{typed}: {error.messages[0]}", FIELDS.get(name, ""))


def asked_of(
    form: FindForm, category: Any, kinds: Kinds, *, named: Asked
) -> tuple[Wish, list[Chip], list[Problem]]:
    """From what was sent to what is looked for, the chips that take it off, and what could not be understood.

    named: the place and the product that were sent; no query but that of the kinds.
    """
    sent, place = form.cleaned_data, named.place
    problems = [
        _problem(name, _shown(form.data.get(name, "")), errors[0])
        for name, errors in form.errors.as_data().items()
    ]
    chips: list[Chip] = []
    if place is not None:
        chips.append(Chip("place", place.shown_name))
    elif sent.get("place"):
        words = _("We do not know a place called “%(place)s”.") % {"place": sent["place"]}
        problems.insert(0, Problem(words, FIELDS["place"]))
    if sent.get("q"):
        chips.insert(0, Chip("q", f"“{sent['q']}”"))
    slug = category.slug if category else sent.get("category") or ""
    if slug and not category:
        chosen = kinds.called(slug) or kinds.called_before(slug)
        slug = chosen.slug if chosen else slug
        chips.append(Chip("category", chosen.said("name") if chosen else slug))
    if sent.get("kind"):
        chips.append(Chip("kind", str(dict(Partner.Kind.choices)[sent["kind"]])))
    if sent.get("certificate"):
        chips.append(Chip("certificate", str(CERTIFICATES[sent["certificate"]])))
    if sent.get("known"):
        chips.append(Chip("known", named.product or str(sent["known"])))
    chips += _price_chips(sent)
    if sent.get("in_stock"):
        chips.append(Chip("in_stock", _("ready to send")))
    if sent.get("season"):
        chips.append(Chip("season", _("in season")))
    wish = Wish(
        words=(sent.get("q") or "").strip(),
        place=place,
        category=slug,
        kind=sent.get("kind") or "",
        known=sent.get("known"),
        certificate=sent.get("certificate") or "",
        price_min=sent.get("price_min"),
        price_max=sent.get("price_max"),
        in_stock=bool(sent.get("in_stock")),
        in_season=bool(sent.get("season")),
        sort=sent.get("sort") or "best",
    )
    return wish, chips, problems


def _shown(typed: str) -> str:
    """What could not be understood, as it can stand on a page: an address may hold thousands of signs, seen or not."""
    return Truncator(plain_words(typed)).chars(LONGEST_SHOWN)


def _price_chips(sent: dict[str, Any]) -> list[Chip]:
    currency: str = settings.CHARGE_CURRENCY
    chips = []
    if sent.get("price_min") is not None:
        chips.append(
            Chip("price_min", _("from %(price)s") % {"price": format_price(sent["price_min"], currency)})
        )
    if sent.get("price_max") is not None:
        chips.append(
            Chip("price_max", _("up to %(price)s") % {"price": format_price(sent["price_max"], currency)})
        )
    return chips
