"""What somebody holds in the queue is not decided on its own page or from a list by anybody else either."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from programme.models import Claim
from programme.services.claims import take
from tests.factories.catalogue import ListingChangeFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import CertificateFactory, VendorFactory

pytestmark = pytest.mark.django_db

WAITING = {
    "group": ("partner_partner", lambda: VendorFactory(applied=True), "return_with_remarks"),
    "certificate": ("partner_certificate", lambda: CertificateFactory(submitted=True), "refuse"),
    "listing": ("catalogue_product", lambda: ListingFactory(submitted=True), "reject"),
    "change": ("catalogue_listingchange", ListingChangeFactory, "reject"),
}


def messages_of(answer):
    return " ".join(str(message) for message in answer.context["messages"])


@pytest.fixture
def other():
    return PersonFactory(moderator=True, name="Pema Lhamo")


@pytest.fixture
def desk(client):
    client.force_login(PersonFactory(moderator=True))
    return client


@pytest.mark.parametrize("kind", WAITING)
def test_page_shows_who_holds_it_and_refuses_the_decision(kind, desk, other):
    page, made, decision = WAITING[kind]
    row = made()
    before = row.state
    take(kind, row.pk, other)
    form = {"decision": decision, "reason": "No.", "version": getattr(row, "version", "")}

    shown = desk.get(reverse(f"admin:{page}_change", args=[row.pk]))
    answer = desk.post(reverse(f"admin:{page}_decide", args=[row.pk]), form, follow=True)

    row.refresh_from_db()
    assert "Pema Lhamo is looking at it, until" in shown.content.decode()
    assert 'id="decision-form"' not in shown.content.decode()
    assert "Pema Lhamo is looking at it" in messages_of(answer)
    assert (row.state, row.events.count()) == (before, 0)
    assert Claim.objects.get().holder == other


def test_list_passes_over_what_somebody_else_holds(desk, other):
    held, free = ListingFactory(submitted=True), ListingFactory(submitted=True)
    take("listing", held.pk, other)
    form = {"action": "reject", "_selected_action": [held.pk, free.pk], "reason": "No."}

    answer = desk.post(reverse("admin:catalogue_product_changelist"), form, follow=True)

    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.state, free.state) == ("submitted", "rejected")
    assert "Pema Lhamo is looking at it" in messages_of(answer)


def test_decision_of_the_holder_is_taken_and_gives_it_back(desk, other):
    row = ListingFactory(submitted=True)
    take("listing", row.pk, other)
    Claim.objects.update(until=timezone.now() - timedelta(seconds=1))

    desk.post(reverse("admin:catalogue_product_decide", args=[row.pk]), {"decision": "approve"})

    row.refresh_from_db()
    assert row.state == "live"
    assert not Claim.objects.exists()


def test_page_leads_to_the_queue_while_it_waits(desk):
    waiting, on_sale = ListingFactory(submitted=True), ListingFactory()

    pages = [desk.get(reverse("admin:catalogue_product_change", args=[row.pk])) for row in (waiting, on_sale)]

    address = reverse("admin:programme_claim_item", args=["listing", waiting.pk])
    assert [page.context.get("queue_url") for page in pages] == [address, ""]
    assert address in pages[0].content.decode()


def test_refused_decision_leaves_nothing_taken(desk):
    row = ListingFactory(submitted=True)

    desk.post(reverse("admin:catalogue_product_decide", args=[row.pk]), {"decision": "reject", "reason": " "})

    assert not Claim.objects.exists()
