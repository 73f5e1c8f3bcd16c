"""The group hears what was decided about its listing, once, with the note and a link to the listing."""

import pytest

from catalogue.services import review
from notices.models import Notice
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    return ListingFactory(submitted=True, title="Red rice", vendor__email="khoma@example.org")


@pytest.mark.parametrize(
    ("decide", "kind", "note"),
    [
        (lambda listing, who: review.approve(listing, who), "listing_approved", ""),
        (
            lambda listing, who: review.ask_for_changes(listing, who, "Turn it."),
            "listing_returned",
            "Turn it.",
        ),
        (
            lambda listing, who: review.reject(listing, who, "Not made here."),
            "listing_rejected",
            "Not made here.",
        ),
    ],
    ids=["approved", "returned", "rejected"],
)
def test_a_decision_about_a_listing_is_told_to_its_group_once(listing, decide, kind, note, settings):
    moderator = PersonFactory()

    outcomes = [decide(listing, moderator), decide(listing, moderator)]

    notice = Notice.objects.get()
    assert outcomes == [True, False]
    assert (notice.kind, notice.address) == (kind, "khoma@example.org")
    assert notice.context == {
        "vendor": listing.vendor.name,
        "listing": "Red rice",
        "note": note,
        "link": f"{settings.SITE_URL}/dashboard/listings/{listing.pk}/",
    }


def test_returned_twice_with_the_same_note_is_told_twice(listing):
    for _time in range(2):
        review.ask_for_changes(listing, PersonFactory(), "Turn it.")
        review.submit(listing, PersonFactory())

    assert Notice.objects.filter(kind="listing_returned").count() == 2


def test_what_the_group_does_itself_is_not_told_to_it(listing):
    review.take_back(listing, PersonFactory())
    review.withdraw(listing, PersonFactory())

    assert not Notice.objects.exists()
