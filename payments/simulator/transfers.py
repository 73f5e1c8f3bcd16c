"""Transfers of our money to connected accounts, and their reversals."""

from __future__ import annotations

from payments.simulator import accounts, balance
from payments.simulator.errors import ApiError, missing_resource
from payments.simulator.events import emit
from payments.simulator.lists import asked, page
from payments.simulator.metadata import apply_metadata, checked_metadata
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

REVERSALS_SHOWN = 10


def create(world: World, params: JsonObject) -> JsonObject:
    """Send money to a connected account, out of one charge or out of what is available.

    Raises ApiError (400) for an account that is unknown or restricted, for more than the charge has left that was
    not transferred, and for more than is available.
    """
    currency = params["currency"].lower()
    destination = _destination(world, params["destination"])
    charge = _source(world, params, currency)
    amount = params.get("amount", charge["amount"] if charge else None)
    if amount is None:
        raise ApiError(400, "Missing required param: amount.", code="parameter_missing", param="amount")
    _require_positive(amount)
    if charge:
        _require_left(world, charge, amount)
    elif balance.available(world, currency) < amount:
        message = "You have insufficient available funds in your Stripe account."
        raise ApiError(400, message, code="balance_insufficient")
    transfer_id = new_id("tr_")
    transfer = {
        **world.contract.blank("transfer"),
        "id": transfer_id,
        "object": "transfer",
        "amount": amount,
        "amount_reversed": 0,
        "created": world.clock.now(),
        "currency": currency,
        "description": params.get("description"),
        "destination": destination["id"],
        "destination_payment": new_id("py_"),
        "livemode": False,
        "metadata": checked_metadata(params.get("metadata", {})),
        "reversals": _reversals_shown(transfer_id, []),
        "reversed": False,
        "source_transaction": charge["id"] if charge else None,
        "source_type": params.get("source_type", "card"),
        "transfer_group": params.get("transfer_group", _group(charge)),
    }
    accounts.move_money(world, destination["id"], amount, currency)
    balance.book(world, transfer, _movement(world, transfer, -amount, charge=charge))
    emit(world, "transfer.created", transfer)
    return transfer


def retrieve(world: World, transfer_id: str) -> JsonObject:
    """One transfer."""
    return world.required("transfer", transfer_id, "transfer")


def list_transfers(world: World, params: JsonObject) -> JsonObject:
    """Transfers newest first, by destination, transfer group and time."""
    wanted = asked(params, destination="destination", transfer_group="transfer_group")
    return page(world, "transfer", params, url="/v1/transfers", wanted=wanted)


def update(world: World, transfer_id: str, params: JsonObject) -> JsonObject:
    """Change metadata or description."""
    transfer = retrieve(world, transfer_id)
    before = apply_metadata(transfer, params)
    if params.get("description", transfer["description"]) != transfer["description"]:
        before["description"] = transfer["description"]
        transfer["description"] = params["description"]
    world.store.put("transfer", transfer)
    if before:
        emit(world, "transfer.updated", transfer, before)
    return transfer


def reverse(world: World, transfer_id: str, params: JsonObject) -> JsonObject:
    """Take a transfer back, wholly or in part.

    Raises ApiError (400) for more than is left of it, and for more than the connected account still holds.
    """
    transfer = world.required("transfer", transfer_id)
    left = transfer["amount"] - transfer["amount_reversed"]
    if not left:
        raise ApiError(400, f"Transfer {transfer_id} is already fully reversed.")
    amount = params.get("amount", left)
    _require_positive(amount)
    if amount > left:
        message = f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})"
        raise ApiError(400, message, param="amount")
    accounts.retrieve(world, transfer["destination"])
    accounts.move_money(world, transfer["destination"], -amount, transfer["currency"])
    reversal = {
        **world.contract.blank("transfer_reversal"),
        "id": new_id("trr_"),
        "object": "transfer_reversal",
        "amount": amount,
        "created": world.clock.now(),
        "currency": transfer["currency"],
        "destination_payment_refund": new_id("pyr_"),
        "metadata": checked_metadata(params.get("metadata") or {}),
        "transfer": transfer_id,
    }
    balance.book(world, reversal, _back(world, reversal))
    before = {name: transfer[name] for name in ("amount_reversed", "reversed", "reversals")}
    transfer["amount_reversed"] += amount
    transfer["reversed"] = amount == left
    newest = world.store.newest_first("transfer_reversal", {"transfer": transfer_id})
    transfer["reversals"] = _reversals_shown(transfer_id, newest)
    world.store.put("transfer", transfer)
    emit(world, "transfer.reversed", transfer, before)
    return reversal


