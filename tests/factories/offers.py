"""Offers, made by the service as people make them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from orders.offers.models import ConditionalOffer
from orders.services.offers import OfferTerms, approve_offer, make_offer
from tests.factories.people import PersonFactory


def an_offer(**changes: Any) -> ConditionalOffer:
    """Ten percent of everything, given by the programme, open; pass payer for a group's own."""
    today = timezone.now().date()
    fields: dict[str, Any] = {
        "title": "Harvest days",
        "payer": None,
        "currency": "INR",
        "first_day": today - timedelta(days=2),
        "last_day": today + timedelta(days=30),
        "percent": None if "amount" in changes else Decimal(10),
        "max_money": None if changes.get("payer") else Decimal(100_000),
    }
    offer = make_offer(OfferTerms(**{**fields, **changes}), actor=PersonFactory())
    if offer.state == ConditionalOffer.State.PROPOSED:
        approve_offer(offer, actor=PersonFactory())
    offer.refresh_from_db()
    return offer
