"""An officer works in the own places: whatever lies outside is not there, in lists, searches, totals, files and actions."""

import pytest
from django.urls import reverse

from catalogue.models import ListingChange, Product
from marketplace import health
from orders.models import Return, Review, ReviewAnswer, VendorOrder
from orders.shipping.models import DeliveryMethod
from programme.front_page import queues
from programme.models import Announcement, Broadcast, Collection, MisuseCase, ReportRun, SavedReport, Story
from regions.models import Nomination, RegionRole
from regions.policies import reach_of
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.routes import resolver
from tests.routes.table import MODELS, VIEW
from tests.routes.world import build_world
from tests.support.sale import fake_provider
from tests.support.whole import changed_tables, whole_database
from vendors.models import Certificate, GroupChange, GroupDocument, Partner, Requirement

__all__ = ["fake_provider"]

pytestmark = [pytest.mark.django_db, pytest.mark.isolation]

# What an officer may see, and where a row of it belongs to a place. Requirements are the programme's, for all alike;
# the coverage of a scheme is a page of many places, as is the queue of moderation.
PLACED = {
    "programme.broadcast": Broadcast,
    "partner.partner": Partner,
    "partner.certificate": Certificate,
    "partner.groupchange": GroupChange,
    "catalogue.product": Product,
    "catalogue.listingchange": ListingChange,
    "order.vendororder": VendorOrder,
    "order.return": Return,
    "order.review": Review,
    "order.reviewanswer": ReviewAnswer,
    "programme.misusecase": MisuseCase,
    "shipping.deliverymethod": DeliveryMethod,
    "programme.announcement": Announcement,
    "programme.collection": Collection,
    "programme.story": Story,
    "programme.savedreport": SavedReport,
    "programme.reportrun": ReportRun,
    "regions.nomination": Nomination,
}
FOR_ALL = {
    "partner.requirement",
    "programme.claim",
    "programme.countryimpact",
    "programme.schemecoverage",
    "programme.wordreport",
}


@pytest.fixture
def world(fake_provider, monkeypatch):
    monkeypatch.setattr(health, "silent_parts", list)
    found = build_world(fake_provider)
    ListingChange.objects.update(state=ListingChange.State.SUBMITTED, submitted_at=found.order.date_placed)
    return found


@pytest.fixture
def elsewhere(world):
    """An officer who reads in one dzongkhag and decides in another, neither of them the group's."""
    person = PersonFactory(officer=True, place=RegionFactory(dzongkhag=True))
    RegionRole.objects.create(person=person, region=RegionFactory(dzongkhag=True), may_decide=True)
    return person


@pytest.fixture
def desk(client, elsewhere):
    client.force_login(elsewhere)
    return client


def test_every_table_that_officers_see_is_walked():
    seen = {model for model, rights in MODELS.items() if VIEW in rights.get("officer", ())}

    assert seen == set(PLACED) | FOR_ALL


@pytest.mark.parametrize("model", PLACED)
def test_lists_searches_and_pages_hold_nothing_from_outside(world, desk, model):
    rows = PLACED[model].objects.all()
    assert rows.exists()
    key = model.replace(".", "_")
    pages = resolver.admin_model_routes()[model] & {"change", "history", "delete", "decide"}

    for asked in ({}, {"state": "all"}, {"q": world.this.name}, {"q": world.part.number}):
        found = desk.get(reverse(f"admin:{key}_changelist"), asked)
        if found.status_code == 200:
            programmes = DeliveryMethod.objects.filter(vendor=None).count()
            allowed = programmes if model == "shipping.deliverymethod" and "q" not in asked else 0
            assert found.context["cl"].result_count == allowed
    for row in rows:
        if getattr(row, "vendor", True) is None:
            continue
        statuses = {
            page: desk.get(reverse(f"admin:{key}_{page}", args=[row.pk])).status_code for page in pages
        }
        assert statuses.pop("decide", 405) == 405
        assert set(statuses.values()) <= {404, 403}
        assert statuses["change"] == 404


@pytest.mark.parametrize("model", PLACED)
def test_no_decision_or_action_reaches_outside(world, desk, model):
    key = model.replace(".", "_")
    pks = list(PLACED[model].objects.values_list("pk", flat=True))
    before = whole_database()

    for decision in (
        "approve",
        "reject",
        "suspend",
        "close",
        "ask_for_changes",
        "refund_now",
        "delete_selected",
    ):
        sent = {"action": decision, "_selected_action": pks, "reason": "no", "post": "yes"}
        desk.post(reverse(f"admin:{key}_changelist"), sent)
        if "decide" in resolver.admin_model_routes()[model]:
            for pk in pks:
                answer = desk.post(
                    reverse(f"admin:{key}_decide", args=[pk]), {"decision": decision, "reason": "no"}
                )
                assert answer.status_code in (403, 404)

    assert changed_tables(before, whole_database()) <= {"django_session"}


