"""The account's balance: one transaction for every movement, and their sums."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from payments.simulator.lists import equals, page
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

AVAILABLE_AFTER_SECONDS = 2 * 24 * 3600
FEE_SHARE = {"inr": Decimal("0.02")}
OTHER_FEE_SHARE = Decimal("0.029")
FEE_FIXED = {"inr": 0}
OTHER_FEE_FIXED = 30
TAX_ON_FEE = {"inr": Decimal("0.18")}


def add_transaction(
    world: World, amount: int, *, currency: str, kind: str, source: str, description: str | None = None
) -> str:
    """Record a movement and return its id; inside a transaction only.

    amount: minor units, below zero for money that leaves. kind: "charge", "refund" or "refund_failure".
    Only charges cost a fee.
    """
    fees = _fees(amount, currency) if kind == "charge" else []
    fee = sum(entry["amount"] for entry in fees)
    now = world.clock.now()
    row = {
        "id": new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now + AVAILABLE_AFTER_SECONDS,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": description,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": fees,
        "net": amount - fee,
        "reporting_category": kind,
        "source": source,
        "status": "pending",
        "type": kind,
    }
    world.store.put("balance_transaction", row)
    return str(row["id"])


def retrieve_transaction(world: World, transaction_id: str) -> JsonObject:
    """One movement."""
    return _aged(world, world.required("balance_transaction", transaction_id))


def list_transactions(world: World, params: JsonObject) -> JsonObject:
    """Movements newest first, by source, type, currency and time."""
    keep = equals(params, source="source", type="type", currency="currency")
    listed = page(world, "balance_transaction", params, url="/v1/balance_transactions", keep=keep)
    listed["data"] = [_aged(world, row) for row in listed["data"]]
    return listed


def retrieve(world: World) -> JsonObject:
    """Sums of the movements by currency, those still pending apart."""
    sums: dict[str, dict[str, int]] = {"available": defaultdict(int), "pending": defaultdict(int)}
    for row in world.store.newest_first("balance_transaction"):
        state = "available" if row["available_on"] <= world.clock.now() else "pending"
        sums[state][row["currency"]] += row["net"]
    currencies = sorted({*sums["available"], *sums["pending"]}) or ["inr"]
    parts = {
        state: [
            {"amount": amounts[currency], "currency": currency, "source_types": {"card": amounts[currency]}}
            for currency in currencies
        ]
        for state, amounts in sums.items()
    }
    return {"object": "balance", "livemode": False, **parts}


def _aged(world: World, row: JsonObject) -> JsonObject:
    return {**row, "status": "available" if row["available_on"] <= world.clock.now() else "pending"}


def _fees(amount: int, currency: str) -> list[JsonObject]:
    share = FEE_SHARE.get(currency, OTHER_FEE_SHARE)
    fee = _rounded(amount * share) + FEE_FIXED.get(currency, OTHER_FEE_FIXED)
    fees = [_fee(fee, currency, "stripe_fee", "Stripe processing fees")]
    if currency in TAX_ON_FEE:
        fees.append(_fee(_rounded(fee * TAX_ON_FEE[currency]), currency, "tax", "GST"))
    return fees


def _fee(amount: int, currency: str, kind: str, description: str) -> JsonObject:
    return {
        "amount": amount,
        "application": None,
        "currency": currency,
        "description": description,
        "type": kind,
    }


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
