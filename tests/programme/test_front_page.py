"""Front page of the staff: everybody sees the queues that are theirs, with number and age."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from payments.models import ProviderEvent
from programme import front_page
from programme.front_page import queues
from programme.queue import KINDS
from programme.selectors import queue as queue_selectors
from regions.models import Nomination, RegionRole
from regions.services import nomination_decisions
from tests.factories.catalogue import ListingFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.regions.given_nominations import Office
from vendors.models import Partner

pytestmark = pytest.mark.django_db

MODERATION = [capfirst(kind.names) for kind in KINDS.values()]
LISTS = {
    "moderator": [
        *MODERATION,
        "Listings on sale whose certificate is over",
        "Nominations to recommend or approve",
        "Nominations to hand in anew",
        "Returns to decide",
        "Messages to groups, for a second person",
        "Notices that did not arrive",
    ],
    "finance": [
        "Refunds that failed",
        "Refunds for a second person",
        "Refunds made elsewhere, to be explained",
        "Disputes to answer",
        "Bank receipts to match",
        "Bank receipts for a second person",
        "Payout batches to approve",
        "Payout batches at the bank",
        "Debts to write off, for a second person",
        "Offers for a second person",
        "Payments without an answer",
        "Differences to explain",
        "Provider events given up",
    ],
    "officer": ["Certificates", "Nominations to hand in anew"],
    "staff": [],
}


@pytest.mark.parametrize("trait", LISTS)
def test_everybody_sees_the_own_queues(client, trait):
    client.force_login(PersonFactory(**{trait: True}))

    page = client.get(reverse("admin:index"))

    table = page.content.decode().partition('id="queues"')[2].partition("</table>")[0]
    assert page.status_code == 200
    assert re.findall(r"<a href=[^>]+>([^<]+)</a>", table) == LISTS[trait]


def test_queue_says_how_many_wait_and_since_when():
    oldest = timezone.now() - timedelta(days=3)
    Partner.objects.filter(pk=VendorFactory(applied=True).pk).update(submitted_at=oldest)
    VendorFactory(applied=True)
    VendorFactory()
    submitted = ListingFactory(submitted=True)
    SizeFactory(parent=submitted)
    ListingFactory()

    found = {str(queue.words): queue for queue in queues(PersonFactory(moderator=True))}

    groups, listings = found["groups"], found["listings"]
    assert (groups.number, groups.since, groups.over) == ("2", oldest, 1)
    assert (listings.number, listings.since, listings.over) == ("1", submitted.submitted_at, 0)


def test_counts_stop_where_nobody_counts_any_more(monkeypatch):
    monkeypatch.setattr(front_page, "CAP", 2)
    monkeypatch.setattr(queue_selectors, "CAP", 2)
    VendorFactory.create_batch(4, applied=True)

    found = {str(queue.words): queue for queue in queues(PersonFactory(moderator=True))}

    assert found["groups"].number == "2+"


@pytest.mark.isolation
def test_an_officer_sees_the_queues_of_the_own_places(client):
    inside, outside, read = VendorFactory.create_batch(3, applied=True)
    officer = PersonFactory(officer=True, place=False)
    RegionRole.objects.create(person=officer, region=inside.home_region, may_decide=True)
    RegionRole.objects.create(person=officer, region=read.home_region)
    client.force_login(officer)

    found = {str(queue.words): queue for queue in queues(officer)}
    page = client.get(found["groups"].url)

    assert found["groups"].count == 1
    assert inside.name in page.content.decode()
    assert outside.name not in page.content.decode()
    assert [item.pk for item, _url in page.context["items"]] == [inside.pk]


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

    assert [queue.count for queue in found] == [*[0] * 12, 1]
    assert [page.status_code for page in pages] == [200] * 13
    assert "evt_dead" in pages[-1].content.decode()
    assert "evt_done" not in pages[-1].content.decode()


@pytest.mark.parametrize("trait", ["moderator", "finance"])
def test_front_page_takes_one_query_for_each_queue(trait, django_assert_num_queries):
    person = PersonFactory(**{trait: True})
    # The rights are read once, in two queries; what was promised for the kinds of moderation in one, and what is
    # over of certificates in three.
    promised = 3 if trait == "moderator" else 0
    with django_assert_num_queries(2 + promised + len(LISTS[trait])):
        queues(person)


def test_nominations_wait_for_who_decides_and_returned_ones_for_who_proposes():
    office = Office()
    nomination = office.propose()
    handed_in = timezone.now() - timedelta(days=4)
    Nomination.objects.filter(pk=nomination.pk).update(handed_in_at=handed_in)

    def waiting(person):
        return {str(queue.words): (queue.count, queue.since) for queue in queues(person)}

    decide, anew = "Nominations to recommend or approve", "Nominations to hand in anew"
    assert waiting(office.recommender)[decide] == (1, handed_in)
    assert waiting(office.approver)[decide] == (1, handed_in)
    assert decide not in waiting(office.proposer)
    nomination_decisions.send_back(nomination, actor=office.recommender, version=1, remarks="How many?")
    assert waiting(office.recommender)[decide] == (0, None)
    assert waiting(office.proposer)[anew] == (1, handed_in)
