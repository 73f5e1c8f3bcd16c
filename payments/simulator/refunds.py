"""Refunds: money given back, never more than came in."""

from __future__ import annotations

from payments.simulator import balance, disputes
from payments.simulator.errors import ApiError
from payments.simulator.events import emit
from payments.simulator.lists import asked, page
from payments.simulator.metadata import apply_metadata, checked_metadata
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

UPDATED = ("refund.updated", "charge.refund.updated")


def create(world: World, params: JsonObject) -> JsonObject:
    """Refund part or all of what is left of a charge, at once or, while refunds are slow, some time later.

    Raises ApiError (400) for more than that, or for a charge that its buyer disputes.
    """
    charge = _charge(world, params)
    disputes.require_undisputed(world, charge["id"])
    if params.get("reverse_transfer") or params.get("refund_application_fee"):
        raise ApiError(400, f"Charge {charge['id']} has no transfer of its own to take back.", param="charge")
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["refunded"]:
        message = f"Charge {charge['id']} has already been refunded."
        raise ApiError(400, message, code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise ApiError(400, "Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise ApiError(400, message, param="amount")
    refund = {
        **world.contract.blank("refund"),
        "id": new_id("re_"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": world.clock.now(),
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": checked_metadata(params.get("metadata") or {}),
        "payment_intent": charge["payment_intent"],
        "reason": params.get("reason"),
        "status": "pending" if world.are_refunds_slow else "succeeded",
        "pending_reason": "processing" if world.are_refunds_slow else None,
    }
    # The money leaves our balance now, whenever it arrives.
    balance.book(world, refund, _movement(refund, "refund", -amount))
    _change_refunded(world, charge, amount)
    emit(world, "refund.created", refund)
    return refund


def fail(world: World, refund_id: str, reason: str) -> JsonObject:
    """Let a refund fail after all, as a bank may days later: the money is back in the balance.

    Raises ApiError (400) for a refund that has failed already.
    """
    refund = world.required("refund", refund_id)
    if refund["status"] == "failed":
        raise ApiError(400, f"Refund {refund_id} has already failed.")
    before = {"status": refund["status"]}
    refund.update(status="failed", failure_reason=reason, pending_reason=None)
    balance.book(
        world,
        refund,
        _movement(refund, "refund_failure", refund["amount"]),
        to="failure_balance_transaction",
    )
    charge = world.required("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    world.store.put("charge", charge)
    for event_type in UPDATED:
        emit(world, event_type, refund, before)
    emit(world, "refund.failed", refund)
    return refund


def arrive(world: World, refund_id: str) -> JsonObject:
    """Let a pending refund reach the buyer. Raises ApiError (400) for one that is not pending."""
    refund = world.required("refund", refund_id)
    if refund["status"] != "pending":
        raise ApiError(400, f"Refund {refund_id} is {refund['status']}, not pending.")
    refund.update(status="succeeded", pending_reason=None)
    world.store.put("refund", refund)
    for event_type in UPDATED:
        emit(world, event_type, refund, {"status": "pending"})
    return refund


def update(world: World, refund_id: str, params: JsonObject) -> JsonObject:
    """Change the metadata of a refund."""
    refund = retrieve(world, refund_id)
    before = apply_metadata(refund, params)
    world.store.put("refund", refund)
    if before:
        for event_type in UPDATED:
            emit(world, event_type, refund, before)
    return refund


def retrieve(world: World, refund_id: str) -> JsonObject:
    """One refund."""
    return world.required("refund", refund_id, "refund")


def list_refunds(world: World, params: JsonObject) -> JsonObject:
    """Refunds newest first, by charge, payment intent and time."""
    wanted = asked(params, charge="charge", payment_intent="payment_intent")
    return page(world, "refund", params, url="/v1/refunds", wanted=wanted)


def of_charge(world: World, charge_id: str) -> JsonObject:
    """The refunds of one charge, as a charge's `refunds` shows them."""
    return page(world, "refund", {}, url=f"/v1/charges/{charge_id}/refunds", wanted={"charge": charge_id})


def _movement(refund: JsonObject, kind: str, amount: int) -> balance.Movement:
    # What goes back comes out of what has come in, which need not be available yet.
    return balance.Movement(amount, refund["currency"], type=kind, source=refund["id"])


def _charge(world: World, params: JsonObject) -> JsonObject:
    if "charge" in params:
        charge = world.required("charge", params["charge"], "charge")
    elif "payment_intent" in params:
        intent = world.required("payment_intent", params["payment_intent"], "payment_intent")
        if intent["status"] != "succeeded":
            message = "This PaymentIntent does not have a successful charge to refund."
            raise ApiError(400, message, param="payment_intent")
        charge = world.required("charge", intent["latest_charge"])
    else:
        raise ApiError(400, "One of the following params should be provided: payment_intent or charge.")
    if not charge["paid"]:
        raise ApiError(400, f"Charge {charge['id']} has not been paid.", param="charge")
    return charge


def _change_refunded(world: World, charge: JsonObject, amount: int) -> None:
    before = {"amount_refunded": charge["amount_refunded"]}
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    world.store.put("charge", charge)
    emit(world, "charge.refunded", charge, before)
