"""What stands at places in every room, so that it can follow a place. Higher rooms add theirs by hold()."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regions.models import IdentifiedProduct, Region, RegionRole


@dataclass(frozen=True)
class Holder:
    """One kind of rows. rows: those that stand at this very place. move: takes keys of such rows to another place.

    rows is also asked with an OuterRef, so that many places are counted at once. move is called in a transaction, locks its rows by key, passes over those that stand elsewhere by now, and returns how
    many it moved. has_followers: whether the rows go along when the whole place becomes part of another; what gives a
    person more to decide does not.
    """

    kind: str
    label: str | Promise
    rows: Callable[[Any], "QuerySet[Any]"]
    move: Callable[[Sequence[int], Region, Region], int]
    has_followers: bool = True


HOLDERS: dict[str, Holder] = {}
# Called with the places whose names, or those of what lies above, are others now.
_READERS_OF_NAMES: list[Callable[[Sequence[Region]], None]] = []
# Called with an identified product and the one that the place after its own has of the same name.
_READERS_OF_PRODUCTS: list[Callable[[IdentifiedProduct, IdentifiedProduct], None]] = []


def hold(holder: Holder) -> None:
    """Add a kind of rows; they are moved in the order in which they were added."""
    HOLDERS[holder.kind] = holder


def hear_of_names(reader: Callable[[Sequence[Region]], None]) -> None:
    """Have a copy of names of places kept true."""
    if reader not in _READERS_OF_NAMES:
        _READERS_OF_NAMES.append(reader)


def hear_of_products(reader: Callable[[IdentifiedProduct, IdentifiedProduct], None]) -> None:
    """Have what names a product name the one that stands for it now."""
    if reader not in _READERS_OF_PRODUCTS:
        _READERS_OF_PRODUCTS.append(reader)


def names_changed(places: Iterable[Region]) -> None:
    """Tell those who keep copies."""
    found = list(places)
    for reader in _READERS_OF_NAMES if found else ():
        reader(found)


def move_rows(rows: "QuerySet[Any]", field: str, *, old: Region, new: Region) -> int:
    """Move rows whose only tie to the place is this foreign key; what is passed over stays where it is."""
    locked = rows.filter(**{field: old}).order_by("pk").select_for_update(of=("self",), no_key=True)
    keys = list(locked.values_list("pk", flat=True))
    return rows.model._default_manager.filter(pk__in=keys).update(**{field: new})


def _move_products(keys: Sequence[int], old: Region, new: Region) -> int:
    rows = IdentifiedProduct.objects.filter(pk__in=keys, region=old).order_by("pk")
    there = {
        (row.scheme_id, row.name.lower()): row
        for row in IdentifiedProduct.objects.filter(region=new).without_end().order_by("pk")
    }
    moved = 0
    for row in rows.select_for_update(of=("self",), no_key=True):
        same = there.get((row.scheme_id, row.name.lower())) if row.ended_on is None else None
        if same is not None:
            # The scheme names it for both: that row goes on, this one stays behind as what was once said.
            for reader in _READERS_OF_PRODUCTS:
                reader(row, same)
            row.listed_for = old
            row.save(update_fields=["listed_for"])
            continue
        row.listed_for_id = row.listed_for_id or old.pk
        row.region = new
        row.save(update_fields=["listed_for", "region"])
        moved += 1
    return moved


def _move_roles(keys: Sequence[int], old: Region, new: Region) -> int:
    rows = RegionRole.objects.filter(pk__in=keys)
    has_one = RegionRole.objects.filter(region=new).values("person")
    return move_rows(rows.exclude(person__in=has_one), "region", old=old, new=new)


hold(
    Holder(
        "product",
        _("identified products"),
        lambda place: (
            IdentifiedProduct.objects.filter(region=place).kept().select_related("scheme").order_by("name")
        ),
        _move_products,
    )
)
hold(
    Holder(
        "role",
        _("officers' places"),
        lambda place: (
            RegionRole.objects.filter(region=place).select_related("person", "region").order_by("pk")
        ),
        _move_roles,
        has_followers=False,
    )
)
