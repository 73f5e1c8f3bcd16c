"""Offers of the programme in the admin: made, agreed to by a second person above the limit, stopped, counted."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from orders.errors import OfferNotYours
from orders.offers.models import ConditionalOffer
from orders.selectors.code_sets import AGAIN
from orders.services.offers import approve_offer
from orders.vouchers.models import Voucher, VoucherSet
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.offers import an_offer
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db
LIST = "/admin/offer/conditionaloffer/"


def office(**person):
    """A browser in which somebody of the staff has signed in."""
    client = Client()
    client.person = PersonFactory(**(person or {"finance": True}))
    client.force_login(client.person)
    return client


def values(**changes):
    today = timezone.now().date()
    fields = {
        "title": "Losar",
        "percent": "10",
        "amount": "",
        "currency": "INR",
        "minimum": "",
        "first_day": str(today),
        "last_day": str(today + timedelta(days=5)),
        "max_money": "5000",
        "max_uses": "",
        "code": "",
        "group": "",
        "place": "",
        "listings": "",
        "form_key": str(uuid.UUID(int=9)),
    }
    return {**fields, **changes}


def make(client, **changes):
    return client.post(f"{LIST}add/", values(**changes), follow=True)


def decide(client, offer, decision, reason=""):
    sent = {"decision": decision, "reason": reason}
    answer = client.post(f"{LIST}{offer.pk}/decide/", sent, follow=True)
    offer.refresh_from_db()
    return answer.content.decode()


def test_an_offer_below_the_limit_is_open_at_once_and_made_once():
    finance = office()
    group, category = VendorFactory(), CategoryFactory()
    listing = a_listing(vendor=group)

    for _time in range(2):
        make(
            finance,
            group=group.code,
            place=group.home_region.code,
            categories=[category.pk],
            listings=str(listing.pk),
            code="losar-26",
            max_uses="3",
            is_once="on",
        )

    offer = ConditionalOffer.objects.get()
    goods = offer.condition.range
    assert (offer.title, offer.payer, offer.state, offer.made_by) == ("Losar", None, "open", finance.person)
    assert (goods.vendor, goods.region, list(goods.included_categories.all())) == (
        group,
        group.home_region,
        [category],
    )
    assert list(goods.included_products.all()) == [listing]
    assert (offer.max_global_applications, offer.is_once, offer.vouchers.get().code) == (3, True, "LOSAR-26")
    assert "10 % from the programme" in finance.get(LIST).content.decode()


def test_above_the_limit_a_second_person_agrees():
    first, second = office(), office()
    make(first, max_money="10001")
    offer = ConditionalOffer.objects.get()
    assert offer.state == "proposed"

    refused = decide(first, offer, "approve")
    assert (offer.state, "Somebody else must do this" in refused) == ("proposed", True)
    decide(second, offer, "approve")

    assert (offer.state, offer.approved_by) == ("open", second.person)
    assert [event.to_state for event in offer.events.all()] == ["proposed", "open"]


def test_what_one_person_makes_alone_in_a_day_counts_together():
    finance = office()
    for number, money in enumerate(("6000", "4000", "1")):
        make(finance, max_money=money, form_key=str(uuid.UUID(int=number)))

    states = ConditionalOffer.objects.order_by("pk").values_list("state", flat=True)

    assert list(states) == ["open", "open", "proposed"]


def test_nobody_gives_the_programmes_money_to_the_own_group():
    group = VendorFactory()
    finance, second = office(), office()
    MembershipFactory(vendor=group, user=finance.person)

    page = make(finance, group=group.code).content.decode()

    assert "Somebody else must do this" in page
    assert not ConditionalOffer.objects.exists()
    make(second, group=group.code, max_money="20000")
    with pytest.raises(OfferNotYours):
        approve_offer(ConditionalOffer.objects.get(), actor=finance.person)


def test_nobody_agrees_to_an_offer_for_goods_of_the_own_group():
    group = VendorFactory()
    finance, second = office(), office()
    MembershipFactory(vendor=group, user=finance.person)
    make(second, listings=str(ListingFactory(vendor=group).pk), max_money="20000")

    with pytest.raises(OfferNotYours):
        approve_offer(ConditionalOffer.objects.get(), actor=finance.person)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"percent": "95"}, "between 1 and 90"),
        ({"amount": "5"}, "either a percentage or an amount"),
        ({"max_money": ""}, "required"),
        ({"group": "nobody"}, "No group has this code"),
        ({"place": "nowhere"}, "No place has this code"),
        ({"listings": "1, x"}, "are no listings"),
        ({"is_once": "on"}, "Only an offer with a code"),
        ({"last_day": "2020-01-01"}, "before the first"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(changes, words):
    page = make(office(), **changes).content.decode()

    assert words in page
    assert not ConditionalOffer.objects.exists()


def test_an_offer_is_stopped_with_a_reason_and_never_edited():
    finance = office()
    offer = an_offer()

    assert "Stop" in finance.get(f"{LIST}{offer.pk}/change/").content.decode()
    decide(finance, offer, "stop")
    assert offer.state == "open"
    decide(finance, offer, "stop", reason="wrong goods")

    assert offer.state == "stopped"
    assert offer.events.last().reason == "wrong goods"


@pytest.mark.parametrize(
    "person", [{"officer": True}, {"moderator": True}, {}], ids=["officer", "moderator", "shopper"]
)
def test_nobody_else_makes_or_decides(person):
    client = Client()
    client.force_login(PersonFactory(**person))
    offer = an_offer()

    make(client)
    client.post(f"{LIST}{offer.pk}/decide/", {"decision": "stop", "reason": "no"})

    offer.refresh_from_db()
    assert (ConditionalOffer.objects.count(), offer.state) == (1, "open")


def test_codes_for_one_order_each_are_fetched_once_by_who_makes_offers():
    finance, moderator = office(), office(moderator=True)
    make(finance, code_count="4")
    offer = ConditionalOffer.objects.get()
    page, address = f"{LIST}{offer.pk}/change/", f"{LIST}{offer.pk}/codes.csv"
    Voucher.objects.filter(pk=offer.vouchers.first().pk).update(num_orders=1)
    before = finance.get(page).text

    refused = moderator.post(address)
    answer = finance.post(address)
    VoucherSet.objects.update(fetched_at=timezone.now() - AGAIN)
    again = finance.post(address, follow=True).text

    assert "1 of 4 codes used" in before
    assert address in before
    assert (refused.status_code, finance.get(address).status_code) == (403, 405)
    assert answer.text.split() == ["code", *offer.vouchers.order_by("pk").values_list("code", flat=True)]
    assert "handed out already" in again
    assert address not in again


def test_codes_of_a_group_are_not_handed_out_by_the_office():
    offer = an_offer(payer=VendorFactory(), code_count=2)

    answer = office().post(f"{LIST}{offer.pk}/codes.csv")

    assert answer.status_code == 404
    assert not VoucherSet.objects.exclude(fetched_at=None).exists()