def test_papers_photos_previews_and_applications_from_outside_are_not_there(world, desk):
    paper = GroupDocument.objects.get()
    photo = world.case.photos.first()
    applicant = VendorFactory(applied=True)
    addresses = [
        reverse("admin:partner_partner_paper", args=[paper.vendor_id, paper.pk]),
        reverse("listing-preview", args=[world.draft.pk]),
        reverse("proposed-photo", args=[world.proposed_photo.pk]),
        *([reverse("admin:order_return_photo", args=[photo.pk])] if photo else []),
    ]
    before = whole_database()

    assert {desk.get(address).status_code for address in addresses} == {404}
    verify = {"requirement": Requirement.objects.first().pk, "do": "verify"}
    assert (
        desk.post(reverse("admin:partner_partner_requirement", args=[world.this.pk]), verify).status_code
        == 404
    )
    assert desk.post(reverse("dashboard-on-behalf"), {"group": applicant.code}).status_code == 404
    assert changed_tables(before, whole_database()) <= {"django_session"}


def test_an_application_for_a_group_elsewhere_is_not_begun(world, desk):
    place = world.this.home_region
    sent = {
        "key": "k" * 20,
        "name": "New group",
        "kind": "farmers_group",
        "region_words": place.name,
        "chair_name": "Pema",
        "chair_contact": "17000000",
    }

    answer = desk.post(reverse("sell-begin"), sent)

    assert f"You do not work in {place.name}." in answer.content.decode()
    assert not Partner.objects.filter(name="New group").exists()


def test_totals_of_the_front_page_and_coverage_count_the_own_places_only(world, desk, elsewhere):
    VendorFactory(applied=True)
    own = RegionFactory(parent=RegionRole.objects.filter(person=elsewhere).first().region)
    scheme = IdentifiedProductFactory(region=own).scheme

    page = desk.get(reverse("admin:programme_schemecoverage_change", args=[scheme.pk]))
    file = desk.get(reverse("admin:programme_schemecoverage_csv", args=[scheme.pk]))

    assert [row[0].region.pk for row in page.context["rows"]] == [own.pk]
    assert world.this.home_region.name not in file.content.decode()
    assert [queue.count for queue in queues(elsewhere)] == [0] * len(list(queues(elsewhere)))


def test_the_same_officer_sees_and_decides_where_the_role_says_so(client):
    reads, decides = RegionFactory(), RegionFactory()
    person = PersonFactory(officer=True, place=reads.parent)
    RegionRole.objects.create(person=person, region=decides.parent, may_decide=True)
    client.force_login(person)
    seen = ListingFactory(submitted=True, vendor=VendorFactory(home_region=reads))
    decided = ListingFactory(submitted=True, vendor=VendorFactory(home_region=decides))

    def status(listing):
        address = reverse("admin:catalogue_product_decide", args=[listing.pk])
        return client.post(
            address, {"decision": "ask_for_changes", "reason": "A photo of the label"}
        ).status_code

    assert (status(seen), status(decided)) == (403, 302)
    states = {listing.pk: listing.state for listing in Product.objects.all()}
    assert (states[seen.pk], states[decided.pk]) == ("submitted", "returned")
    words = client.get(reverse("admin:catalogue_product_change", args=[seen.pk])).content.decode()
    assert 'name="decision"' not in words


def test_an_action_on_rows_of_both_decides_about_the_own_ones(client):
    reads, decides = RegionFactory(), RegionFactory()
    person = PersonFactory(officer=True, place=reads.parent)
    RegionRole.objects.create(person=person, region=decides.parent, may_decide=True)
    client.force_login(person)
    groups = [VendorFactory(applied=True, home_region=place) for place in (reads, decides)]
    sent = {
        "action": "return_with_remarks",
        "_selected_action": [group.pk for group in groups],
        "reason": "Name?",
    }

    answer = client.post(reverse("admin:partner_partner_changelist"), sent, follow=True)

    assert "that is decided elsewhere" in answer.content.decode()
    assert [Partner.objects.get(pk=group.pk).state for group in groups] == ["applied", "returned"]


def test_reach_is_nothing_without_a_role_and_everything_with_the_right(django_assert_num_queries):
    place = RegionFactory()
    nobody, office = PersonFactory(officer=True, place=False), PersonFactory(moderator=True)
    VendorFactory(home_region=place)

    assert [reach_of(person).covers(place) for person in (nobody, office)] == [False, True]
    assert [Partner.objects.visible_to(person).count() for person in (nobody, office)] == [0, 1]
    with django_assert_num_queries(0):
        reach_of(office)


def test_a_place_whose_code_begins_alike_is_another(db):
    short, long = RegionFactory(dzongkhag=True, code="BT-9"), RegionFactory(dzongkhag=True, code="BT-99")
    person = PersonFactory(officer=True, place=short)

    assert reach_of(person).covers(RegionFactory(parent=short))
    assert not reach_of(person).covers(RegionFactory(parent=long))
