"""Listings of a group: the list, drafts, photos, review, and what a packer may not do."""

import re

import pytest
from django.urls import reverse

from catalogue.models import ListingEvent, Product, ProductImage
from catalogue.services import review
from tests.dashboard.given import member_of, no_photo, photo, queries_of, stock_record
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory, RegionAliasFactory, RegionFactory
from tests.factories.vendors import CertificateFactory
from tests.support.sale import a_listing
from vendors.models import Membership, Partner, StockRecord

pytestmark = pytest.mark.django_db

State = Product.State
NEW = "/dashboard/listings/new/"
LIST = "/dashboard/listings/"


@pytest.fixture
def vendor(listing):
    """The chair's group."""
    return listing.vendor


@pytest.fixture
def draft(vendor):
    """A draft of the group without a photo."""
    return ListingFactory(draft=True, vendor=vendor, title="Buckwheat flour")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Photos of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path


def address(listing, action="detail"):
    return reverse(f"dashboard-listing-{action}", args=[listing.pk])


def typed(vendor, **changes):
    """What a member writes into the form."""
    fields = {
        "title": "Honey of the cliffs",
        "price": "540.50",
        "units": "12",
        "net_quantity": "500",
        "net_unit": "g",
        "region": vendor.home_region_id,
        "description": "Gathered by the two brothers of the village in May.",
        "ingredients": "Honey",
        "do": "save",
    }
    return {**fields, **changes}


def token_of(client):
    return re.search(r'name="token" value="([^"]+)"', client.get(NEW).content.decode()).group(1)


def drafts_titled(title):
    return Product.objects.filter(title=title)


def test_draft_is_written_with_its_offer_and_photo(desk, vendor):
    known = IdentifiedProductFactory(region=vendor.home_region)
    kind = CategoryFactory()

    answer = desk.post(
        NEW,
        typed(vendor, identified_product=known.pk, category=kind.pk, photos=[photo(), photo(colour="navy")]),
    )

    made = drafts_titled("Honey of the cliffs").get()
    record = stock_record(made)
    assert (answer.status_code, answer.url) == (302, address(made))
    assert (made.state, made.vendor, made.region) == (State.DRAFT, vendor, vendor.home_region)
    assert (made.identified_product, list(made.categories.all())) == (known, [kind])
    assert (str(record.price), record.price_currency, record.num_in_stock) == ("540.50", "INR", 12)
    assert (made.net_quantity, made.net_unit) == (500, "g")
    assert made.images.count() == 2
    assert not Product.objects.live().filter(pk=made.pk).exists()


def test_form_sent_twice_makes_one_draft_with_its_photos_once(desk, vendor):
    sent = typed(vendor, token=token_of(desk))

    answers = [desk.post(NEW, {**sent, "photos": photo()}) for _ in range(2)]

    made = drafts_titled("Honey of the cliffs").get()
    assert [answer.url for answer in answers] == [address(made)] * 2
    assert made.images.count() == 1
    assert StockRecord.objects.filter(product=made).count() == 1


