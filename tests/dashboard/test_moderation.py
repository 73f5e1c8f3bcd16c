"""From a draft to a sale: a moderator approves the group and its listing in the admin, and only then it is sold."""

import pytest
from django.urls import reverse

from catalogue.models import Product
from orders.basket.models import Line
from tests.dashboard.given import member_of, photo
from tests.factories.catalogue import CategoryFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Photos of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def applicant():
    """A group that has applied."""
    return VendorFactory(applied=True)


@pytest.fixture
def submitted(client, applicant):
    """A listing that the applicant's chair has written and sent to the office."""
    client.force_login(member_of(applicant))
    client.post(
        reverse("dashboard-listing-create"),
        {
            "title": "Cliff honey",
            "price": "540",
            "units": "3",
            "region": applicant.home_region_id,
            "category": CategoryFactory().pk,
            "photos": photo(),
            "do": "send",
        },
    )
    client.logout()
    return Product.objects.get(title="Cliff honey")


def decide(client, row, decision, reason=""):
    model = row._meta
    address = reverse(f"admin:{model.app_label}_{model.model_name}_decide", args=[row.pk])
    return client.post(address, {"decision": decision, "reason": reason}, follow=True)


def can_be_bought(client, listing):
    """Whether a visitor sees the listing, and whether its id can be put into a basket."""
    client.logout()
    seen = client.get(listing.get_absolute_url()).status_code
    client.post(reverse("basket-add"), {"product": listing.pk, "quantity": 1})
    return seen, Line.objects.filter(product=listing).count()


def test_moderator_approves_group_and_listing_and_only_then_it_is_sold(client, applicant, submitted):
    moderator = PersonFactory(moderator=True)
    assert submitted.state == Product.State.SUBMITTED
    assert can_be_bought(client, submitted) == (404, 0)

    client.force_login(moderator)
    too_early = decide(client, submitted, "approve").content.decode()
    submitted.refresh_from_db()
    assert submitted.state == Product.State.SUBMITTED
    assert "The group has not been approved." in too_early

    decide(client, applicant, "approve")
    assert can_be_bought(client, submitted) == (404, 0)

    client.force_login(moderator)
    decide(client, submitted, "approve")
    decide(client, submitted, "approve")
    submitted.refresh_from_db()
    applicant.refresh_from_db()
    assert (applicant.state, submitted.state) == (Partner.State.APPROVED, Product.State.LIVE)
    assert list(submitted.events.values_list("to_state", "actor")) == [
        ("submitted", applicant.memberships.get().user_id),
        ("live", moderator.pk),
    ]
    assert can_be_bought(client, submitted) == (200, 1)


def test_note_of_the_moderator_reaches_the_desk(client, applicant, submitted):
    client.force_login(PersonFactory(moderator=True))
    without_words = decide(client, submitted, "ask_for_changes")
    submitted.refresh_from_db()
    assert submitted.state == Product.State.SUBMITTED
    assert without_words.status_code == 200

    decide(client, submitted, "ask_for_changes", "Please add a photo of the comb.")

    client.force_login(applicant.memberships.get().user)
    (task,) = client.get(reverse("dashboard-home")).context["tasks"]
    assert task.quote == "Please add a photo of the comb."


@pytest.mark.parametrize("trait", ["officer", "finance", "staff"])
def test_other_staff_decide_nothing(client, applicant, submitted, trait):
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {decide(client, row, "approve").status_code for row in (applicant, submitted)}

    applicant.refresh_from_db()
    submitted.refresh_from_db()
    assert statuses == {403}
    assert (applicant.state, submitted.state) == (Partner.State.APPLIED, Product.State.SUBMITTED)


def test_member_approves_nothing(client, applicant, submitted):
    client.force_login(applicant.memberships.get().user)

    answers = [decide(client, row, "approve") for row in (applicant, submitted)]

    applicant.refresh_from_db()
    submitted.refresh_from_db()
    assert [answer.redirect_chain[0][0].startswith(reverse("admin:login")) for answer in answers] == [
        True,
        True,
    ]
    assert (applicant.state, submitted.state) == (Partner.State.APPLIED, Product.State.SUBMITTED)
