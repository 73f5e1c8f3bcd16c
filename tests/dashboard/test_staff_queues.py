"""Front page of the staff: everybody sees the queues that are theirs, with number and age."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from dashboard.staff_queues import queues
from payments.models import ProviderEvent
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from vendors.models import Partner

pytestmark = pytest.mark.django_db

LISTS = {
    "moderator": [
        "Groups that have applied",
        "Certificates to verify",
        "Listings to review",
        "Changes of listings to review",
        "Returns to decide",
        "Notices that did not arrive",
    ],
    "finance": [
        "Provider events given up",
        "Refunds that failed",
        "Refunds for a second person",
        "Refunds made elsewhere, to be explained",
        "Disputes to answer",
        "Bank receipts to match",
        "Bank receipts for a second person",
        "Payout batches to approve",
        "Payout batches at the bank",
        "Payments without an answer",
    ],
    "officer": ["Certificates to verify"],
    "staff": [],
}


@pytest.mark.parametrize("trait", LISTS)
def test_everybody_sees_the_own_queues(client, trait):
    client.force_login(PersonFactory(**{trait: True}))

    page = client.get(reverse("admin:index"))

    text = page.content.decode()
    known = dict.fromkeys(words for lists in LISTS.values() for words in lists)
    shown = [words for words in known if words in text]
    assert page.status_code == 200
    assert shown == LISTS[trait]


def test_queue_says_how_many_wait_and_since_when():
    oldest = timezone.now() - timedelta(days=3)
    Partner.objects.filter(pk=VendorFactory(applied=True).pk).update(submitted_at=oldest)
    VendorFactory(applied=True)
    VendorFactory()
    submitted = ListingFactory(submitted=True)
    SizeFactory(parent=submitted)
    ListingFactory()

    groups, _certificates, listings, _changes, _returns, _notices = queues(PersonFactory(moderator=True))

    assert (groups.count, groups.since) == (2, oldest)
    assert (listings.count, listings.since) == (1, submitted.submitted_at)


def test_queue_leads_to_its_rows(client):
    for event_id, state in (("evt_dead", "dead"), ("evt_done", "handled")):
        ProviderEvent.objects.create(
            provider="stripe",
            event_id=event_id,
            kind="checkout.session.completed",
            occurred_at=timezone.now(),
            next_try_at=timezone.now(),
            state=state,
        )
    finance = PersonFactory(finance=True)
    client.force_login(finance)
    found = queues(finance)

    pages = [client.get(queue.url) for queue in found]

    assert [queue.count for queue in found] == [1, *[0] * 9]
    assert [page.status_code for page in pages] == [200] * 10
    assert "evt_dead" in pages[0].content.decode()
    assert "evt_done" not in pages[0].content.decode()


@pytest.mark.parametrize("trait", ["moderator", "finance"])
def test_front_page_takes_one_query_for_each_queue(trait, django_assert_num_queries):
    person = PersonFactory(**{trait: True})
    # The rights are read once: two queries.
    with django_assert_num_queries(2 + len(LISTS[trait])):
        queues(person)