def test_page_gone_back_to_changes_the_draft_that_it_made(desk, vendor):
    sent = typed(vendor, token=token_of(desk))
    desk.post(NEW, sent)

    desk.post(NEW, {**sent, "title": "Honey of the high cliffs", "price": "560"})

    made = drafts_titled("Honey of the high cliffs").get()
    assert str(stock_record(made).price) == "560.00"
    assert not drafts_titled("Honey of the cliffs").exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"price": "six thousand"}, "price", "Write the price in figures"),
        ({"price": "0"}, "price", "Write a price above zero."),
        ({"price": "-5"}, "price", "Write a price above zero."),
        ({"price": "1.005"}, "price", "at most two decimals"),
        ({"price": "12345678901"}, "price", "too high"),
        ({"price": "NaN"}, "price", "Write the price in figures"),
        ({"units": "-1"}, "units", "There cannot be fewer than none."),
        ({"units": "1000000000"}, "units", "Write at most 100000."),
        ({"units": "many"}, "units", "Write the number in figures"),
        ({"net_unit": ""}, "net_unit", "Choose the unit"),
        ({"price": "", "units": "3"}, "price", "Write the price too"),
        ({"region": "0"}, "region", "Write the name of the place."),
        ({"region_words": "Nowhere at all"}, "region", "We know no such place."),
        ({"new-net_quantity": "500", "new-net_unit": "g"}, "new-price", "Write the price of this size."),
        ({"new-price": "90"}, "new-net_quantity", "Write how much is in one"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(desk, vendor, changes, field, words):
    count = Product.objects.count()

    page = desk.post(NEW, typed(vendor, **changes))

    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert f'href="#id_{field}"' in text
    assert "Gathered by the two brothers" in text
    assert Product.objects.count() == count


def test_place_is_typed_by_any_of_its_names(desk, vendor):
    far = RegionFactory(name="Khoma", local_name="མཁོ་མ")
    RegionAliasFactory(region=far, alias="Khomar")

    for number, words in enumerate(("Khoma", "མཁོ་མ", "Khomar")):
        desk.post(NEW, typed(vendor, title=f"Stole {number}", region_words=words))

    assert set(Product.objects.filter(title__startswith="Stole").values_list("region", flat=True)) == {far.pk}


def test_draft_may_have_gaps_which_are_links_to_their_fields(desk, vendor):
    desk.post(NEW, {"title": "", "price": "", "units": "", "region": vendor.home_region_id, "do": "save"})

    made = Product.objects.get(vendor=vendor, state=State.DRAFT)
    page = desk.get(address(made))

    assert [(gap.anchor, str(gap.words)) for gap in page.context["gaps"]] == [
        ("photos", "photo"),
        ("id_title", "title"),
        ("id_price", "price and stock"),
        ("id_category", "kind of goods"),
    ]
    assert 'href="#id_title"' in page.content.decode()


def test_food_lacks_its_legal_facts_until_they_are_written(desk, vendor, draft):
    food = CategoryFactory(name="Honey", parent=CategoryFactory(name="Food", slug="food"))
    PhotoFactory(product=draft)
    wanted = typed(vendor, category=food.pk, ingredients="", net_quantity="", net_unit="", seen=10)

    desk.post(address(draft), {**wanted, "do": "send"})

    draft.refresh_from_db()
    page = desk.get(address(draft))
    assert draft.state == State.DRAFT
    assert [gap.url for gap in page.context["gaps"]] == [
        reverse("dashboard-certificates"),
        reverse("dashboard-group-facts"),
        "#sizes",
        "#id_ingredients",
        "#id_storage",
        "#id_lot_rule",
    ]

    CertificateFactory(vendor=vendor, food=True)
    Partner.objects.filter(pk=vendor.pk).update(address="Doga, Paro")
    facts = {"storage": "Dry.", "lot_rule": "On the lid."}
    desk.post(address(draft), typed(vendor, category=food.pk, seen=12, do="send", **facts))
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


def test_weight_with_packing_and_whether_it_spoils_are_kept(desk, vendor, draft):
    desk.post(address(draft), typed(vendor, seen=10, weight_grams="650", is_perishable="on"))

    draft.refresh_from_db()
    assert (draft.weight_grams, draft.is_perishable) == (650, True)
    page = desk.post(address(draft), typed(vendor, seen=12, weight_grams="half a kilo"))
    assert "Write the weight in grams" in page.content.decode()


def test_size_is_added_once_however_often_it_is_sent(desk, vendor, draft):
    new = {
        "new-price": "900",
        "new-units": "2",
        "new-net_quantity": "1000",
        "new-net_unit": "g",
        "do": "size",
    }

    for _ in range(2):
        desk.post(address(draft), typed(vendor, net_quantity="500", seen=10, **new))

    sizes = Product.objects.filter(parent=draft).order_by("pk")
    assert [(str(size.net_quantity.normalize()), size.stockrecords.get().num_in_stock) for size in sizes] == [
        ("5E+2", 12),
        ("1E+3", 2),
    ]
    page = desk.get(address(draft))
    assert len(page.context["offers"]) == 2


def test_photos_are_ordered_and_described_by_buttons(desk, vendor, draft):
    first, second = PhotoFactory(product=draft), PhotoFactory(product=draft)
    foreign = PhotoFactory()
    sent = {
        "photo": [first.pk, second.pk, foreign.pk],
        f"alt-{second.pk}": "The back",
        f"alt-{foreign.pk}": "Mine",
        "photo-do": f"up:{second.pk}",
    }

    for _ in range(2):
        answer = desk.post(address(draft), typed(vendor, seen=10, **sent))

    foreign.refresh_from_db()
    assert answer.url == f"{address(draft)}#photos"
    assert list(draft.images.order_by("display_order")) == [second, first]
    assert draft.images.get(pk=second.pk).alt_text == "The back"
    assert foreign.alt_text == "A jar on a cloth"


def test_product_of_another_place_is_refused_beside_its_field(desk, vendor):
    beside = RegionFactory(parent=vendor.home_region.parent)
    known = IdentifiedProductFactory(region=beside)

    page = desk.post(NEW, typed(vendor, identified_product=known.pk))

    assert "Choose one that is, or none" in str(page.context["form"].errors["identified_product"])
    assert not drafts_titled("Honey of the cliffs").exists()


def test_draft_is_changed(desk, vendor, draft):
    record = stock_record(draft)

    answer = desk.post(
        address(draft), typed(vendor, title="Buckwheat", price="300", units="7", seen=record.num_in_stock)
    )

    draft.refresh_from_db()
    record.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, address(draft))
    assert (draft.title, str(draft.price_from)) == ("Buckwheat", "300.00")
    assert (str(record.price), record.num_in_stock) == ("300.00", 7)


