"""Working through what is due: in order, within its time, whatever one row does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.models import Transfer
from payments.services.draining import drain
from payments.services.payouts import plan_payouts
from tests.factories.vendors import VendorFactory
from tests.support.payouts import sold, stripe_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(fake_provider):
    """Three transfers; the last has waited longest, and the second is not due."""
    for part in sold(fake_provider, *(VendorFactory() for _ in range(3))):
        stripe_account(part.vendor, fake_provider)
    plan_payouts(timezone.now())
    rows = list(Transfer.objects.order_by("pk"))
    for row, minutes in zip(rows, (1, -5, 9), strict=True):
        row.next_try_at = timezone.now() - timedelta(minutes=minutes)
        row.save()
    return rows


def test_rows_that_are_due_are_called_the_longest_wait_first(waiting):
    called = []

    answered = drain(Transfer.objects.all(), lambda pk: called.append(pk) or True)

    assert (answered, called) == (2, [waiting[2].pk, waiting[0].pk])


def test_row_that_nobody_foresaw_holds_up_no_other(waiting, caplog):
    def call(pk):
        if pk == waiting[2].pk:
            raise RuntimeError("strange")
        return True

    assert drain(Transfer.objects.all(), call) == 1
    assert "row not drained" in caplog.text


def test_no_call_begins_after_the_time_is_over(waiting):
    called = []

    drain(Transfer.objects.all(), lambda pk: called.append(pk) or True, seconds=-1)

    assert called == []
