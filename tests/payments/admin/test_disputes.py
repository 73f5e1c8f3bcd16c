"""Disputes in the admin: the next to answer first, named by lines, closed ones only to read."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from payments.models import Dispute
from payments.selectors.balances import vendor_balance
from payments.services.disputes import look_at_dispute
from tests.factories.people import PersonFactory
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def disputed(fake_provider):
    """An order of two groups, 310.00 each, of which a bank asks 100.00 back."""
    order, attempt = paid_order(fake_provider, (a_listing(), 1), (a_listing(), 1))
    look_at_dispute("stripe", fake_provider.open_dispute(attempt.payment_intent_id, D("100.00")).id)
    return order, Dispute.objects.get()


@pytest.fixture
def finance(client):
    """A browser in which a finance officer has signed in."""
    client.force_login(PersonFactory(finance=True))
    return client


def name_page(dispute):
    return reverse("admin:payments_dispute_name", args=[dispute.pk])


def sent(text, **changes):
    token = re.search(r'name="token" value="([^"]+)"', text)[1]
    return {"remark": "The buyer's letter", "token": token, **changes}


def test_the_list_shows_age_and_the_day_to_answer_by_and_open_ones_come_first(
    finance, disputed, fake_provider
):
    order, dispute = disputed
    Dispute.objects.create(
        attempt=dispute.attempt,
        provider_id="dp_old",
        amount=D("1.00"),
        currency="INR",
        state="won",
        closed_at=dispute.opened_at,
    )

    text = finance.get(reverse("admin:payments_dispute_changelist")).content.decode()

    assert re.findall(r'field-state">([^<]+)<', text) == ["open", "won"]
    for words in (order.number, "₹100.00", "needs_response", "fraudulent", "0\xa0minutes"):
        assert words in text


def test_an_officer_says_what_it_is_about(finance, disputed):
    order, dispute = disputed
    first, second = parts_of(order)
    line = f"line_{first.lines.get().pk}"
    shown = finance.get(reverse("admin:payments_dispute_change", args=[dispute.pk])).content.decode()
    form = finance.get(name_page(dispute)).content.decode()

    looked = finance.post(name_page(dispute), sent(form, **{line: 1}))
    confirmed = finance.post(name_page(dispute), sent(form, **{line: 1}, confirm="yes", shown="250.00"))

    assert name_page(dispute) in shown
    assert "₹250.00" in looked.content.decode()
    assert confirmed.status_code == 302
    assert [(item.vendor_order, item.amount) for item in dispute.items.all()] == [(first, D("100.00"))]
    assert vendor_balance(second.vendor, "INR").held == 0


def test_a_closed_dispute_is_only_read(finance, disputed, fake_provider):
    _order, dispute = disputed
    fake_provider.close_dispute(dispute.provider_id, won=True)
    look_at_dispute("stripe", dispute.provider_id)

    page = finance.get(reverse("admin:payments_dispute_change", args=[dispute.pk])).content.decode()

    assert name_page(dispute) not in page
    assert finance.get(name_page(dispute)).status_code == 404


@pytest.mark.parametrize("trait", ["moderator", "officer", "staff"])
def test_other_staff_see_no_disputes(disputed, trait):
    _order, dispute = disputed
    client = Client()
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {
        client.get(address).status_code
        for address in (
            reverse("admin:payments_dispute_changelist"),
            reverse("admin:payments_dispute_change", args=[dispute.pk]),
            name_page(dispute),
        )
    }

    assert statuses == {403}
    assert client.post(name_page(dispute), {}).status_code == 403
