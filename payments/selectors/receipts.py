"""What a bank receipt may pay for, and what has come for a transfer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.domain.numbers import RANDOM_CHARACTERS, read_order_number
from payments.models import BankReceipt, PaymentAttempt

MOST_SHOWN = 5
MOST_READ = 200
_LENGTH = RANDOM_CHARACTERS + 1
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Suggestion:
    """A transfer that a receipt may be. missing: what it still waits for, in its currency. why: in words."""

    attempt: PaymentAttempt
    missing: Decimal
    why: Sequence[str | Promise]
    score: int


def suggestions(receipt: BankReceipt) -> list[Suggestion]:
    """Transfers that a receipt may be, the likeliest first, at most five; two queries."""
    numbers = order_numbers_in(receipt.note)
    likely = _transfers().filter(
        Q(currency=receipt.currency),
        Q(order__number__in=numbers)
        | Q(buyer_reference=receipt.reference)
        | Q(state__in=PaymentAttempt.OPEN_STATES)
        & (Q(amount=receipt.amount) | Q(receipts__state=BankReceipt.State.MATCHED)),
    )
    rows = list(likely.distinct()[:MOST_READ])
    named = {attempt.order_id for attempt in rows if attempt.buyer_reference == receipt.reference}
    found = [_judged(receipt, attempt, numbers, is_contested=len(named) > 1) for attempt in rows]
    found = [each for each in found if each.why]
    return sorted(found, key=lambda each: (-each.score, -each.attempt.pk))[:MOST_SHOWN]


def transfers_of(order_number: str) -> QuerySet[PaymentAttempt]:
    """Transfers of the order with this number, the newest first."""
    return _transfers().filter(order__number=order_number)


def other_orders_with(journal_number: str, order_pk: int) -> QuerySet[PaymentAttempt]:
    """Transfers of other orders whose buyers wrote the same journal number."""
    return _transfers().filter(buyer_reference=journal_number).exclude(order=order_pk)


def order_numbers_in(text: str) -> list[str]:
    """Order numbers inside what a payer wrote, however it is spaced; those with a wrong check character are left out."""
    words = re.split(r"[^A-Za-z0-9 -]", text)
    found = []
    for word in words:
        signs = re.sub(r"[^A-Za-z0-9]", "", word)
        for start in range(len(signs) - _LENGTH + 1):
            number = read_order_number(signs[start : start + _LENGTH])
            if number:
                found.append(number)
    return found


def _transfers() -> QuerySet[PaymentAttempt]:
    matched = Sum("receipts__amount", filter=Q(receipts__state=BankReceipt.State.MATCHED))
    rows = PaymentAttempt.objects.filter(provider=PaymentAttempt.Provider.BANK_TRANSFER)
    return rows.select_related("order").annotate(matched=Coalesce(matched, ZERO)).order_by("-pk")


def _judged(
    receipt: BankReceipt, attempt: PaymentAttempt, numbers: Sequence[str], *, is_contested: bool
) -> Suggestion:
    matched: Decimal = attempt.matched  # type: ignore[attr-defined]  # annotated by _transfers
    missing = max(attempt.amount - matched, ZERO)
    reasons: list[tuple[bool, int, str | Promise]] = [
        (attempt.order.number in numbers, 8, _("order number in what the payer wrote")),
        (attempt.buyer_reference == receipt.reference, 8, _("journal number as the buyer wrote it")),
        (missing == receipt.amount, 4, _("exactly what is missing")),
    ]
    why = [(points, words) for holds, points, words in reasons if holds]
    days = (receipt.received_on - attempt.created_at.date()).days
    if why and 0 <= days <= (attempt.expires_at - attempt.created_at).days + 1:
        why.append((1, _("came in time")))
    if is_contested and attempt.buyer_reference == receipt.reference:
        why.append((0, _("careful: another buyer wrote this number too")))
    return Suggestion(attempt, missing, [words for _points, words in why], sum(points for points, _w in why))