def test_number_that_moved_meanwhile_is_not_overwritten(desk, vendor, draft):
    record = stock_record(draft)
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=4)

    page = desk.post(address(draft), typed(vendor, units="12", seen="10"))

    record.refresh_from_db()
    assert page.status_code == 200
    assert "4 are there now" in page.content.decode()
    assert record.num_in_stock == 4


def test_file_that_is_no_photo_is_refused_with_words(desk, vendor, draft):
    page = desk.post(address(draft), typed(vendor, photos=no_photo(), seen=10))

    draft.refresh_from_db()
    text = page.content.decode()
    assert page.status_code == 200
    assert "This file cannot be read as a photo." in text
    assert 'href="#id_photos"' in text
    assert "Gathered by the two brothers" in text
    assert draft.title == "Buckwheat flour"
    assert not ProductImage.objects.filter(product=draft).exists()


def test_new_draft_is_kept_without_the_file_that_is_no_photo(desk, vendor):
    page = desk.post(NEW, typed(vendor, photos=no_photo(), do="send"), follow=True)

    made = drafts_titled("Honey of the cliffs").get()
    assert "Saved, but without the photo. This file cannot be read" in page.content.decode()
    assert (made.state, made.images.count()) == (State.DRAFT, 0)


def test_photo_of_a_draft_is_kept_when_its_words_are_wrong(desk, vendor, draft):
    page = desk.post(address(draft), typed(vendor, photos=photo(), price="six", seen=10))

    draft.refresh_from_db()
    assert page.status_code == 200
    assert draft.images.count() == 1
    assert draft.title == "Buckwheat flour"


def test_photos_of_a_new_listing_that_comes_back_are_asked_for_again(desk, vendor):
    page = desk.post(NEW, typed(vendor, photos=photo(), price="six"))

    assert "Choose the photos again" in page.content.decode()
    assert not drafts_titled("Honey of the cliffs").exists()


def test_same_photo_is_not_added_twice_but_again_after_it_was_removed(desk, vendor, draft):
    for _ in range(2):
        desk.post(address(draft), typed(vendor, photos=photo()))
    (kept,) = draft.images.all()

    desk.post(address(draft), {**typed(vendor), "photo": kept.pk, "photo-do": f"remove:{kept.pk}"})
    after_removal = draft.images.count()
    desk.post(address(draft), typed(vendor, photos=photo()))

    assert after_removal == 0
    assert draft.images.count() == 1


def test_photo_of_another_group_is_not_removed(desk, vendor, draft):
    foreign = PhotoFactory()

    desk.post(address(draft), {**typed(vendor), "photo": foreign.pk, "photo-do": f"remove:{foreign.pk}"})

    assert ProductImage.objects.filter(pk=foreign.pk).exists()


def test_draft_goes_to_the_office(desk, vendor, chair, draft):
    kind = CategoryFactory()
    answers = [
        desk.post(
            address(draft), typed(vendor, photos=photo(), category=kind.pk, do="send", seen=10), follow=True
        )
        for _ in range(2)
    ]

    draft.refresh_from_db()
    events = ListingEvent.objects.filter(listing=draft).values_list("to_state", "actor")
    assert draft.state == State.SUBMITTED
    assert list(events) == [(State.SUBMITTED, chair.pk)]
    assert "Sent to the office." in answers[0].content.decode()
    assert draft.images.count() == 1


