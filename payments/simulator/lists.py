"""Lists: newest first, filtered, a page at a time."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from payments.simulator.errors import ApiError, missing_resource
from payments.simulator.store import JsonObject, copied
from payments.simulator.world import World

DEFAULT_LIMIT = 10
MAXIMUM_LIMIT = 100
COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def page(
    world: World, kind: str, params: JsonObject, *, url: str, keep: Callable[[JsonObject], bool]
) -> JsonObject:
    """One page of the objects of a kind that `keep` accepts.

    params: limit, starting_after, ending_before and created are read here. Raises ApiError (400) for a bad one.
    """
    rows = [row for row in world.store.newest_first(kind) if keep(row) and _is_created(row, params)]
    return paginate(rows, params, url=url, kind=kind)


def paginate(rows: list[JsonObject], params: JsonObject, *, url: str, kind: str) -> JsonObject:
    """One page of rows already chosen and sorted."""
    limit = params.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= MAXIMUM_LIMIT:
        raise ApiError(400, f"limit must be between 1 and {MAXIMUM_LIMIT}", param="limit")
    if "ending_before" in params:
        before = rows[: _position(rows, params["ending_before"], kind, "ending_before")]
        chosen, has_more = before[-limit:], len(before) > limit
    else:
        after = rows
        if "starting_after" in params:
            after = rows[_position(rows, params["starting_after"], kind, "starting_after") + 1 :]
        chosen, has_more = after[:limit], len(after) > limit
    return {"object": "list", "data": copied(chosen), "has_more": has_more, "url": url}


def equals(params: JsonObject, **fields: str) -> Callable[[JsonObject], bool]:
    """A test that keeps rows whose fields equal the parameters given. fields: parameter name=field of the row."""
    wanted = {field: params[name] for name, field in fields.items() if name in params}
    return lambda row: all(row.get(field) == value for field, value in wanted.items())


def _is_created(row: JsonObject, params: JsonObject) -> bool:
    bounds: Any = params.get("created", {})
    if isinstance(bounds, int):
        return bool(row["created"] == bounds)
    return all(COMPARISONS[name](row["created"], bound) for name, bound in bounds.items())


def _position(rows: list[JsonObject], row_id: str, kind: str, param: str) -> int:
    for position, row in enumerate(rows):
        if row["id"] == row_id:
            return position
    raise missing_resource(kind, row_id, param)
