"""Decisions about groups."""

import pytest

from catalogue.models import Product
from marketplace.lib.states import IllegalTransition
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from vendors.errors import ReasonMissing
from vendors.models import Partner, VendorEvent
from vendors.services import decisions

pytestmark = pytest.mark.django_db
State = Partner.State
AGAINST = [
    (decisions.return_with_remarks, "applied"),
    (decisions.suspend, None),
    (decisions.close, None),
]


def history(vendor):
    return list(vendor.events.values_list("from_state", "to_state", "reason"))


def test_approved_group_may_sell():
    vendor, moderator = VendorFactory(applied=True), PersonFactory()

    assert decisions.approve(vendor, actor=moderator)

    vendor.refresh_from_db()
    assert vendor.state == State.APPROVED
    assert vendor.approved_at is not None
    assert list(Partner.objects.public()) == [vendor]
    event = vendor.events.get()
    assert (event.from_state, event.to_state, event.actor) == ("applied", "approved", moderator)


def test_approving_twice_is_one_decision():
    vendor = VendorFactory(applied=True)
    decisions.approve(vendor, actor=None)
    first = vendor.approved_at

    assert not decisions.approve(vendor, actor=None)

    vendor.refresh_from_db()
    assert vendor.approved_at == first
    assert VendorEvent.objects.count() == 1


def test_returned_application_comes_again():
    vendor = VendorFactory(applied=True)

    decisions.return_with_remarks(vendor, actor=None, reason=" The licence number is missing. ")
    decisions.submit(vendor, actor=None)
    decisions.approve(vendor, actor=None)

    assert history(vendor) == [
        ("applied", "returned", "The licence number is missing."),
        ("returned", "applied", ""),
        ("applied", "approved", ""),
    ]


def test_suspended_group_sells_nothing_until_it_is_reinstated():
    listing = ListingFactory()

    decisions.suspend(listing.vendor, actor=None, reason="Goods were not as described.")
    assert not Product.objects.live().exists()

    decisions.reinstate(listing.vendor, actor=None)
    assert Product.objects.live().get() == listing


@pytest.mark.parametrize(("decide", "trait"), AGAINST)
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_without_a_reason_is_refused(decide, trait, reason):
    vendor = VendorFactory(**({trait: True} if trait else {}))
    before = vendor.state

    with pytest.raises(ReasonMissing):
        decide(vendor, actor=None, reason=reason)

    vendor.refresh_from_db()
    assert vendor.state == before
    assert not VendorEvent.objects.exists()


@pytest.mark.parametrize(
    ("decide", "trait"),
    [
        (decisions.approve, "suspended"),
        (decisions.approve, "returned"),
        (decisions.approve, "closed"),
        (decisions.reinstate, "applied"),
        (decisions.suspend, "applied"),
        (decisions.return_with_remarks, "suspended"),
        (decisions.submit, "suspended"),
    ],
)
def test_decision_that_does_not_fit_changes_nothing(decide, trait):
    vendor = VendorFactory(**{trait: True})

    with pytest.raises(IllegalTransition):
        decide(vendor, actor=None, reason="because")

    vendor.refresh_from_db()
    assert vendor.state == trait
    assert not VendorEvent.objects.exists()


def test_a_stale_page_decides_about_the_row_as_it_is():
    vendor = VendorFactory(applied=True)
    stale = Partner.objects.get(pk=vendor.pk)
    decisions.return_with_remarks(vendor, actor=None, reason="Please add a phone number.")

    with pytest.raises(IllegalTransition):
        decisions.approve(stale, actor=None)

    vendor.refresh_from_db()
    assert vendor.state == State.RETURNED


def test_closed_is_for_good():
    vendor = VendorFactory()
    decisions.close(vendor, actor=None, reason="The group asked for it.")

    for decide in (decisions.approve, decisions.reinstate, decisions.submit):
        with pytest.raises(IllegalTransition):
            decide(vendor, actor=None)
