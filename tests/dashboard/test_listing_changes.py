"""A listing on sale is changed from its page: what waits, what shoppers see meanwhile, and what else its page offers."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import ListingChange, Product
from catalogue.services import change_review
from tests.dashboard.given import member_of, photo, queries_of, stock_record
from tests.factories.catalogue import (
    CategoryFactory,
    ListingChangeFactory,
    ListingFactory,
    PhotoFactory,
    ProposedPhotoFactory,
)
from tests.factories.orders import CommissionRuleFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing
from vendors.models import Membership

pytestmark = pytest.mark.django_db
State = ListingChange.State


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Photos of a test lie in its own folders."""
    settings.MEDIA_ROOT = tmp_path / "public"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private", "base_url": None},
        },
    }
    return tmp_path


@pytest.fixture(autouse=True)
def shown(listing):
    """The listing on sale has a photo."""
    return PhotoFactory(product=listing)


def address(listing, action="detail"):
    return reverse(f"dashboard-listing-{action}", args=[listing.pk])


def words(listing, **changes):
    """What the page of the listing sends, with these changes."""
    fields = {
        "title": listing.title,
        "region": listing.region_id,
        "description": listing.description,
        f"s{listing.pk}-size_label": "",
        f"s{listing.pk}-net_quantity": "",
        f"s{listing.pk}-net_unit": "",
        f"s{listing.pk}-weight_grams": listing.weight_grams or "",
        "do": "send",
    }
    return {**fields, **changes}


def seen_by_shoppers(client, listing):
    return client.get(Product.objects.get(pk=listing.pk).get_absolute_url()).content.decode()


def test_change_waits_while_the_old_version_sells(desk, listing, client):
    sent = words(listing, title="Red rice of Paro", photos=photo())

    answers = [desk.post(address(listing), {**sent, "photos": photo()}, follow=True) for _ in range(2)]

    change = ListingChange.objects.get()
    page = desk.get(address(listing))
    assert "The change is at the office." in answers[0].content.decode()
    assert change.state == State.SUBMITTED
    assert change.proposed["title"] == "Red rice of Paro"
    assert len(change.proposed["photos"]) == 2
    assert [diff.name for diff in page.context["diffs"]] == ["photos", "title"]
    assert 'value="Red rice of Paro"' in page.content.decode()
    assert "Red rice of Paro" not in seen_by_shoppers(client, listing)
    assert listing.images.count() == 1


def test_photo_that_waits_is_seen_by_its_group_and_staff_only(desk, listing, client, folders):
    desk.post(address(listing), words(listing, photos=photo()))
    waiting = ListingChange.objects.get().photos.get()
    url = reverse("proposed-photo", args=[waiting.pk])
    assert desk.get(url)["Content-Type"] == "image/webp"

    answers = []
    for person in (None, PersonFactory(), member_of(VendorFactory()), PersonFactory(moderator=True)):
        client.logout()
        if person:
            client.force_login(person)
        answers.append(client.get(url).status_code)

    assert answers == [302, 404, 404, 200]
    assert not (folders / "public").exists()


def test_saved_change_is_not_sent_until_it_is_said(desk, listing):
    desk.post(address(listing), words(listing, title="Red rice of Paro", do="save"))
    assert ListingChange.objects.get().state == State.DRAFT

    desk.post(address(listing), words(listing, title="Red rice of Paro"))
    assert ListingChange.objects.get().state == State.SUBMITTED


def test_note_of_the_office_leads_to_its_fields(desk, listing):
    desk.post(address(listing), words(listing, title="Red rice of Paro"))
    change = ListingChange.objects.get()
    change_review.ask_for_changes(
        change, PersonFactory(), "Which Paro?", version=change.version, fields=["title"]
    )

    page = desk.get(address(listing))

    assert "Which Paro?" in page.content.decode()
    assert [link.anchor for link in page.context["noted"]] == ["id_title"]
    home = desk.get("/dashboard/").content.decode()
    assert "Change came back: Red rice" in home
    assert "a change came back" in desk.get("/dashboard/listings/").content.decode()


def test_change_is_given_up_once(desk, listing):
    desk.post(address(listing), words(listing, title="Red rice of Paro"))

    for _ in range(2):
        desk.post(address(listing, "move"), {"do": "drop_change"})

    assert ListingChange.objects.get().state == State.WITHDRAWN
    assert Product.objects.get(pk=listing.pk).state == Product.State.LIVE


def test_refused_change_keeps_what_was_typed(desk, listing):
    page = desk.post(address(listing), words(listing, title="", description="From the terraces."))

    assert page.status_code == 200
    assert "Still missing: name." in page.content.decode()
    assert "From the terraces." in page.content.decode()
    assert not ListingChange.objects.exists()


