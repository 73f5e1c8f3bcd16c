"""An account at Stripe: begun from the page, come back from, with what stands in the way."""

import pytest
from django.urls import reverse

from payments.models import PayoutAccount
from tests.dashboard.given import member_of
from tests.factories.vendors import VendorFactory
from tests.support.sale import fake_provider

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db
PAGE, BEGIN = "dashboard-stripe", "dashboard-stripe-begin"


@pytest.fixture
def group():
    return VendorFactory()


@pytest.fixture
def desk(client, group):
    client.force_login(member_of(group))
    return client


def test_begun_twice_opens_one_account_and_leads_to_stripe(desk, group, fake_provider):
    for _ in range(2):
        answer = desk.post(reverse(BEGIN))
        assert answer.status_code == 302
        assert answer.url.startswith("https://")

    account = PayoutAccount.objects.get()
    assert (account.vendor, account.rail, account.restriction != "") == (group, "stripe_transfer", True)
    assert "Stripe does not pay to it yet." in desk.get(reverse(PAGE)).content.decode()


def test_coming_back_asks_stripe_and_believes_no_address(desk, group, fake_provider):
    desk.post(reverse(BEGIN))
    back = reverse(PAGE) + "?from=stripe"
    assert "does not pay to it yet" in desk.get(back, follow=True).content.decode()

    fake_provider.onboard(PayoutAccount.objects.get().stripe_account_id)

    assert "Stripe may pay to it." in desk.get(back, follow=True).content.decode()


def test_coming_back_without_having_begun_shows_the_beginning(desk, fake_provider):
    page = desk.get(reverse(PAGE) + "?from=stripe").content.decode()

    assert "Go to Stripe" in page
    assert not PayoutAccount.objects.exists()


def test_stripe_that_does_not_answer_is_said_and_nothing_is_noted(desk):
    # Nobody listens at the address of the tests' provider.
    page = desk.post(reverse(BEGIN), follow=True).content.decode()

    assert "does not answer just now" in page
    assert not PayoutAccount.objects.exists()


def test_packer_does_not_open_accounts(client, group):
    client.force_login(member_of(group, "packer"))

    assert client.get(reverse(PAGE)).status_code == 404
    assert client.post(reverse(BEGIN)).status_code == 404
