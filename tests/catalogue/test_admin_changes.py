"""The queue of changes in the admin: read side by side, decided about once, as it was read."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalogue.models import ListingChange, Product
from catalogue.services.arranging import PhotoEdit
from catalogue.services.changes import Wanted, propose
from tests.factories.catalogue import ListingChangeFactory, ListingFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db
State = ListingChange.State
LIST = reverse("admin:catalogue_listingchange_changelist")


@pytest.fixture
def office(client):
    client.force_login(PersonFactory(moderator=True))
    return client


@pytest.fixture
def listing():
    found = ListingFactory(title="Red rice")
    PhotoFactory(product=found, alt_text="The bag")
    return found


def page_of(change):
    return reverse("admin:catalogue_listingchange_change", args=[change.pk])


def decide(client, change, decision, version=None, **sent):
    address = reverse("admin:catalogue_listingchange_decide", args=[change.pk])
    sent = {"decision": decision, "version": version or change.version, "reason": "", **sent}
    return client.post(address, sent, follow=True)


def words(page):
    return re.sub(r"\s+", " ", page.content.decode())


def test_change_is_read_field_by_field(office, listing, files, photo):
    place = RegionFactory(name="Metsho")
    keep = str(listing.images.get().pk)
    size = {"pk": listing.pk, "label": "", "net_quantity": "500", "net_unit": "g"}
    new = {"pk": None, "label": "Sack", "net_quantity": None, "net_unit": "", "price": "900.00", "units": 2}
    wanted = Wanted(
        {"title": "Red rice of Metsho", "region": place.pk, "sizes": [size, new]},
        photos=PhotoEdit(alts={keep: "The bag and a bowl"}),
        uploads=[photo()],
    )
    change = propose(listing, wanted, None, send=True)

    page = office.get(page_of(change))

    diffs = {diff.name: (diff.old, diff.new) for diff in page.context["diffs"]}
    assert diffs == {
        "photos": ("1 photo", "2 photos"),
        "title": ("Red rice", "Red rice of Metsho"),
        "region": (listing.region.name, "Metsho"),
        "sizes": ("400 g with packing", "500 g\nSack · ₹900 · new size"),
    }
    (shown,) = [diff for diff in page.context["diffs"] if diff.name == "photos"]
    assert [each.mark for each in shown.new_photos] == ["words", "new"]
    assert office.get(shown.new_photos[1].url).status_code == 200


def test_what_waits_longest_is_next(office):
    first, second = ListingChangeFactory(), ListingChangeFactory()
    ListingChangeFactory(state=State.DRAFT, submitted_at=None)

    queue = office.get(LIST)
    page = office.get(page_of(second))

    assert [row.pk for row in queue.context["cl"].result_list] == [first.pk, second.pk]
    assert page_of(first) in words(page)


def test_approved_change_is_on_sale_at_once(office, listing):
    change = ListingChangeFactory(listing=listing)

    decide(office, change, "approve")

    assert Product.objects.get(pk=listing.pk).title == "Another name"
    assert ListingChange.objects.get().state == State.APPROVED


def test_second_moderator_is_told(office, client, listing):
    change = ListingChangeFactory(listing=listing)
    decide(office, change, "approve")

    late = decide(office, change, "reject", reason="Too late.")

    assert "this decision does not fit" in words(late)
    assert ListingChange.objects.get().state == State.APPROVED


def test_change_that_was_edited_meanwhile_is_read_again_first(office, listing):
    change = propose(listing, Wanted({"title": "Rice of Paro"}), None, send=True)
    propose(listing, Wanted({"title": "Miracle rice"}), None, send=True)

    late = decide(office, change, "approve", version=change.version)

    assert "Read it again before deciding." in words(late)
    assert Product.objects.get(pk=listing.pk).title == "Red rice"


def test_version_that_is_none_approves_nothing(office, listing):
    change = ListingChangeFactory(listing=listing)

    for version in ("x", "-1", "9" * 40):
        assert "Read it again" in words(decide(office, change, "approve", version=version))

    assert Product.objects.get(pk=listing.pk).title == "Red rice"


def test_note_names_its_fields(office, listing):
    change = ListingChangeFactory(listing=listing)

    decide(office, change, "ask_for_changes", reason="Which one?", fields=["title", "owner"])

    change.refresh_from_db()
    assert (change.state, change.noted_fields) == (State.RETURNED, ["title"])
    assert change.events.get().reason == "Which one?"


def test_no_without_a_reason_is_refused(office, listing):
    change = ListingChangeFactory(listing=listing)

    for decision in ("ask_for_changes", "reject"):
        decide(office, change, decision)

    change.refresh_from_db()
    assert change.state == State.SUBMITTED


def test_listing_that_moved_is_said_on_the_page(office, listing):
    change = ListingChangeFactory(listing=listing)
    Product.objects.filter(pk=listing.pk).update(title="Washed rice")

    page = office.get(page_of(change))
    answer = decide(office, change, "approve")

    assert "The listing itself has changed here" in words(page)
    assert "Return it to the group" in words(answer)
    assert Product.objects.get(pk=listing.pk).title == "Washed rice"


def test_officer_reads_but_does_not_decide(client, listing):
    change = ListingChangeFactory(listing=listing)
    client.force_login(PersonFactory(officer=True))

    assert client.get(page_of(change)).status_code == 200
    assert decide(client, change, "approve").status_code == 403
    assert Product.objects.get(pk=listing.pk).title == "Red rice"


def test_review_of_a_draft_names_its_fields(office):
    listing = ListingFactory(submitted=True)
    address = reverse("admin:catalogue_product_decide", args=[listing.pk])

    office.post(address, {"decision": "ask_for_changes", "reason": "Show the back.", "fields": ["photos"]})

    listing.refresh_from_db()
    assert (listing.state, listing.noted_fields) == (Product.State.RETURNED, ["photos"])


def test_queue_takes_as_many_queries_for_twenty_as_for_one(office):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert office.get(LIST).status_code == 200
        return len(captured)

    ListingChangeFactory()
    office.get(LIST)
    of_one = queries()
    ListingChangeFactory.create_batch(19)

    assert queries() == of_one
