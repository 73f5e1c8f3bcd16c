"""What a buyer does on the hosted page: pay by card, confirm with the bank."""

from __future__ import annotations

from payments.simulator import payment_intents, sessions
from payments.simulator.cards import Card, card_of
from payments.simulator.store import JsonObject
from payments.simulator.world import World


def pay(world: World, session_id: str, card: Card) -> JsonObject:
    """Try to pay a session and return it; a session that is complete or expired stays as it is.

    The result is told by the session's status and its payment intent. Against an expiry at the same moment one
    of the two comes first, wholly. Raises ApiError (404) for an unknown session.
    """
    with world.store.transaction():
        session = sessions.retrieve(world, session_id)
        if session["status"] != "open":
            return session
        intent_id = session["payment_intent"] or _open_intent(world, session)
        email = session["customer_email"]
        world.store.put("card_in_use", {"id": session_id, "number": card.number})
        if card.behaviour == "succeeds":
            payment_intents.succeed(world, intent_id, card, email)
            return sessions.complete(world, session_id, email)
        if card.behaviour == "challenged":
            payment_intents.challenge(world, intent_id, f"{session['url']}/challenge")
        else:
            payment_intents.refuse(world, intent_id, card, email)
        return world.required(sessions.KIND, session_id)


def answer_challenge(world: World, session_id: str, *, is_confirmed: bool) -> JsonObject:
    """Confirm a payment with the bank, or fail to; without an open challenge nothing changes."""
    with world.store.transaction():
        session = sessions.retrieve(world, session_id)
        if session["status"] != "open" or not is_challenged(world, session):
            return session
        card = card_of(world.required("card_in_use", session_id)["number"])
        if card is None:
            raise RuntimeError(f"session {session_id} was challenged without a card")
        email = session["customer_email"]
        if is_confirmed:
            payment_intents.succeed(world, session["payment_intent"], card, email)
            return sessions.complete(world, session_id, email)
        payment_intents.refuse(world, session["payment_intent"], card, email)
        return session


def is_challenged(world: World, session: JsonObject) -> bool:
    """Whether the buyer's bank waits for a confirmation."""
    intent = world.store.get("payment_intent", session["payment_intent"] or "")
    return intent is not None and intent["status"] == "requires_action"


def last_refusal(world: World, session: JsonObject) -> str:
    """Why the last try failed, in words for the buyer; empty when it did not."""
    intent = world.store.get("payment_intent", session["payment_intent"] or "") or {}
    return str((intent.get("last_payment_error") or {}).get("message", ""))


def _open_intent(world: World, session: JsonObject) -> str:
    plan = world.required("session_plan", session["id"])["payment_intent_data"]
    intent = payment_intents.create(world, session, plan)
    world.changed(sessions.KIND, session["id"], lambda row: row.update(payment_intent=intent["id"]))
    return str(intent["id"])