def test_size_that_is_added_waits_and_is_shown_to_be_corrected(desk, listing):
    new = {"new-price": "900", "new-units": "2", "new-net_quantity": "1000", "new-net_unit": "g"}
    for _ in range(2):
        desk.post(address(listing), words(listing, **new))

    change = ListingChange.objects.get()
    assert [size["pk"] for size in change.proposed["sizes"]] == [listing.pk, None]
    assert stock_record(listing).price == 250
    page = desk.get(address(listing))
    assert 'name="n0-price" value="900"' in " ".join(page.content.decode().split())


def test_packer_proposes_nothing(client, listing):
    client.force_login(member_of(listing.vendor, Membership.Role.PACKER))

    answer = client.post(address(listing), words(listing, title="Mine"))

    assert answer.status_code == 403
    assert not ListingChange.objects.exists()


def test_copy_is_a_draft_with_nothing_in_the_store_and_made_once(desk, listing):
    kind = CategoryFactory()
    listing.categories.set([kind])

    answers = [desk.post(address(listing, "copy"), {"token": "abc"}) for _ in range(2)]

    made = Product.objects.exclude(pk=listing.pk).get(vendor=listing.vendor)
    assert [answer.url for answer in answers] == [address(made)] * 2
    assert (made.title, made.state, list(made.categories.all())) == (listing.title, "draft", [kind])
    assert (stock_record(made).price, stock_record(made).num_in_stock) == (stock_record(listing).price, 0)


def test_preview_shows_the_change_to_its_group_and_staff_alone(desk, client, listing):
    desk.post(address(listing), words(listing, title="Red rice of Paro", photos=photo()))
    url = reverse("listing-preview", args=[listing.pk])

    page = desk.get(url)

    assert "Red rice of Paro" in page.content.decode()
    assert "/proposed-photos/" in page.content.decode()
    assert "Add to basket" not in page.content.decode()
    answers = []
    for person in (None, PersonFactory(), member_of(VendorFactory()), PersonFactory(moderator=True)):
        client.logout()
        if person:
            client.force_login(person)
        answers.append(client.get(url).status_code)
    assert answers == [302, 404, 404, 200]


def test_draft_is_previewed_before_it_has_a_name_or_a_price(desk, listing):
    bare = ListingFactory(draft=True, vendor=listing.vendor, title="", stock=None, slug="listing")

    assert desk.get(reverse("listing-preview", args=[bare.pk])).status_code == 200


def test_what_the_group_receives_follows_the_rule_of_the_kind_of_goods(desk, listing):
    kind = CategoryFactory()
    CommissionRuleFactory(category=kind, rate=Decimal("0.2000"))
    url = reverse("dashboard-listing-receives")

    usual = desk.get(url, {"price": "1000", "listing": listing.pk}).content.decode()
    chosen = desk.get(url, {"price": "1000", "category": kind.pk}).content.decode()
    nothing = desk.get(url, {"price": "much"}).content.decode()

    assert "the group receives" in usual
    assert "800" in chosen
    assert nothing.strip() == ""


def test_known_products_follow_the_place(desk, listing):
    place = RegionFactory()
    known = IdentifiedProductFactory(region=place, name="Kishuthara")
    IdentifiedProductFactory(region=RegionFactory(), name="Elsewhere")

    text = desk.get(reverse("dashboard-listing-products"), {"region": place.pk}).content.decode()

    assert f'value="{known.pk}"' in text
    assert "Elsewhere" not in text


@pytest.mark.isolation
def test_nothing_of_another_group_is_changed_copied_or_suggested(desk, listing):
    theirs = a_listing(title="Foreign honey")
    waiting = ProposedPhotoFactory(change=ListingChangeFactory(listing=theirs))

    answers = [
        desk.post(address(theirs), words(theirs, title="Mine")),
        desk.post(address(theirs, "move"), {"do": "drop_change"}),
        desk.post(address(theirs, "copy"), {"token": "x"}),
        desk.get(reverse("listing-preview", args=[theirs.pk])),
        desk.get(reverse("proposed-photo", args=[waiting.pk])),
        desk.get(reverse("dashboard-listing-receives"), {"price": "10", "listing": theirs.pk}),
    ]
    # Keys of their photos and sizes in a form of our own.
    ours = words(
        listing,
        **{"photo": [f"n{waiting.pk}"], "photo-do": f"remove:n{waiting.pk}", f"s{theirs.pk}-net_unit": "g"},
    )
    desk.post(address(listing), ours)

    assert [answer.status_code for answer in answers] == [404] * 6
    assert list(ListingChange.objects.values_list("listing", "state")) == [(theirs.pk, State.SUBMITTED)]
    assert waiting._meta.model.objects.filter(pk=waiting.pk).exists()


def test_page_takes_as_many_queries_for_eight_photos_as_for_two(desk, listing):
    change = ListingChangeFactory(listing=listing)
    PhotoFactory(product=listing)
    queries_of(desk, address(listing))
    of_two = queries_of(desk, address(listing))
    PhotoFactory.create_batch(6, product=listing)
    change.refresh_from_db()

    assert queries_of(desk, address(listing)) == of_two
