"""expand[]: objects in the place of their ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from payments.simulator.errors import ApiError
from payments.simulator.store import JsonObject
from payments.simulator.world import World

MAXIMUM_DEPTH = 4
KIND_BY_PREFIX = {
    "acct": "account",
    "cs": "checkout.session",
    "pi": "payment_intent",
    "ch": "charge",
    "dp": "dispute",
    "po": "payout",
    "re": "refund",
    "tr": "transfer",
    "trr": "transfer_reversal",
    "txn": "balance_transaction",
}
EXPANDABLE = frozenset(
    [
        "balance_transaction",
        "charge",
        "destination",
        "failure_balance_transaction",
        "latest_charge",
        "line_items",
        "payment_intent",
        "refunds",
        "source",
        "source_transaction",
        "transfer",
    ]
)

Included = Callable[[World, str], JsonObject]


def expand(
    world: World, answer: JsonObject, paths: Sequence[str], included: dict[str, Included]
) -> JsonObject:
    """Put objects in the place of the ids that `paths` name, such as "payment_intent.latest_charge".

    included: lists that are there only when asked for, by the field's name.
    Raises ApiError (400) for a path that leads to nothing that can be expanded.
    """
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAXIMUM_DEPTH:
            raise ApiError(400, f"You cannot expand more than {MAXIMUM_DEPTH} levels of a property: {path}")
        targets = [answer]
        if answer.get("object") == "list":
            if steps[0] != "data":
                raise _not_expandable(path)
            targets, steps = answer["data"], steps[1:]
        for target in targets:
            _expand_one(world, target, steps, included)
    return answer


def _expand_one(
    world: World, target: JsonObject, steps: Sequence[str], included: dict[str, Included]
) -> None:
    if not steps:
        return
    field, rest = steps[0], steps[1:]
    if field not in EXPANDABLE or (field not in target and field not in included):
        raise _not_expandable(field)
    if field in included and field not in target:
        target[field] = included[field](world, target["id"])
        return
    value = target[field]
    if isinstance(value, str):
        kind = KIND_BY_PREFIX.get(value.split("_", 1)[0])
        if kind is None:
            raise _not_expandable(field)
        value = target[field] = world.required(kind, value)
    if isinstance(value, dict):
        _expand_one(world, value, rest, included)


def _not_expandable(field: str) -> ApiError:
    return ApiError(400, f"This property cannot be expanded ({field}).", param="expand")
