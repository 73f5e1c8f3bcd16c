"""Offers that a group gives on its desk: made once, stopped, its own alone, the chair's right."""

import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.lib.dates import today_in
from orders.offers.models import ConditionalOffer
from orders.selectors.code_sets import AGAIN
from orders.vouchers.models import Voucher, VoucherSet
from tests.dashboard.given import member_of
from tests.factories.offers import an_offer
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing
from vendors.models import Membership

pytestmark = pytest.mark.django_db
LIST = "/dashboard/our-group/offers/"


@pytest.fixture
def group():
    return VendorFactory()


@pytest.fixture
def chair(client, group):
    client.force_login(member_of(group))
    return client


def form(**changes):
    # Offers of a group count by the days of its country, which is ahead of UTC.
    today = today_in("BT")
    fields = {
        "title": "Harvest days",
        "percent": "10",
        "first_day": str(today),
        "last_day": str(today),
        "code": "",
        "form_key": str(uuid.UUID(int=7)),
    }
    return {**fields, **changes}


def test_the_chair_gives_an_offer_once_however_often_the_form_is_sent(chair, group):
    listing = a_listing("100.00", vendor=group)

    answers = [chair.post(LIST, form(listings=[listing.pk], code="tea-10")) for _time in range(2)]
    page = chair.get(LIST).content.decode()

    assert reverse("dashboard-offer-list") == LIST
    assert [answer.status_code for answer in answers] == [302, 302]
    offer = ConditionalOffer.objects.get()
    assert (offer.payer, offer.state, offer.currency, offer.vouchers.get().code) == (
        group,
        "open",
        "INR",
        "TEA-10",
    )
    assert list(offer.condition.range.included_products.all()) == [listing]
    assert re.search(r"Harvest days\s*<span class=\"num\">10 %</span>", page)
    assert "TEA-10" in page
    assert "Runs now" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"percent": "91"}, "less than or equal to 90"),
        ({"percent": "x"}, "in figures"),
        ({"title": " "}, "This field is required"),
        ({"last_day": "2020-01-01"}, "before the first"),
        ({"code": "no"}, "5 to 20 letters"),
        ({"code": "TAKEN1"}, "There is an offer with this code"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(chair, group, changes, words):
    an_offer(code="TAKEN1")

    answer = chair.post(LIST, form(**changes))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert ConditionalOffer.objects.count() == 1
    assert 'value="10"' in page or "percent" in changes


def test_another_groups_listing_is_no_choice(chair, group):
    foreign = a_listing("100.00")

    answer = chair.post(LIST, form(listings=[foreign.pk]))

    assert answer.status_code == 200
    assert not ConditionalOffer.objects.exists()


def test_an_offer_is_stopped_once(chair, group):
    offer = an_offer(payer=group)

    answers = [chair.post(reverse("dashboard-offer-stop", args=[offer.pk])) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    offer.refresh_from_db()
    assert offer.state == "stopped"
    assert offer.events.count() == 2


def test_offers_of_others_and_of_the_programme_are_not_found(chair):
    others = [an_offer(payer=VendorFactory(), title="Foreign"), an_offer(title="Programme")]

    answers = [chair.post(reverse("dashboard-offer-stop", args=[offer.pk])).status_code for offer in others]

    assert answers == [404, 404]
    assert "Foreign" not in chair.get(LIST).content.decode()
    assert ConditionalOffer.objects.filter(state="open").count() == 2


@pytest.mark.parametrize("role", [Membership.Role.PACKER, Membership.Role.BOOKKEEPER])
def test_who_is_no_chair_gives_none(client, group, role):
    client.force_login(member_of(group, role))
    offer = an_offer(payer=group)

    assert client.get(LIST).status_code == 404
    assert client.post(LIST, form()).status_code == 404
    assert client.post(reverse("dashboard-offer-stop", args=[offer.pk])).status_code == 404
    assert ConditionalOffer.objects.get().state == "open"


def test_codes_for_one_order_each_are_counted_and_their_file_is_fetched_once(chair, group):
    chair.post(LIST, form(code_count="3"))
    offer = ConditionalOffer.objects.get()
    address = reverse("dashboard-offer-codes", args=[offer.pk])
    Voucher.objects.filter(pk=offer.vouchers.first().pk).update(num_orders=1)

    page = " ".join(chair.get(LIST).text.split())
    answer = chair.post(address)
    VoucherSet.objects.update(fetched_at=timezone.now() - AGAIN)
    again = chair.post(address, follow=True)

    assert "3 codes for one order each, 1 used" in page
    codes = list(offer.vouchers.order_by("pk").values_list("code", flat=True))
    assert answer["Content-Disposition"] == f'attachment; filename="codes-{offer.pk}.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert answer.text == "\r\n".join(["code", *codes, ""])
    assert not any(code in page for code in codes)
    assert "handed out already" in again.text
    assert address not in again.text
    assert chair.get(address).status_code == 405


@pytest.mark.isolation
def test_codes_of_others_are_not_found(chair):
    others = [an_offer(payer=VendorFactory(), code_count=2), an_offer(code_count=2), an_offer(code="HARVEST")]

    statuses = [chair.post(reverse("dashboard-offer-codes", args=[offer.pk])).status_code for offer in others]

    assert statuses == [404, 404, 404]
    assert not VoucherSet.objects.exclude(fetched_at=None).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code_count": "0"}, "greater than or equal to 1"),
        ({"code_count": "many"}, "Write in figures"),
        ({"code_count": "2", "code": "HARVEST"}, "Write one code for all"),
    ],
)
def test_a_number_of_codes_that_cannot_be_is_said(chair, changes, words):
    answer = chair.post(LIST, form(**changes))

    assert words in answer.text
    assert f'value="{changes["code_count"]}"' in answer.text
    assert not ConditionalOffer.objects.exists()