def test_draft_with_gaps_is_saved_but_not_sent(desk, vendor, draft):
    page = desk.post(address(draft), typed(vendor, do="send", seen=10), follow=True)

    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert draft.title == "Honey of the cliffs"
    assert "Saved, but not sent." in page.content.decode()
    assert "photos" in [gap.anchor for gap in page.context["gaps"]]


def test_note_of_the_office_stands_on_the_listing_that_came_back(desk, listing):
    review.ask_for_changes(listing, PersonFactory(), "Please add a photo of the grain.")

    page = desk.get(address(listing))

    assert "Please add a photo of the grain." in page.content.decode()
    assert page.context["form"] is not None


def test_words_of_a_listing_under_review_are_locked(desk, vendor):
    locked = ListingFactory(vendor=vendor, title="Locked", submitted=True)
    photos = locked.images.count()

    page = desk.post(address(locked), typed(vendor, photos=photo(), seen=10))

    locked.refresh_from_db()
    assert page.status_code == 200
    text = page.content.decode()
    assert "Take the listing back or from sale before changing it" in text
    assert "Gathered by the two brothers" in text
    assert locked.title == "Locked"
    assert locked.images.count() == photos


def test_listing_is_taken_back_and_from_sale_once_each(desk, vendor, listing):
    waiting = ListingFactory(vendor=vendor, submitted=True)

    for _ in range(2):
        desk.post(address(waiting, "move"), {"do": "take_back"})
        desk.post(address(listing, "move"), {"do": "withdraw"})

    waiting.refresh_from_db()
    listing.refresh_from_db()
    assert (waiting.state, listing.state) == (State.DRAFT, State.WITHDRAWN)
    assert ListingEvent.objects.count() == 2


def test_move_that_does_not_fit_says_how_it_stands(desk, vendor):
    rejected = ListingFactory(vendor=vendor, rejected=True)

    page = desk.post(address(rejected, "move"), {"do": "withdraw"}, follow=True)

    rejected.refresh_from_db()
    assert rejected.state == State.REJECTED
    assert "Nothing has been changed." in page.content.decode()


def test_packer_reads_listings_but_writes_none(client, vendor, draft):
    client.force_login(member_of(vendor, Membership.Role.PACKER))

    answers = [
        client.get(NEW),
        client.post(NEW, typed(vendor)),
        client.post(address(draft), typed(vendor, seen=10)),
        client.post(address(draft, "move"), {"do": "withdraw"}),
    ]

    draft.refresh_from_db()
    assert [answer.status_code for answer in answers] == [403] * 4
    assert (client.get(address(draft)).status_code, client.get(LIST).status_code) == (200, 200)
    assert (draft.title, draft.state) == ("Buckwheat flour", State.DRAFT)
    assert not drafts_titled("Honey of the cliffs").exists()


def test_sizes_of_a_listing_have_forms_of_their_own(desk, vendor):
    small = SizeFactory(parent__vendor=vendor, parent__stock=None, parent__title="Tea")
    large = SizeFactory(parent=small.parent)

    page = desk.get(address(small.parent))
    size_page = desk.get(address(small))

    assert [offer.row.size for offer in page.context["offers"]] == [small.size_label, large.size_label]
    assert size_page.status_code == 404


def test_list_is_narrowed_by_state(desk, listing, draft):
    page = desk.get(LIST, {"show": "draft"})

    assert [row.title for row in page.context["rows"]] == ["Buckwheat flour"]


def test_list_takes_as_many_queries_for_twenty_listings_as_for_one(desk, listing):
    PhotoFactory(product=listing)
    SizeFactory(parent=listing)
    of_one = queries_of(desk, LIST)
    for _ in range(9):
        PhotoFactory(product=a_listing(vendor=listing.vendor))
        SizeFactory(parent=SizeFactory(parent__vendor=listing.vendor).parent)
    ListingFactory(vendor=listing.vendor, returned=True)

    of_twenty = queries_of(desk, LIST)

    assert len(desk.get(LIST).context["rows"]) == 20
    assert of_one == of_twenty <= 12


def test_months_of_harvest_are_kept(desk, vendor, draft):
    desk.post(address(draft), typed(vendor, seen=10, season_from="11", season_until="2"))

    draft.refresh_from_db()
    assert draft.season == "11-2"
    assert b'<option value="2" selected>' in desk.get(address(draft)).content
