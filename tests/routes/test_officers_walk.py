"""An officer asks every page of the admin every question, and finds no word of what lies outside her or his places."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse

from catalogue.models import ListingChange, Product
from marketplace import health
from orders.models import Order, VendorOrder
from programme.models import Announcement, Broadcast, Collection, ReportRun, SavedReport, Story
from regions.models import RegionRole
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.programme import CollectionFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import CertificateFactory, VendorFactory
from tests.routes import resolver
from tests.routes.world import EXAMPLES, build_world
from tests.support.sale import fake_provider
from tests.support.whole import changed_tables, whole_database
from vendors.models import Certificate, GroupPerson, Partner

__all__ = ["fake_provider"]

pytestmark = [pytest.mark.django_db, pytest.mark.isolation]

MARK = "Zanskarmark"
# What may follow the address of a list: Django's own words, and the place, asked for along other fields.
QUESTIONS = (
    {},
    {"state": "all"},
    {"q": "z"},
    {"e": "1"},
    {"all": ""},
    {"p": "2"},
    {"o": "1.-2"},
    {"_popup": "1"},
    {"_to_field": "id"},
    {"vendor__id__exact": "1"},
    {"region__path__startswith": "BT"},
    {"home_region__path__startswith": "BT"},
    {"vendor__home_region__path__startswith": "BT"},
    {"listing__vendor__name__startswith": "Z"},
)


@pytest.fixture
def world(fake_provider, monkeypatch):
    """A world in which everything of the group is called by one word, that of the people too."""
    monkeypatch.setattr(health, "silent_parts", list)
    found = build_world(fake_provider)
    at = found.order.date_placed
    ListingChange.objects.update(state=ListingChange.State.SUBMITTED, submitted_at=at)
    Certificate.objects.update(number=MARK, holder=MARK)
    Partner.objects.update(name=MARK)
    GroupPerson.objects.update(name=MARK)
    Product.objects.update(title=MARK, slug=MARK.lower())
    SavedReport.objects.update(name=MARK)
    ReportRun.objects.update(name=MARK)
    Story.objects.update(title=MARK)
    Collection.objects.update(title=MARK)
    Announcement.objects.update(words=MARK, audience="members")
    Broadcast.objects.update(texts={"en": {"subject": MARK, "text": MARK, "short": MARK}})
    return found


@pytest.fixture
def desk(client):
    """Of an officer who reads in one dzongkhag and decides in another, neither of them the group's."""
    person = PersonFactory(officer=True, place=RegionFactory(dzongkhag=True))
    RegionRole.objects.create(person=person, region=RegionFactory(dzongkhag=True), may_decide=True)
    client.force_login(person)
    return client


def words_of(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{body.decode(errors='replace')} {answer.headers.get('Location', '')}".lower()


def told(answer) -> bool:
    numbers = [
        *Order.objects.values_list("number", flat=True),
        *VendorOrder.objects.values_list("number", flat=True),
    ]
    said = words_of(answer)
    return any(word.lower() in said for word in (MARK, *numbers))


def test_no_list_says_a_word_of_what_lies_outside_whatever_it_is_asked(world, desk):
    for key in (model.replace(".", "_") for model in resolver.admin_model_routes()):
        address = reverse(f"admin:{key}_changelist")
        for question in QUESTIONS if desk.get(address).status_code != 403 else ():
            answer = desk.get(address, question)
            assert answer.status_code in (200, 302, 400), (key, question)
            assert not told(answer), (key, question)


def test_no_page_of_a_row_outside_says_a_word_of_it(world, desk):
    for model, pages in resolver.admin_model_routes().items():
        rows = EXAMPLES[model].objects.all()[:3] if model in EXAMPLES else ()
        for row in rows:
            for page in pages & {
                "change",
                "history",
                "delete",
                "decide",
                "csv",
                "listings",
                "photos",
                "file",
                "item",
            }:
                try:
                    address = reverse(f"admin:{model.replace('.', '_')}_{page}", args=[row.pk])
                except NoReverseMatch:
                    continue
                assert not told(desk.get(address)), address


def test_nothing_outside_is_suggested_for_any_field_of_any_model(world, desk):
    answered = 0
    for model in apps.get_models():
        asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "term": ""}
        for field in (each for each in model._meta.get_fields() if each.is_relation and each.concrete):
            answer = desk.get(reverse("admin:autocomplete"), {**asked, "field_name": field.name})
            answered += answer.status_code == 200
            assert not told(answer), (model, field.name)
    assert answered > 20


def test_the_way_to_the_shop_is_there_for_nothing_outside(world, desk):
    for kind in ContentType.objects.all():
        model = kind.model_class()
        rows = model._default_manager.order_by("-pk")[:3] if model else ()
        for row in rows:
            answer = desk.get(reverse("admin:view_on_site", args=[kind.pk, row.pk]))
            about = admin.site._registry.get(model)
            sees = about is not None and about.has_view_permission(answer.wsgi_request)
            assert answer.status_code == 404 or (sees and not told(answer)), row
    for wrong in ("x", "9" * 30, "0"):
        assert desk.get(f"/admin/r/{wrong}/1/").status_code == 404


