"""Lists: newest first, filtered, a page at a time."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import islice

from payments.simulator.errors import ApiError, missing_resource
from payments.simulator.store import JsonObject, copied
from payments.simulator.world import World

DEFAULT_LIMIT = 10
MAXIMUM_LIMIT = 100
COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def page(
    world: World,
    kind: str,
    params: JsonObject,
    *,
    url: str,
    wanted: JsonObject | None = None,
    keep: Callable[[JsonObject], bool] = lambda _: True,
) -> JsonObject:
    """One page of the objects of a kind whose fields have the wanted values and that `keep` accepts.

    params: limit, starting_after, ending_before and created are read here. Raises ApiError (400) for a bad one.
    """
    rows = world.store.newest_first(kind, wanted or {})
    created = params.get("created", {})
    return paginate(
        rows, params, url=url, kind=kind, keep=lambda row: keep(row) and is_within(row["created"], created)
    )


def paginate(
    rows: list[JsonObject],
    params: JsonObject,
    *,
    url: str,
    kind: str,
    keep: Callable[[JsonObject], bool] = lambda _: True,
) -> JsonObject:
    """One page of sorted rows, of those that `keep` accepts."""
    limit = params.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAXIMUM_LIMIT:
        raise ApiError(400, f"limit must be between 1 and {MAXIMUM_LIMIT}", param="limit")
    if "starting_after" in params:
        rows = rows[_position(rows, params["starting_after"], kind, "starting_after") + 1 :]
    if "ending_before" in params:
        # The rows just before it: counted from there backwards, shown forwards.
        rows = rows[: _position(rows, params["ending_before"], kind, "ending_before")][::-1]
    # One more than asked for tells whether there are more; the rest is not even looked at.
    chosen = list(islice((row for row in rows if keep(row)), limit + 1))
    shown = chosen[:limit]
    if "ending_before" in params:
        shown.reverse()
    return {"object": "list", "data": copied(shown), "has_more": len(chosen) > limit, "url": url}


def asked(params: JsonObject, **fields: str) -> JsonObject:
    """The values that fields must have. fields: parameter name=field of the row."""
    return {field: params[name] for name, field in fields.items() if name in params}


def is_within(time: int, bounds: int | dict[str, int]) -> bool:
    """Whether a time is the one asked for, or within bounds such as {"gte": 1790000000}; empty bounds hold all."""
    if isinstance(bounds, int):
        return time == bounds
    return all(COMPARISONS[name](time, bound) for name, bound in bounds.items())


def _position(rows: list[JsonObject], row_id: str, kind: str, param: str) -> int:
    for position, row in enumerate(rows):
        if row["id"] == row_id:
            return position
    raise missing_resource(kind, row_id, param)
