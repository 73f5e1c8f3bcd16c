"""A hundred orders with random refunds while webhooks are lost, doubled and late; `make soak` does a thousand."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Sum

from orders.models import Order
from payments.models import PaymentAttempt, ProviderEvent, Refund
from payments.services.reconciling import reconcile
from tests.support.soak import Soak

ORDERS = 100


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_books_agree_after_the_sweepers_whatever_became_of_a_fifth_of_the_webhooks(
    running_marketplace, settings
):
    settings.STRIPE_API_BASE = running_marketplace.simulator_url
    soak = Soak(running_marketplace.simulator_url)

    soak.run(ORDERS)
    soak.sweep()
    soak.fail_some_refunds(4)
    soak.sweep()
    result = reconcile()

    assert [f"{row.key}: {row.expected} {row.found} {row.detail}" for row in result.open] == []
    assert result.provider_error == ""
    assert soak.counts["orders"] == ORDERS
    assert PaymentAttempt.objects.filter(state="succeeded").count() == soak.counts["paid"]
    assert Order.objects.filter(status=Order.Status.AWAITING_PAYMENT).count() == soak.counts["never paid"]
    assert not ProviderEvent.objects.filter(state__in=("received", "dead")).exists()
    states = Counter(Refund.objects.values_list("state", flat=True))
    assert set(states) <= {"succeeded", "failed"}
    assert states["succeeded"] > ORDERS / 10
    made = soak.objects("refund")
    at_provider = sum(refund["amount"] for refund in made if refund["status"] == "succeeded")
    ours = Refund.objects.filter(state="succeeded").aggregate(total=Sum("amount"))["total"]
    assert ours * 100 == Decimal(at_provider)