def test_the_way_to_the_shop_leads_to_pages_of_this_host(client):
    listing, category = ListingFactory(), CategoryFactory(slug="cloth")
    client.force_login(PersonFactory(superuser=True))

    def leads(row):
        kind = ContentType.objects.get_for_model(row)
        answer = client.get(reverse("admin:view_on_site", args=[kind.pk, row.pk]))
        return answer.headers.get("Location") or answer.status_code

    assert leads(listing) == listing.get_absolute_url()
    assert leads(listing.vendor) == listing.vendor.get_absolute_url()
    assert leads(category) == reverse("category-detail", args=["cloth"])
    assert leads(ListingFactory(draft=True)) == 404


@pytest.mark.parametrize("page", ["admin:partner_certificate_change", "queue"])
def test_a_number_that_a_group_outside_has_used_is_told_without_its_name(client, page):
    own, near, far = (RegionFactory(dzongkhag=True) for _ in range(3))
    shown = CertificateFactory(submitted=True, vendor=VendorFactory(home_region=own), number="FSSAI-1")
    for place, name in ((near, "Near group"), (far, "Far group")):
        group = VendorFactory(home_region=place, name=name)
        CertificateFactory(vendor=group, number="fssai-1", kind=shown.kind)
    person = PersonFactory(officer=True, place=own)
    RegionRole.objects.create(person=person, region=near)
    client.force_login(person)
    item = reverse("admin:programme_claim_item", args=["certificate", shown.pk])

    said = client.get(item if page == "queue" else reverse(page, args=[shown.pk])).content.decode()

    assert "Near group (" in said
    assert "1 group outside of your places" in said
    assert "Far group" not in said


def test_ticking_all_and_every_number_by_hand_reaches_the_own_rows_only(client):
    decides, outside = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    person = PersonFactory(officer=True, place=False)
    RegionRole.objects.create(person=person, region=decides, may_decide=True)
    client.force_login(person)
    own = VendorFactory(applied=True, home_region=decides)
    others = [VendorFactory(applied=True, home_region=outside) for _ in range(2)]
    ticked = [own.pk, *(group.pk for group in others)]
    sent = {
        "action": "return_with_remarks",
        "select_across": "1",
        "_selected_action": ticked,
        "reason": "Name?",
    }

    client.post(reverse("admin:partner_partner_changelist"), sent)

    assert [Partner.objects.get(pk=pk).state for pk in ticked] == ["returned", "applied", "applied"]


def test_a_role_that_is_gone_or_less_counts_from_the_next_press_on(client):
    place = RegionFactory(dzongkhag=True)
    person = PersonFactory(officer=True, place=False)
    role = RegionRole.objects.create(person=person, region=place, may_decide=True)
    client.force_login(person)
    group = VendorFactory(applied=True, home_region=place)
    page = reverse("admin:partner_partner_change", args=[group.pk])
    address = reverse("admin:partner_partner_decide", args=[group.pk])
    sent = {"decision": "return_with_remarks", "reason": "Name?"}
    assert 'value="return_with_remarks"' in client.get(page).content.decode()

    RegionRole.objects.filter(pk=role.pk).update(may_decide=False)
    before = whole_database()
    assert client.post(address, sent).status_code == 403
    RegionRole.objects.filter(pk=role.pk).delete()
    assert client.post(address, sent).status_code in (403, 404)
    assert client.get(page).status_code == 404
    assert changed_tables(before, whole_database()) <= {
        "django_session",
        "regions_regionrole",
        "audit_change",
    }


def test_a_place_under_another_parent_is_within_reach_of_the_new_one_alone(client):
    old, new = RegionFactory(dzongkhag=True), RegionFactory(dzongkhag=True)
    place = RegionFactory(parent=old)
    group = VendorFactory(home_region=place)
    before, after = PersonFactory(officer=True, place=old), PersonFactory(officer=True, place=new)
    twice = PersonFactory(officer=True, place=new)
    RegionRole.objects.create(person=twice, region=place, may_decide=True)

    place.parent, place.path = new, f"{new.path}{place.code}/"
    place.save()

    def seen(person):
        client.force_login(person)
        return client.get(reverse("admin:partner_partner_change", args=[group.pk])).status_code

    assert [seen(person) for person in (before, after, twice)] == [404, 200, 200]
    assert Partner.objects.visible_to(twice).count() == 1


def test_a_number_by_hand_puts_no_draft_of_a_group_outside_into_a_collection(client):
    own = RegionFactory(dzongkhag=True)
    client.force_login(PersonFactory(officer=True, place=own))
    collection = CollectionFactory(region=own)
    draft = ListingFactory(draft=True, title=MARK, region=own, vendor=VendorFactory())
    page = reverse("admin:programme_collection_listings", args=[collection.pk])

    answer = client.post(page, {"do": "add", "listing": draft.pk})

    assert answer.status_code == 404
    assert MARK not in client.get(page).content.decode()
