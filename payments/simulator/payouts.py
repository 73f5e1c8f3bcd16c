"""Payouts: a balance, ours or a connected account's, sent to its bank."""

from __future__ import annotations

from payments.simulator import accounts, balance
from payments.simulator.errors import ApiError, missing_resource
from payments.simulator.events import current_request, emit
from payments.simulator.lists import asked, is_within, page
from payments.simulator.metadata import apply_metadata, checked_metadata
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

ARRIVES_AFTER_SECONDS = 2 * 24 * 3600
OUR_BANK = "ba_simulatedbankofplatform"
FAILURES = {
    "account_closed": "The bank account has been closed.",
    "could_not_process": "The bank could not process this payout.",
    "insufficient_funds": "There are too few funds to cover this payout.",
    "no_account": "The bank account could not be located.",
}


def create(world: World, params: JsonObject) -> JsonObject:
    """Pay an amount to our bank by hand, as the API does. Raises ApiError (400) for more than is available."""
    return send(
        world,
        currency=params["currency"].lower(),
        amount=params["amount"],
        description=params.get("description"),
        metadata=checked_metadata(params.get("metadata", {})),
    )


def send(
    world: World,
    *,
    currency: str,
    amount: int | None = None,
    account_id: str = "",
    description: str | None = "STRIPE PAYOUT",
    metadata: JsonObject | None = None,
) -> JsonObject:
    """Send money to a bank: the payout is pending until it is paid or fails. Inside a transaction only.

    amount: minor units; None for an automatic payout of everything that is available. account_id: the connected
    account that pays out; empty for our own. Raises ApiError (400) for nothing, or more than is available.
    """
    held = _available(world, account_id, currency)
    is_automatic = amount is None
    wanted = held if amount is None else amount
    if not 0 < wanted <= held:
        message = (
            f"You have insufficient funds in your Stripe account for this transfer: {held}, not {wanted}."
        )
        raise ApiError(400, message, code="balance_insufficient", param="amount")
    now = world.clock.now()
    payout = {
        **world.contract.blank("payout"),
        "id": new_id("po_"),
        "object": "payout",
        "amount": wanted,
        "arrival_date": now + ARRIVES_AFTER_SECONDS,
        "automatic": is_automatic,
        "created": now,
        "currency": currency,
        "description": description,
        "destination": _bank(world, account_id),
        "livemode": False,
        "metadata": metadata or {},
        "method": "standard",
        "reconciliation_status": "completed" if is_automatic else "not_applicable",
        "source_type": "card",
        "status": "pending",
        "type": "bank_account",
    }
    if account_id:
        accounts.move_money(world, account_id, -wanted, currency)
        world.store.put(_kind(account_id), payout)
    else:
        _take_from_balance(world, payout)
    emit(world, "payout.created", payout, account=account_id)
    return payout


def arrive(world: World, payout_id: str, account_id: str = "") -> JsonObject:
    """Let a payout reach the bank. Raises ApiError (400) for one that is not pending."""
    payout = required(world, payout_id, account_id)
    if payout["status"] != "pending":
        raise ApiError(400, f"Payout {payout_id} is {payout['status']}, not pending.")
    payout["status"] = "paid"
    world.store.put(_kind(account_id), payout)
    emit(world, "payout.paid", payout, account=account_id)
    return payout


def fail(world: World, payout_id: str, account_id: str = "", *, code: str = "account_closed") -> JsonObject:
    """Let a bank send a payout back, before or after it was paid: the money is in the balance again.

    Raises ApiError (400) for one that failed already and for an unknown code.
    """
    payout = required(world, payout_id, account_id)
    if payout["status"] == "failed":
        raise ApiError(400, f"Payout {payout_id} has already failed.")
    if code not in FAILURES:
        raise ApiError(400, f"code is one of {', '.join(sorted(FAILURES))}", param="code")
    before = {"status": payout["status"]}
    payout.update(status="failed", failure_code=code, failure_message=FAILURES[code])
    if account_id:
        accounts.move_money(world, account_id, payout["amount"], payout["currency"])
        world.store.put(_kind(account_id), payout)
    else:
        back = _movement(world, payout, "payout_failure", payout["amount"])
        balance.book(world, payout, back, to="failure_balance_transaction")
    emit(world, "payout.failed", payout, before, account=account_id)
    return payout


def retrieve(world: World, payout_id: str) -> JsonObject:
    """One payout, of the account that the request is made for."""
    return required(world, payout_id, current_request.get().account)


def list_payouts(world: World, params: JsonObject) -> JsonObject:
    """Payouts newest first, by status, bank account and time, of the account that the request is made for."""
    wanted = asked(params, status="status", destination="destination")
    kind = _kind(current_request.get().account)
    return page(
        world,
        kind,
        params,
        url="/v1/payouts",
        wanted=wanted,
        keep=lambda payout: is_within(payout["arrival_date"], params.get("arrival_date", {})),
    )


def update(world: World, payout_id: str, params: JsonObject) -> JsonObject:
    """Change the metadata of one of our payouts."""
    payout = required(world, payout_id, "")
    before = apply_metadata(payout, params)
    world.store.put("payout", payout)
    if before:
        emit(world, "payout.updated", payout, before)
    return payout


def _kind(account_id: str) -> str:
    # Connected accounts' payouts are kept apart: no list of ours shows them.
    return f"payout@{account_id}" if account_id else "payout"


def required(world: World, payout_id: str, account_id: str = "") -> JsonObject:
    """One payout of ours, or of a connected account. Raises ApiError (404)."""
    payout = world.store.get(_kind(account_id), payout_id)
    if payout is None:
        raise missing_resource("payout", payout_id, "payout")
    return payout


def _available(world: World, account_id: str, currency: str) -> int:
    if not account_id:
        return balance.available(world, currency)
    accounts.retrieve(world, account_id)
    return accounts.money_of(world, account_id).get(currency, 0)


def _bank(world: World, account_id: str) -> str | None:
    if not account_id:
        return OUR_BANK
    banks = accounts.retrieve(world, account_id)["external_accounts"]["data"]
    return str(banks[0]["id"]) if banks else None


def _take_from_balance(world: World, payout: JsonObject) -> None:
    if payout["automatic"]:
        for row in world.store.newest_first("balance_transaction"):
            is_due = row["currency"] == payout["currency"] and row["available_on"] <= world.clock.now()
            if is_due and world.store.get("paid_out", row["id"]) is None:
                world.store.put("paid_out", {"id": row["id"], "payout": payout["id"]})
    # A payout is made of what is in the books, so it is in them itself at once.
    balance.book(world, payout, _movement(world, payout, "payout", -payout["amount"]), is_prompt=True)
    world.store.put("paid_out", {"id": payout["balance_transaction"], "payout": payout["id"]})


def _movement(world: World, payout: JsonObject, kind: str, amount: int) -> balance.Movement:
    return balance.Movement(
        amount,
        payout["currency"],
        type=kind,
        source=payout["id"],
        description=payout["description"],
        available_on=world.clock.now(),
    )
