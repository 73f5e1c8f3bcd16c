"""Charges: one try to take money from a card."""

from __future__ import annotations

from payments.simulator import balance
from payments.simulator.cards import Card
from payments.simulator.events import emit
from payments.simulator.lists import asked, page
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World


def create(world: World, intent: JsonObject, card: Card, *, is_paid: bool, email: str | None) -> JsonObject:
    """Take the intent's amount, or record the card's refusal; inside a transaction only."""
    amount = intent["amount"]
    charge = {
        **world.contract.blank("charge"),
        "id": new_id("ch_"),
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if is_paid else 0,
        "amount_refunded": 0,
        "billing_details": {"address": None, "email": email, "name": None, "phone": None, "tax_id": None},
        "captured": is_paid,
        "created": world.clock.now(),
        "currency": intent["currency"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": None if is_paid else card.code,
        "failure_message": None if is_paid else card.message,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": _outcome(card, is_paid=is_paid),
        "paid": is_paid,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": _method(card, amount),
        "refunded": False,
        "status": "succeeded" if is_paid else "failed",
        "transfer_group": intent["transfer_group"],
    }
    world.store.put("charge", charge)
    emit(world, "charge.succeeded" if is_paid else "charge.failed", charge)
    if is_paid:
        balance.book(world, charge, _movement(charge), told_as="charge.updated")
    return charge


def _movement(charge: JsonObject) -> balance.Movement:
    amount, currency = charge["amount_captured"], charge["currency"]
    return balance.Movement(
        amount,
        currency,
        type="charge",
        source=charge["id"],
        description=charge["description"],
        fees=balance.fees_of_charge(amount, currency),
    )


def retrieve(world: World, charge_id: str) -> JsonObject:
    """One charge."""
    return world.required("charge", charge_id, "charge")


def list_charges(world: World, params: JsonObject) -> JsonObject:
    """Charges newest first, by payment intent, transfer group and time."""
    wanted = asked(params, payment_intent="payment_intent", transfer_group="transfer_group")
    return page(world, "charge", params, url="/v1/charges", wanted=wanted)


def _outcome(card: Card, *, is_paid: bool) -> JsonObject:
    if is_paid:
        return {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        "network_status": "declined_by_network",
        "reason": card.decline_code or card.code,
        "risk_level": "normal",
        "seller_message": "The bank refused the payment.",
        "type": "issuer_declined",
    }


def _method(card: Card, amount: int) -> JsonObject:
    return {
        "type": "card",
        "card": {
            "amount_authorized": amount,
            "brand": "visa",
            "country": "IN",
            "exp_month": 12,
            "exp_year": 2040,
            "funding": "credit",
            "last4": card.last4,
            "network": "visa",
        },
    }
