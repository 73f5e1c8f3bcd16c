"""Who brings money into the books does not send it out again."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import BankReceipt, PaymentAttempt, Refund
from payments.refund_errors import OwnReceipt
from payments.services.refunds_by_hand import record_sent_by_bank
from tests.factories.people import PersonFactory
from tests.support.refunds import paid_order

pytestmark = pytest.mark.django_db


def test_who_entered_or_matched_the_money_does_not_send_it_back(fake_provider):
    _order, attempt = paid_order(fake_provider)
    typist, matcher, somebody = (PersonFactory(finance=True) for _ in range(3))
    refund = Refund.objects.create(
        attempt=attempt,
        key="refund:own",
        amount=Decimal("10.00"),
        currency="INR",
        reason="paid_over",
        state="pending",
        next_try_at=timezone.now(),
    )
    PaymentAttempt.objects.filter(pk=attempt.pk).update(provider="bank_transfer")
    BankReceipt.objects.create(
        reference="J1",
        received_on=timezone.localdate(),
        amount=attempt.amount,
        currency="INR",
        state="matched",
        attempt=attempt,
        entered_by=typist,
        matched_by=matcher,
    )

    for officer in (typist, matcher):
        with pytest.raises(OwnReceipt):
            record_sent_by_bank(refund, "J2", actor=officer)

    assert Refund.objects.get(pk=refund.pk).state == "pending"
    assert record_sent_by_bank(refund, "J2", actor=somebody)
