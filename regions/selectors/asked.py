"""What the address of a list names: a place by its code or name, and a product that a place is known for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.lib.countries import country_name
from regions.models import IdentifiedProduct, Region, RegionAlias, RegionChange
from regions.selectors.places import FIND, PlaceName, folded

CODE = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]+)+")
_PLACES, _ALIASES, _CHANGES, _PRODUCTS = (
    model._meta.db_table for model in (Region, RegionAlias, RegionChange, IdentifiedProduct)
)
# As place_by_code, else by a name; then as successor_of. What is spelt alike is looked for where nothing is called so:
# PostgreSQL finds that out first, and then does not compare a single word.
_ASKED = f"""
WITH RECURSIVE coded (id, rank) AS (
    SELECT id, 0 FROM {_PLACES} WHERE code = upper(%(word)s)
    UNION ALL (SELECT place_id, 1 FROM {_CHANGES} WHERE code_before = %(code)s AND %(code)s <> '' ORDER BY "on" DESC, id DESC LIMIT 1)
    UNION ALL
    SELECT min(other.region_id), 2 FROM {_ALIASES} other
    JOIN {_PLACES} place ON place.id = other.region_id AND place.ended_on IS NULL
    WHERE upper(other.alias) IN (%(code)s, replace(%(code)s, '-', ' ')) AND %(code)s <> ''
    HAVING count(DISTINCT other.region_id) = 1
), named (how, id, turn) AS (
    (SELECT 'coded', id, 1 FROM coded ORDER BY rank LIMIT 1)
    UNION ALL (
        SELECT 'named', id, row_number() OVER (ORDER BY ended_on DESC NULLS FIRST, depth, path) AS turn FROM {_PLACES} place
        WHERE NOT EXISTS (SELECT 1 FROM coded) AND %(word)s <> '' AND (
            upper(name) = upper(%(word)s) OR local_name = %(word)s
            OR EXISTS (SELECT 1 FROM {_ALIASES} WHERE region_id = place.id AND upper(alias) = upper(%(word)s))
        )
        ORDER BY turn LIMIT %(limit)s + 1
    )
), steps (id, turn, passed) AS (
    SELECT id, 0, ARRAY[id] FROM named WHERE turn = 1
    UNION ALL
    SELECT change.successor_id, steps.turn + 1, passed || change.successor_id FROM steps
    JOIN {_PLACES} place ON place.id = steps.id AND place.ended_on IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT successor_id FROM {_CHANGES} WHERE place_id = steps.id AND kind = %(merged)s ORDER BY "on" DESC, id LIMIT 1
    ) AS change
    WHERE change.successor_id <> ALL (passed)
), found (how, id, turn, said) AS (
    SELECT how, id, turn, '' FROM named
    UNION ALL SELECT 'step', id, turn, '' FROM steps WHERE turn > 0
    UNION ALL SELECT 'alike', region_id, turn, '' FROM ({FIND}) AS alike
    WHERE NOT EXISTS (SELECT 1 FROM named) AND %(typed)s <> ''
    UNION ALL SELECT 'product', region_id, 0, name FROM {_PRODUCTS} WHERE id = %(product)s
)
SELECT place.*, found.how, found.said, parent.code AS parent_code, parent.name AS parent_name
FROM found JOIN {_PLACES} place USING (id) LEFT JOIN {_PLACES} parent ON parent.id = place.parent_id
ORDER BY found.turn
"""  # noqa: S608 - names of our own tables


@dataclass(frozen=True)
class Asked:
    """What was found of what was asked for.

    place: as it stands today, None where nothing is called so; is_code: it was asked for by a code of today or of before.
    others: places that may be meant as well, of the same name, or of a like one where there is no place. product: its name,
    empty where nobody knows it.
    """

    place: Region | None = None
    is_code: bool = False
    others: Sequence[PlaceName] = ()
    product: str = ""


def asked_in_address(place: str, *, product: int | None, limit: int) -> Asked:
    """The place that these words name, and the product of this key; one query, none where neither is asked for.

    By a code one place alone is named. Of places with one name those of today go before others, then the larger ones; for a
    place that became part of another that one is taken. limit: how many others at most.
    """
    word = place.replace("\0", "").strip()
    if not word and product is None:
        return Asked()
    values = {
        "word": word,
        "code": word.upper() if CODE.fullmatch(word) else "",
        "typed": folded(word),
        "below": "",
        "limit": limit,
        "merged": RegionChange.Kind.MERGED,
        "product": product,
    }
    rows: list[Any] = list(Region.objects.raw(_ASKED, values))
    named = [row for row in rows if row.how in ("coded", "named")]
    product_name = next((row.said for row in rows if row.how == "product"), "")
    if not named:
        return Asked(others=_names(row for row in rows if row.how == "alike"), product=product_name)
    last = next((row for row in reversed(rows) if row.how == "step"), named[0])
    taken = last if last.ended_on is None else named[0]
    others = (row for row in named[1:] if row.ended_on is None and row.pk != taken.pk)
    return Asked(taken, named[0].how == "coded", _names(others), product_name)


def _names(rows: Iterable[Any]) -> list[PlaceName]:
    return [PlaceName(row.code, row.shown_name, _above(row)) for row in rows]


def _above(row: Any) -> str:
    if row.parent_code is None:
        return ""
    name: str = row.parent_name
    return country_name(row.parent_code, name) if row.depth == 1 else name
