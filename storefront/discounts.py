"""What offers take off, as rows of sums: who gives it, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from orders.models import OrderDiscount
from orders.offers.models import ConditionalOffer
from orders.selectors.baskets import BasketView, GroupDiscount
from orders.selectors.offers import CodeState, benefit_words, discount_words, giver_words
from storefront.problems import Problem

_SALT = "checkout.offers"


@dataclass(frozen=True)
class DiscountRow:
    """One offer. title: as its giver called it; words: what it is and who gives it. amount: below zero, in currency."""

    title: str
    words: str
    amount: Decimal
    currency: str


@dataclass(frozen=True)
class CodeBox:
    """The field for a code, and the codes given already. at: the page it stands on. typed, error: what was refused, and why."""

    at: str
    codes: tuple[CodeState, ...]
    typed: str = ""
    error: str = ""


def group_rows(discounts: Iterable[GroupDiscount]) -> list[DiscountRow]:
    """What offers take off the goods of one group."""
    return [_row(each.offer, each.amount) for each in discounts]


def basket_rows(view: BasketView) -> list[DiscountRow]:
    """What each offer takes off a whole basket."""
    return [_row(each.offer, each.amount) for each in view.offers.discounts]


def order_rows(discounts: Iterable[OrderDiscount], currency: str) -> list[DiscountRow]:
    """What each offer took off an order, read with payer; as it was when the order was placed."""
    return [DiscountRow(each.offer_name, discount_words(each), -each.amount, currency) for each in discounts]


def code_box(view: BasketView, at: str, refused: tuple[str, str] = ("", "")) -> CodeBox:
    """The field for a code on a page. refused: what was typed and why it is not taken."""
    return CodeBox(at, tuple(view.offers.codes), *refused)


def code_problems(refused: tuple[str, str]) -> list[Problem]:
    """What is wrong about the code of such a field, for the summary of its page."""
    return [Problem(refused[1], "id_code", _("Code of an offer"))] if refused[1] else []


def sign_shown(view: BasketView) -> str:
    """The offers of a page that shows a total, to come back with its form."""
    shown = [(each.offer.title, each.offer.pk, str(each.amount)) for each in view.offers.discounts]
    return signing.dumps(shown, salt=_SALT)


def read_shown(signed: str) -> list[tuple[str, int, Decimal]]:
    """The offers that the page showed; none for a text that somebody changed, whose total fits nothing then."""
    try:
        rows: list[Any] = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return []
    return [(title, pk, Decimal(amount)) for title, pk, amount in rows]


def _row(offer: ConditionalOffer, amount: Decimal) -> DiscountRow:
    return DiscountRow(offer.title, giver_words(benefit_words(offer), offer.payer), -amount, offer.currency)
