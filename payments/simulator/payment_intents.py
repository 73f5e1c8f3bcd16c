"""Payment intents: the whole story of one payment, from the first try to the money."""

from __future__ import annotations

from payments.simulator import charges
from payments.simulator.cards import Card
from payments.simulator.events import emit
from payments.simulator.lists import page
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World


def create(world: World, session: JsonObject, plan: JsonObject) -> JsonObject:
    """Open the intent of a session at its first try; inside a transaction only.

    plan: the session's payment_intent_data.
    """
    intent = {
        **world.contract.blank("payment_intent"),
        "id": new_id("pi_"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": {"enabled": True},
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": world.clock.now(),
        "currency": session["currency"],
        "description": plan.get("description"),
        "livemode": False,
        "metadata": plan.get("metadata", {}),
        "payment_method_types": ["card"],
        "receipt_email": plan.get("receipt_email"),
        "status": "requires_payment_method",
        "transfer_group": plan.get("transfer_group"),
    }
    world.store.put("payment_intent", intent)
    emit(world, "payment_intent.created", intent)
    return intent


def succeed(world: World, intent_id: str, card: Card, email: str | None) -> JsonObject:
    """Take the money; inside a transaction only."""
    intent = _with_card(world, intent_id)
    charge = charges.create(world, intent, card, is_paid=True, email=email)
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
        next_action=None,
    )
    world.store.put("payment_intent", intent)
    emit(world, "payment_intent.succeeded", intent)
    return intent


def refuse(world: World, intent_id: str, card: Card, email: str | None) -> JsonObject:
    """Record that the card or its bank said no; another try may follow. Inside a transaction only."""
    intent = _with_card(world, intent_id)
    error = {"type": "card_error", "code": card.code, "message": card.message}
    if card.behaviour == "declined":
        charge = charges.create(world, intent, card, is_paid=False, email=email)
        error.update(charge=charge["id"], decline_code=card.decline_code)
        intent["latest_charge"] = charge["id"]
    intent.update(
        status="requires_payment_method", last_payment_error=error, next_action=None, payment_method=None
    )
    world.store.put("payment_intent", intent)
    emit(world, "payment_intent.payment_failed", intent)
    return intent


def challenge(world: World, intent_id: str, challenge_url: str) -> JsonObject:
    """Wait for the buyer to confirm with the bank; inside a transaction only."""
    intent = _with_card(world, intent_id)
    intent.update(
        status="requires_action",
        last_payment_error=None,
        next_action={
            "type": "redirect_to_url",
            "redirect_to_url": {"url": challenge_url, "return_url": None},
        },
    )
    world.store.put("payment_intent", intent)
    emit(world, "payment_intent.requires_action", intent)
    return intent


def cancel(world: World, intent_id: str) -> JsonObject:
    """Close the intent of a session that expired; inside a transaction only."""
    intent = world.required("payment_intent", intent_id)
    intent.update(
        status="canceled",
        canceled_at=world.clock.now(),
        cancellation_reason="automatic",
        next_action=None,
    )
    world.store.put("payment_intent", intent)
    emit(world, "payment_intent.canceled", intent)
    return intent


def retrieve(world: World, intent_id: str) -> JsonObject:
    """One payment intent."""
    return world.required("payment_intent", intent_id, "intent")


def list_intents(world: World, params: JsonObject) -> JsonObject:
    """Payment intents newest first, by time."""
    return page(world, "payment_intent", params, url="/v1/payment_intents")


def _with_card(world: World, intent_id: str) -> JsonObject:
    intent = world.required("payment_intent", intent_id)
    intent["payment_method"] = new_id("pm_")
    return intent
