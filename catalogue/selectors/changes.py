"""A proposed change as people read it: field by field, what stands beside what is wanted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from oscar.core.loading import get_model

from catalogue.models import ListingChange, Product, ProductImage
from catalogue.selectors.seasons import season_words
from catalogue.selectors.snapshots import FIELDS, TEXTS, Snapshot, photo_key, snapshot
from marketplace.lib.money import format_price
from marketplace.lib.word_runs import Run, word_runs
from regions.models import IdentifiedProduct, Region

Category = get_model("catalogue", "Category")


@dataclass(frozen=True)
class DiffPhoto:
    """A photo beside others. mark: "new", "gone", "moved", "words" (of the alternative text) or empty."""

    url: str
    alt: str
    mark: str = ""


@dataclass(frozen=True)
class FieldDiff:
    """One field: in words what it was and what it shall be; photos where the field is the photos.

    is_moved: the listing itself has changed here since. is_noted: the office has named this field.
    """

    name: str
    label: str
    old: str
    new: str
    old_photos: Sequence[DiffPhoto] = ()
    new_photos: Sequence[DiffPhoto] = ()
    is_moved: bool = False
    is_noted: bool = False

    @cached_property
    def runs(self) -> tuple[list[Run], list[Run]]:
        """Old and new as runs of words, those marked that stand on one side alone."""
        return word_runs(self.old, self.new)


@dataclass(frozen=True)
class _Names:
    """Names of what the change mentions by key."""

    places: Mapping[int, Region]
    products: Mapping[int, IdentifiedProduct]
    categories: Mapping[int, Any]
    photos: Mapping[str, str]
    currency: str


def field_words(fields: Iterable[str]) -> list[str]:
    """Names of fields, in the order of the form."""
    wanted = set(fields)
    return [str(words) for name, words in FIELDS.items() if name in wanted]


def field_diffs(change: ListingChange) -> list[FieldDiff]:
    """The fields that the change touches, in the order of the form; at most nine queries."""
    photos = _photo_urls(change) if "photos" in change.proposed else {}
    names = _names(change.listing, change.base, change.proposed, photos=photos)
    current = snapshot(change.listing) if change.state in ListingChange.OPEN else {}
    moved = {name for name, value in change.base.items() if current and current[name] != value}
    return [
        _diff(
            name,
            (change.base[name], change.proposed[name]),
            names,
            is_moved=name in moved,
            is_noted=name in change.noted_fields,
        )
        for name in FIELDS
        if name in change.proposed
    ]


def diffs_since_returned(listing: Product) -> list[FieldDiff]:
    """What a group has changed since changes were asked for, in the order of the form; at most nine queries.

    Empty also for a listing that was never returned: returned_as says which. Photos that went have no picture any more.
    """
    before: Snapshot | None = listing.returned_as
    if before is None:
        return []
    now = snapshot(listing)
    names = _names(listing, before, now, photos=_shown_urls(listing.pk))
    changed = [name for name in FIELDS if before.get(name) != now[name]]
    return [_diff(name, (before[name], now[name]), names) for name in changed if name in before]


def _diff(
    name: str, sides: tuple[Any, Any], names: _Names, *, is_moved: bool = False, is_noted: bool = False
) -> FieldDiff:
    old, new = sides
    photos = _photo_pair(old, new, names) if name == "photos" else ((), ())
    return FieldDiff(
        name=name,
        label=str(FIELDS[name]),
        old=_words(name, old, names),
        new=_words(name, new, names),
        old_photos=photos[0],
        new_photos=photos[1],
        is_moved=is_moved,
        is_noted=is_noted,
    )


def _words(name: str, value: Any, names: _Names) -> str:
    if name in TEXTS:
        return str(value)
    if name == "is_perishable":
        return _("yes") if value else _("no")
    if name == "season":
        return season_words(value)
    if name == "region":
        return _named(names.places.get(value))
    if name == "identified_product":
        return _named(names.products.get(value))
    if name == "categories":
        return ", ".join(_named(names.categories.get(pk)) for pk in value)
    if name == "sizes":
        return "\n".join(_size_words(size, names.currency) for size in value)
    return ngettext("%(count)d photo", "%(count)d photos", len(value)) % {"count": len(value)}


def _named(row: Any) -> str:
    return str(row) if row is not None else ""


def _size_words(size: Mapping[str, Any], currency: str) -> str:
    units = dict(Product.Unit.choices)
    content = (
        f"{size['net_quantity']} {units.get(size['net_unit'], '')}".strip() if size["net_quantity"] else ""
    )
    parts = [size["label"], content]
    if size.get("weight_grams"):
        parts.append(_("%(grams)d g with packing") % {"grams": size["weight_grams"]})
    if size["pk"] is None:
        parts += [format_price(Decimal(size["price"]), currency), _("new size")]
    return " · ".join(part for part in parts if part) or "-"


def _photo_pair(
    old: Sequence[Snapshot], new: Sequence[Snapshot], names: _Names
) -> tuple[list[DiffPhoto], list[DiffPhoto]]:
    wanted = {photo_key(entry) for entry in new}
    before = {photo_key(entry): entry for entry in old}
    stayed = [key for key in before if key in wanted]
    stay = [key for key in map(photo_key, new) if key in before]

    def mark(entry: Snapshot) -> str:
        key = photo_key(entry)
        if key not in before:
            return "new"
        if stay.index(key) != stayed.index(key):
            return "moved"
        return "" if entry["alt"] == before[key]["alt"] else "words"

    left = [
        DiffPhoto(names.photos.get(key, ""), entry["alt"], "" if key in wanted else "gone")
        for key, entry in before.items()
    ]
    return left, [
        DiffPhoto(names.photos.get(photo_key(entry), ""), entry["alt"], mark(entry)) for entry in new
    ]


def _names(listing: Product, old: Snapshot, new: Snapshot, *, photos: Mapping[str, str]) -> _Names:
    both = (old, new)
    places = {side["region"] for side in both if "region" in side}
    products = {side["identified_product"] for side in both if side.get("identified_product")}
    kinds = {pk for side in both for pk in side.get("categories", ())}
    return _Names(
        places=Region.objects.in_bulk(places),
        products=IdentifiedProduct.objects.in_bulk(products),
        categories=Category.objects.in_bulk(kinds),
        photos=photos,
        currency=listing.price_currency,
    )


def _photo_urls(change: ListingChange) -> dict[str, str]:
    waiting = {
        f"n{pk}": reverse("proposed-photo", args=[pk]) for pk in change.photos.values_list("pk", flat=True)
    }
    return {**_shown_urls(change.listing_id), **waiting}


def _shown_urls(listing_pk: int) -> dict[str, str]:
    photos = ProductImage.objects.filter(product=listing_pk)
    return {str(photo.pk): photo.rendition_url(640) for photo in photos}
