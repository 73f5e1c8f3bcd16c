"""The account's balance: one transaction for every movement, and their sums."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from payments.simulator.events import emit
from payments.simulator.lists import asked, page
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

AVAILABLE_AFTER_SECONDS = 2 * 24 * 3600
HOUR = 3600
FEE_SHARE = {"inr": Decimal("0.02")}
OTHER_FEE_SHARE = Decimal("0.029")
FEE_FIXED = {"inr": 0}
OTHER_FEE_FIXED = 30
TAX_ON_FEE = {"inr": Decimal("0.18")}
REPORTING_CATEGORIES = {"transfer_refund": "transfer_reversal", "payout_failure": "payout_reversal"}


@dataclass(frozen=True)
class Movement:
    """Money that comes or goes, in minor units; below zero for money that leaves.

    type: Stripe's word, such as "charge" or "transfer_refund"; category: its reporting category, where that is
    neither the type nor in REPORTING_CATEGORIES. available_on: None for two days later.
    """

    amount: int
    currency: str
    type: str
    source: str
    description: str | None = None
    category: str = ""
    fees: list[JsonObject] = field(default_factory=list)
    available_on: int | None = None


def book(
    world: World,
    subject: JsonObject,
    movement: Movement,
    *,
    to: str = "balance_transaction",
    told_as: str = "",
    is_prompt: bool = False,
) -> JsonObject:
    """Enter a movement and name it on its object, or keep it back while balance transactions are late.

    subject: the object as it shall be kept; it is put in any case. to: its field, which takes an id or, where it
    is a list, the whole transaction. told_as: the type of the event that tells of it; empty for none.
    is_prompt: never late.
    Returns the subject. Inside a transaction only.
    """
    kind = subject["object"]
    world.store.put(kind, subject)
    entry = {"kind": kind, "subject": subject["id"], "to": to, "told_as": told_as}
    if world.is_balance_late and not is_prompt:
        world.store.put("unbooked", {"id": new_id("ub_"), **entry, "movement": asdict(movement)})
        return subject
    _enter(world, subject, movement, to=to, told_as=told_as)
    return subject


def settle_late(world: World) -> int:
    """Make up for every movement that was kept back, oldest first; returns how many. Inside a transaction only."""
    waiting = world.store.newest_first("unbooked")[::-1]
    for entry in waiting:
        subject = world.required(entry["kind"], entry["subject"])
        movement = Movement(**entry["movement"])
        _enter(world, subject, movement, to=entry["to"], told_as=entry["told_as"] or _updated(entry["kind"]))
        world.store.delete("unbooked", entry["id"])
    return len(waiting)


def retrieve_transaction(world: World, transaction_id: str) -> JsonObject:
    """One movement."""
    return _aged(world, world.required("balance_transaction", transaction_id))


def list_transactions(world: World, params: JsonObject) -> JsonObject:
    """Movements newest first, by source, type, currency, payout and time."""
    keep = None
    if "payout" in params:
        world.required("payout", params["payout"], "payout")
        members = {row["id"] for row in world.store.newest_first("paid_out", {"payout": params["payout"]})}
        keep = members.__contains__
    listed = page(
        world,
        "balance_transaction",
        params,
        url="/v1/balance_transactions",
        wanted=asked(params, source="source", type="type", currency="currency"),
        keep=lambda row: keep is None or keep(row["id"]),
    )
    listed["data"] = [_aged(world, row) for row in listed["data"]]
    return listed


def retrieve(world: World) -> JsonObject:
    """Sums of the movements by currency, those still pending apart."""
    purses = {purse["id"]: _split(world, purse) for purse in world.store.newest_first("purse")}
    return shown(purses or {"inr": (0, 0)})


def shown(sums: dict[str, tuple[int, int]]) -> JsonObject:
    """A balance as the API shows it. sums: currency -> available, pending."""
    parts = {
        state: [
            {"amount": amounts[at], "currency": currency, "source_types": {"card": amounts[at]}}
            for currency, amounts in sorted(sums.items())
        ]
        for at, state in enumerate(("available", "pending"))
    }
    return {"object": "balance", "livemode": False, **parts}


def available(world: World, currency: str) -> int:
    """What may be paid out or transferred now, in minor units; below zero when more was given back."""
    unbooked = [entry["movement"] for entry in world.store.newest_first("unbooked")]
    # What has left but is not yet in the books cannot leave again.
    gone = sum(min(0, entry["amount"]) for entry in unbooked if entry["currency"] == currency)
    return _split(world, _purse(world, currency))[0] + gone


def fees_of_charge(amount: int, currency: str) -> list[JsonObject]:
    """What the provider keeps of a charge."""
    share = FEE_SHARE.get(currency, OTHER_FEE_SHARE)
    cost = _rounded(amount * share) + FEE_FIXED.get(currency, OTHER_FEE_FIXED)
    fees = [fee(cost, currency, "Stripe processing fees")]
    if currency in TAX_ON_FEE:
        tax = fee(_rounded(cost * TAX_ON_FEE[currency]), currency, "GST")
        fees.append({**tax, "type": "tax"})
    return fees


def fee(amount: int, currency: str, description: str) -> JsonObject:
    """One of the provider's fees, as a balance transaction names it."""
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": description,
        "type": "stripe_fee",
    }


def _enter(world: World, subject: JsonObject, movement: Movement, *, to: str, told_as: str) -> None:
    row = _transaction(world, movement)
    world.store.put("balance_transaction", row)
    _count(world, row)
    before = {to: subject.get(to)}
    subject[to] = [*subject[to], row] if isinstance(subject.get(to), list) else row["id"]
    world.store.put(subject["object"], subject)
    if told_as:
        emit(world, told_as, subject, before)


def _transaction(world: World, movement: Movement) -> JsonObject:
    now = world.clock.now()
    # Money becomes available by the hour, so that the sums have few parts.
    later = (now + AVAILABLE_AFTER_SECONDS) // HOUR * HOUR
    available_on = later if movement.available_on is None else movement.available_on
    cost = sum(entry["amount"] for entry in movement.fees)
    category = movement.category or REPORTING_CATEGORIES.get(movement.type, movement.type)
    return {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": movement.amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": now,
        "currency": movement.currency,
        "description": movement.description,
        "exchange_rate": None,
        "fee": cost,
        "fee_details": movement.fees,
        "net": movement.amount - cost,
        "reporting_category": category,
        "source": movement.source,
        "status": "available" if available_on <= now else "pending",
        "type": movement.type,
    }


def _count(world: World, row: JsonObject) -> None:
    purse, now = _purse(world, row["currency"]), world.clock.now()
    coming = purse["coming"]
    coming[str(row["available_on"])] = coming.get(str(row["available_on"]), 0) + row["net"]
    for due in [due for due in coming if int(due) <= now]:
        purse["settled"] += coming.pop(due)
    world.store.put("purse", purse)


def _purse(world: World, currency: str) -> JsonObject:
    return world.store.get("purse", currency) or {"id": currency, "settled": 0, "coming": {}}


def _split(world: World, purse: JsonObject) -> tuple[int, int]:
    now = world.clock.now()
    due = sum(net for at, net in purse["coming"].items() if int(at) <= now)
    return purse["settled"] + due, sum(purse["coming"].values()) - due


def _aged(world: World, row: JsonObject) -> JsonObject:
    return {**row, "status": "available" if row["available_on"] <= world.clock.now() else "pending"}


def _updated(kind: str) -> str:
    # A reversal has no event of its own.
    return "" if kind == "transfer_reversal" else f"{kind}.updated"


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
