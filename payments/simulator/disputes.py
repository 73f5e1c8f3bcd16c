"""Disputes: a buyer's bank takes a payment back, and gives it to us again or not."""

from __future__ import annotations

from payments.simulator import balance
from payments.simulator.errors import ApiError
from payments.simulator.events import emit
from payments.simulator.lists import asked, page
from payments.simulator.metadata import apply_metadata
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

FEE = {"inr": 100_000}
OTHER_FEE = 1_500
ANSWER_WITHIN_SECONDS = 7 * 24 * 3600
OPEN = ("needs_response", "under_review")
REASONS = frozenset(
    [
        "bank_cannot_process",
        "credit_not_processed",
        "duplicate",
        "fraudulent",
        "general",
        "product_not_received",
        "product_unacceptable",
        "unrecognized",
    ]
)


def open_on_charge(
    world: World, charge_id: str, *, amount: int | None = None, reason: str = "general"
) -> JsonObject:
    """Dispute a charge: its amount and a fee leave our balance. Inside a transaction only.

    amount: minor units; None for all that was not refunded.
    Raises ApiError (400) for more than that, or for a charge with an open or lost dispute; (404) for an unknown one.
    """
    charge = world.required("charge", charge_id, "charge")
    require_undisputed(world, charge_id)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = left if amount is None else amount
    if not 0 < amount <= left:
        raise ApiError(400, f"A dispute of {amount} does not fit a charge with {left} left.", param="amount")
    if reason not in REASONS:
        raise ApiError(400, f"reason is one of {', '.join(sorted(REASONS))}", param="reason")
    dispute = _new(world, charge, amount=amount, reason=reason)
    world.store.put("dispute", dispute)
    world.store.put("charge", {**charge, "disputed": True})
    emit(world, "charge.dispute.created", dispute)
    cost = FEE.get(dispute["currency"], OTHER_FEE)
    fees = [balance.fee(cost, dispute["currency"], "Dispute fee")]
    taken = _movement(world, dispute, -amount, category="dispute", fees=fees)
    return balance.book(
        world, dispute, taken, to="balance_transactions", told_as="charge.dispute.funds_withdrawn"
    )


def close(world: World, dispute_id: str, *, is_won: bool) -> JsonObject:
    """End a dispute: won, its amount comes back but not the fee; lost, nothing does.

    Inside a transaction only. Raises ApiError (400) for one that is closed.
    """
    dispute = retrieve(world, dispute_id)
    if dispute["status"] not in OPEN:
        raise ApiError(400, f"This dispute is already closed: {dispute['status']}.", param="dispute")
    before = {"status": dispute["status"]}
    dispute["status"] = "won" if is_won else "lost"
    dispute["is_charge_refundable"] = is_won
    world.store.put("dispute", dispute)
    if is_won:
        back = _movement(world, dispute, dispute["amount"], category="dispute_reversal")
        balance.book(
            world, dispute, back, to="balance_transactions", told_as="charge.dispute.funds_reinstated"
        )
    emit(world, "charge.dispute.closed", dispute, before)
    return dispute


def accept(world: World, dispute_id: str) -> JsonObject:
    """Give in: the dispute is lost."""
    return close(world, dispute_id, is_won=False)


def update(world: World, dispute_id: str, params: JsonObject) -> JsonObject:
    """Add to metadata or evidence; `submit` hands the evidence to the bank. Raises ApiError (400) once closed."""
    dispute = retrieve(world, dispute_id)
    evidence = params.get("evidence", {})
    if (evidence or "submit" in params) and dispute["status"] not in OPEN:
        raise ApiError(400, f"This dispute is already closed: {dispute['status']}.", param="dispute")
    before = apply_metadata(dispute, params)
    details = dispute["evidence_details"]
    if evidence:
        before["evidence"] = dict(dispute["evidence"])
        dispute["evidence"].update({name: text or None for name, text in evidence.items()})
        details["has_evidence"] = True
    if params.get("submit", bool(evidence)):
        before["status"] = dispute["status"]
        dispute["status"] = "under_review"
        details["submission_count"] += 1
        details["submission_method"] = "manual"
    world.store.put("dispute", dispute)
    if before:
        emit(world, "charge.dispute.updated", dispute, before)
    return dispute


def retrieve(world: World, dispute_id: str) -> JsonObject:
    """One dispute."""
    return world.required("dispute", dispute_id, "dispute")


def list_disputes(world: World, params: JsonObject) -> JsonObject:
    """Disputes newest first, by charge, payment intent and time."""
    wanted = asked(params, charge="charge", payment_intent="payment_intent")
    return page(world, "dispute", params, url="/v1/disputes", wanted=wanted)


def require_undisputed(world: World, charge_id: str) -> None:
    """Refuse, in Stripe's words, what may not be done to a charge with a dispute that is not won."""
    against = world.store.newest_first("dispute", {"charge": charge_id})
    if any(dispute["status"] != "won" for dispute in against):
        message = f"Charge {charge_id} has been charged back; cannot issue a refund."
        raise ApiError(400, message, code="charge_disputed")


def _new(world: World, charge: JsonObject, *, amount: int, reason: str) -> JsonObject:
    now = world.clock.now()
    card = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": None}
    return {
        **world.contract.blank("dispute"),
        "id": new_id("dp_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": now + ANSWER_WITHIN_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": card, "type": "card"},
        "reason": reason,
        "status": "needs_response",
    }


def _movement(
    world: World, dispute: JsonObject, amount: int, *, category: str, fees: list[JsonObject] | None = None
) -> balance.Movement:
    return balance.Movement(
        amount,
        dispute["currency"],
        type="adjustment",
        source=dispute["id"],
        description=f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for {dispute['charge']}",
        category=category,
        fees=fees or [],
        available_on=world.clock.now(),
    )
