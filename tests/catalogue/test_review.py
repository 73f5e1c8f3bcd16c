"""Review: nothing is seen or bought before it is approved."""

import pytest

from catalogue.errors import ListingIncomplete, VendorNotApproved
from catalogue.models import ListingEvent, Product
from catalogue.policies import can_review, can_work_on
from catalogue.services import review
from marketplace.lib.states import IllegalTransition
from tests.factories.catalogue import ListingFactory, PhotoFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.errors import ReasonMissing

pytestmark = pytest.mark.django_db
State = Product.State


def assert_untouched(listing, state):
    listing.refresh_from_db()
    assert (listing.state, listing.is_public) == (state, state == State.LIVE)
    assert not ListingEvent.objects.exists()


def test_from_draft_to_sale():
    listing, member, moderator = ListingFactory(draft=True), PersonFactory(), PersonFactory()
    PhotoFactory(product=listing)

    assert review.submit(listing, member)
    assert not Product.objects.live().exists()
    assert review.approve(listing, moderator)

    assert Product.objects.live().get() == listing
    listing.refresh_from_db()
    assert (listing.is_public, listing.published_at is None, listing.submitted_at is None) == (
        True,
        False,
        False,
    )
    assert list(listing.events.values_list("to_state", "actor")) == [
        ("submitted", member.pk),
        ("live", moderator.pk),
    ]


def test_sizes_go_on_sale_and_off_with_their_listing():
    size = SizeFactory(parent__submitted=True)
    listing = size.parent

    review.approve(listing, None)
    size.refresh_from_db()
    assert (size.state, size.is_public, size.published_at) == ("live", True, listing.published_at)

    review.withdraw(listing, None)
    size.refresh_from_db()
    assert (size.state, size.is_public) == ("withdrawn", False)
    assert not Product.objects.live().exists()


def test_approving_twice_is_one_decision():
    listing = ListingFactory(submitted=True)
    review.approve(listing, None)
    since = listing.published_at

    assert not review.approve(listing, None)

    listing.refresh_from_db()
    assert listing.published_at == since
    assert ListingEvent.objects.count() == 1


def test_coming_back_keeps_the_day_it_was_first_on_sale():
    listing = ListingFactory(submitted=True)
    review.approve(listing, None)
    since = listing.published_at

    review.withdraw(listing, None)
    review.submit(listing, None)
    review.approve(listing, None)

    listing.refresh_from_db()
    assert listing.published_at == since


def test_gaps_are_named():
    listing = ListingFactory(draft=True, title=" ", stock=None)

    with pytest.raises(ListingIncomplete) as refused:
        review.submit(listing, None)

    assert refused.value.missing == ["photo", "title", "price and stock"]
    assert "photo, title, price and stock" in str(refused.value)
    assert_untouched(listing, State.DRAFT)


def test_incomplete_listing_is_not_approved():
    listing = ListingFactory(submitted=True)
    listing.images.all().delete()

    with pytest.raises(ListingIncomplete):
        review.approve(listing, None)

    assert_untouched(listing, State.SUBMITTED)


@pytest.mark.parametrize("trait", ["applied", "returned", "suspended", "closed"])
def test_listing_of_a_group_that_may_not_sell_is_not_approved(trait):
    listing = ListingFactory(submitted=True, vendor=VendorFactory(**{trait: True}))

    with pytest.raises(VendorNotApproved):
        review.approve(listing, None)

    assert_untouched(listing, State.SUBMITTED)


@pytest.mark.parametrize("trait", ["draft", "returned", "rejected", "withdrawn"])
def test_only_what_was_submitted_is_approved(trait):
    listing = ListingFactory(**{trait: True})

    with pytest.raises(IllegalTransition):
        review.approve(listing, None)

    assert_untouched(listing, trait)


@pytest.mark.parametrize("decide", [review.ask_for_changes, review.reject])
def test_no_without_a_reason_is_refused(decide):
    listing = ListingFactory(submitted=True)

    with pytest.raises(ReasonMissing):
        decide(listing, None, "  ")

    assert_untouched(listing, State.SUBMITTED)


def test_changes_may_be_asked_of_what_is_on_sale_and_it_is_gone_at_once():
    listing = ListingFactory()

    review.ask_for_changes(listing, None, "The weight is not on the label.")

    assert not Product.objects.live().exists()
    assert listing.events.get().reason == "The weight is not on the label."


def test_rejected_is_for_good():
    listing = ListingFactory(submitted=True)
    review.reject(listing, None, "Not made in this place.")

    for again in (review.submit, review.withdraw, review.take_back):
        with pytest.raises((IllegalTransition, ListingIncomplete)):
            again(listing, None)


def test_a_size_is_not_decided_about():
    size = SizeFactory()

    with pytest.raises(ValueError, match="size has no state"):
        review.withdraw(size, None)


def test_who_may_review_and_who_may_write():
    listing = ListingFactory()
    chair = MembershipFactory(vendor=listing.vendor).user
    packer = MembershipFactory(vendor=listing.vendor, role="packer").user
    stranger = MembershipFactory().user
    officer, moderator = PersonFactory(officer=True), PersonFactory(moderator=True)

    everyone = (chair, packer, stranger, officer, moderator)
    assert [can_review(person) for person in everyone] == [False, False, False, False, True]
    assert [can_work_on(person, listing) for person in everyone] == [True, False, False, False, True]