def retrieve_reversal(world: World, transfer_id: str, reversal_id: str) -> JsonObject:
    """One reversal of a transfer."""
    retrieve(world, transfer_id)
    reversal = world.required("transfer_reversal", reversal_id)
    if reversal["transfer"] != transfer_id:
        raise missing_resource("transfer_reversal", reversal_id)
    return reversal


def list_reversals(world: World, transfer_id: str, params: JsonObject) -> JsonObject:
    """The reversals of a transfer, newest first."""
    world.required("transfer", transfer_id)
    return page(
        world, "transfer_reversal", params, url=_reversals_url(transfer_id), wanted={"transfer": transfer_id}
    )


def _destination(world: World, account_id: str) -> JsonObject:
    account = world.store.get("account", account_id)
    if account is None:
        message = f"No such destination: '{account_id}'"
        raise ApiError(400, message, code="resource_missing", param="destination")
    if not accounts.is_payable(account):
        message = (
            "Your destination account needs to have at least one of the following capabilities enabled:"
            " transfers, crypto_transfers, legacy_payments"
        )
        raise ApiError(400, message, code="insufficient_capabilities_for_transfer")
    return account


def _source(world: World, params: JsonObject, currency: str) -> JsonObject | None:
    if "source_transaction" not in params:
        return None
    charge_id = params["source_transaction"]
    charge = world.store.get("charge", charge_id)
    if charge is None or not charge["paid"]:
        message = f"No such charge: '{charge_id}'"
        raise ApiError(400, message, code="resource_missing", param="source_transaction")
    if charge["currency"] != currency:
        message = (
            f"The currency of source_transaction's balance transaction ({charge['currency']})"
            f" must be the same as the transfer currency ({currency})"
        )
        raise ApiError(400, message, param="currency")
    return charge


def _require_positive(amount: int) -> None:
    if amount < 1:
        raise ApiError(400, "Invalid positive integer", code="parameter_invalid_integer", param="amount")


def _require_left(world: World, charge: JsonObject, amount: int) -> None:
    made = world.store.newest_first("transfer", {"source_transaction": charge["id"]})
    sent = sum(transfer["amount"] - transfer["amount_reversed"] for transfer in made)
    if sent + amount > charge["amount"]:
        message = (
            "Transfers using this transaction as a source must not exceed the source amount of"
            f" {charge['amount']}. (There are already transfers using this source, amounting to {sent}.)"
        )
        raise ApiError(400, message, param="amount")


def _group(charge: JsonObject | None) -> str | None:
    if charge is None:
        return None
    return str(charge["transfer_group"] or f"group_{charge['id']}")


def _movement(
    world: World, transfer: JsonObject, amount: int, *, charge: JsonObject | None
) -> balance.Movement:
    # What comes out of a charge leaves when the charge's own money would have been available.
    booked = world.store.get("balance_transaction", charge["balance_transaction"] or "") if charge else None
    available_on = booked["available_on"] if booked else None if charge else world.clock.now()
    return balance.Movement(
        amount,
        transfer["currency"],
        type="transfer",
        source=transfer["id"],
        description=transfer["description"],
        available_on=available_on,
    )


def _back(world: World, reversal: JsonObject) -> balance.Movement:
    return balance.Movement(
        reversal["amount"],
        reversal["currency"],
        type="transfer_refund",
        source=reversal["id"],
        available_on=world.clock.now(),
    )


def _reversals_url(transfer_id: str) -> str:
    return f"/v1/transfers/{transfer_id}/reversals"


def _reversals_shown(transfer_id: str, newest: list[JsonObject]) -> JsonObject:
    return {
        "object": "list",
        "data": newest[:REVERSALS_SHOWN],
        "has_more": len(newest) > REVERSALS_SHOWN,
        "total_count": len(newest),
        "url": _reversals_url(transfer_id),
    }
