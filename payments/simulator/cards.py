"""The test cards and what each of them does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Behaviour = Literal["succeeds", "declined", "challenged"]


@dataclass(frozen=True)
class Card:
    """One test card. code, decline_code and message are Stripe's words for a refusal."""

    number: str
    behaviour: Behaviour
    summary: str
    code: str = ""
    decline_code: str = ""
    message: str = ""

    @property
    def last4(self) -> str:
        """The only part of a number that is kept."""
        return self.number[-4:]

    @property
    def grouped(self) -> str:
        """The number as it is printed on a card."""
        return " ".join(self.number[start : start + 4] for start in range(0, len(self.number), 4))


SUCCEEDS = Card("4242424242424242", "succeeds", "The payment succeeds")
CARDS = (
    SUCCEEDS,
    Card(
        "4000000000000002",
        "declined",
        "The card is declined",
        code="card_declined",
        decline_code="generic_decline",
        message="Your card was declined.",
    ),
    Card(
        "4000000000009995",
        "declined",
        "Declined: too little money on the card",
        code="card_declined",
        decline_code="insufficient_funds",
        message="Your card has insufficient funds.",
    ),
    Card(
        "4000002500003155",
        "challenged",
        "The bank asks for a confirmation first",
        code="payment_intent_authentication_failure",
        message="We are unable to authenticate your payment method."
        " Please choose a different payment method and try again.",
    ),
)


def card_of(number: str) -> Card | None:
    """The test card of a number, spaces and dashes apart; None for any other number."""
    digits = number.replace(" ", "").replace("-", "")
    return next((card for card in CARDS if card.number == digits), None)
