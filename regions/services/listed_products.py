"""Identified products as the lists of the schemes name them: created, corrected, or found to be in a list no longer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regions.domain import reference_rules
from regions.domain.reference_files import Row
from regions.models import IdentifiedProduct
from regions.services.merging import BATCH, Change

Key = tuple[int, int, str]
# What the newest edition says of a product.
_FIELDS = (
    "name", "category", "sector", "rank", "year_of_source", "note", "source", "edition", "left_list",
)  # fmt: skip
_YEAR = re.compile(r"\b(19|20)\d\d\b")


@dataclass(frozen=True)
class ListReport:
    """What a list says of what is here, product by product in words.

    left: named by an earlier edition, by this one no longer. ended: named, but ended here. decided: named, but held as a
    nomination or a move of places has it. None of these is touched.
    """

    change: Change
    left: Sequence[str]
    ended: Sequence[str]
    decided: Sequence[str]


def load(
    rows: Sequence[Row], regions: Mapping[str, int], *, schemes: Mapping[str, int], country: str
) -> ListReport:
    """Bring the products of a country's lists to what the newest editions say; the caller holds the lock of loads.

    rows: lines of one file, without faults. What a list no longer names is kept and marked, since listings rely on it.
    What a nomination named, and what has an end, stays as it is, and is not named a second time.
    """
    wanted = {_key(product): product for product in (_product(row, regions, schemes=schemes) for row in rows)}
    listing = {schemes[code] for code in reference_rules.schemes_in(country)}
    there = IdentifiedProduct.objects.filter(scheme__in=listing).select_related("scheme", "region")
    # Of several with one name the one that stands comes last, and counts.
    held = {_key(row): row for row in sorted(there, key=lambda row: (_stands(row), row.pk))}
    taken = {(row.scheme_id, row.region_id, row.name.lower()): row for row in held.values() if _stands(row)}
    created = [row for key, row in wanted.items() if key not in held and key not in taken]
    changed = [held[key] for key, row in wanted.items() if key in held and _correct(held[key], row)]
    gone = [row for key, row in held.items() if key not in wanted and row.edition]
    unmarked = [row for row in gone if not row.left_list]
    for row in unmarked:
        row.left_list = True
    IdentifiedProduct.objects.bulk_create(created, batch_size=BATCH)
    fields = (*_FIELDS, "listed_since")
    IdentifiedProduct.objects.bulk_update([*changed, *unmarked], fields, batch_size=BATCH)
    listed_here = [(key, held.get(key) or taken[key]) for key in wanted if key in held or key in taken]
    ended = [row for _key, row in listed_here if row.ended_on is not None]
    decided = [
        row for key, row in listed_here if row.ended_on is None and (row.nomination_id or key not in held)
    ]
    only_here = len(held.keys() - wanted.keys())
    change = Change(len(wanted), len(created), len(changed) + len(unmarked), only_here)
    return ListReport(change, *(_in_words(found) for found in (gone, ended, decided)))


def _key(product: IdentifiedProduct) -> Key:
    # Where its place has ended, the list still names it for that one.
    return product.scheme_id, product.listed_for_id or product.region_id, product.name.lower()


def _stands(product: IdentifiedProduct) -> bool:
    """Whether it has no end and has not stayed behind at a place whose product is another row's."""
    return product.ended_on is None and product.listed_for_id != product.region_id


def _correct(held: IdentifiedProduct, said: IdentifiedProduct) -> bool:
    if held.nomination_id is not None or held.ended_on is not None:
        return False
    different = [name for name in _FIELDS if getattr(held, name) != getattr(said, name)]
    for name in different:
        setattr(held, name, getattr(said, name))
    held.listed_since = held.listed_since or said.edition
    return bool(different)


def _in_words(products: Sequence[IdentifiedProduct]) -> list[str]:
    return sorted(f"{row.name}, {row.region.name} ({row.scheme.code} {row.region.code})" for row in products)


def _product(row: Row, regions: Mapping[str, int], *, schemes: Mapping[str, int]) -> IdentifiedProduct:
    is_odop = row.file == "odop_products.csv"
    edition = row["programme"]
    return IdentifiedProduct(
        scheme_id=schemes[reference_rules.scheme_of(edition) or ""],
        # Four rows of the Bhutanese list name no place: all that is known of them is the country.
        region_id=regions[row["region_code"] or "BT"],
        name=row["product"],
        category=row["category"],
        sector=row["sector_in_source"] if is_odop else "",
        rank=row["rank"] if is_odop else "",
        year_of_source=_year(edition if is_odop else row["year_of_source"]),
        note="" if is_odop else row["note"],
        source=row["source"],
        edition=edition,
        listed_since=edition,
    )


def _year(words: str) -> int | None:
    found = _YEAR.search(words)
    return int(found[0]) if found else None
