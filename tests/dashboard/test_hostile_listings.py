"""What somebody may type into the form of a listing, or ask for that is not theirs: escaped, refused with words, or not there."""

from html import escape

import pytest
from django.urls import reverse

from catalogue.models import ListingChange, Product, ProductImage
from catalogue.selectors.import_reports import export_file
from catalogue.services import review
from tests.dashboard.given import member_of, photo, stock_record
from tests.factories.catalogue import ListingFactory, PhotoFactory, SizeFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import IdentifiedProductFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db

MARKUP = "<img src=x onerror=alert(1)>\"'&"
NEW = "/dashboard/listings/new/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Photos of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def draft(listing):
    """A draft of the group, of a name that nothing else has."""
    return ListingFactory(
        draft=True, vendor=listing.vendor, title="Quincewort", description="Quincewort leaf"
    )


def address(listing, action="detail"):
    return reverse(f"dashboard-listing-{action}", args=[listing.pk])


def typed(listing, **changes):
    """What the page of a draft sends, with these changes."""
    fields = {
        "title": listing.title,
        "price": "250",
        "units": "10",
        "seen": "10",
        "net_quantity": "",
        "net_unit": "",
        "size_label": "",
        "weight_grams": "400",
        "region": listing.region_id,
        "description": listing.description,
        "do": "save",
    }
    return {**fields, **changes}


def words_of(page):
    return page.content.decode()


def test_markup_is_shown_as_words_everywhere(desk, draft, client):
    picture = PhotoFactory(product=draft, alt_text="")
    key = str(picture.pk)
    sent = typed(
        draft,
        title=MARKUP,
        description=MARKUP,
        ingredients=MARKUP,
        storage=MARKUP,
        lot_rule=MARKUP,
        size_label=MARKUP,
        category=draft.categories.get().pk,
        photo=[key],
        do="send",
        **{f"alt-{key}": MARKUP},
    )
    desk.post(address(draft), sent)
    draft.refresh_from_db()
    assert (draft.title, draft.size_label, draft.state) == (MARKUP, MARKUP, "submitted")
    pages = [desk.get(address(draft)), desk.get("/dashboard/listings/"), desk.get("/dashboard/stock/")]
    pages.append(desk.get(reverse("listing-preview", args=[draft.pk])))
    review.approve(draft, PersonFactory())
    pages += [client.get(draft.get_absolute_url()), client.get("/products/"), client.get("/")]
    client.force_login(PersonFactory(is_staff=True, is_superuser=True))
    pages.append(client.get(f"/admin/catalogue/product/{draft.pk}/change/"))

    assert [page.status_code for page in pages] == [200] * len(pages)
    for page in pages:
        assert "<img src=x" not in words_of(page)
    assert escape(MARKUP)[:20] in words_of(pages[4])


def test_formula_is_words_in_the_file(desk, draft):
    desk.post(address(draft), typed(draft, title='=HYPERLINK("http://x")', size_label="+1"))

    text = export_file(draft.vendor)

    assert ",=HYPERLINK" not in text
    assert '"=HYPERLINK' not in text


def test_signs_that_turn_the_writing_are_not_kept(desk, draft):
    turned = "Red\u202e rice\u2066\u200d"
    label = "1\u202e kg"
    desk.post(
        address(draft), typed(draft, title=turned, description=turned, storage=turned, size_label=label)
    )

    draft.refresh_from_db()
    assert (draft.title, draft.description, draft.storage) == ("Red rice\u200d",) * 3
    assert draft.size_label == "1 kg"


@pytest.mark.parametrize(
    "field", ["title", "description", "ingredients", "storage", "lot_rule", "size_label"]
)
@pytest.mark.parametrize("value", ["a\0b", "x" * 10_000], ids=["NUL", "10,000 signs"])
def test_what_cannot_be_kept_is_refused_beside_its_field(desk, draft, field, value):
    page = desk.post(address(draft), typed(draft, **{field: value, "weight_grams": "777"}))

    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'value="777"' in words_of(page)
    draft.refresh_from_db()
    assert (draft.title, draft.weight_grams) == ("Quincewort", 400)


@pytest.mark.parametrize(
    ("price", "kept"),
    [
        ("५००", "500.00"),
        ("༥༠༠", "500.00"),
        (" 540.50 ", "540.50"),
        ("1e3", "1000.00"),
        ("9999999999.99", "9999999999.99"),
        ("1,000.50", None),
        ("1000,50", None),
        ("NaN", None),
        ("Infinity", None),
        ("-0", None),
        ("0", None),
        ("-5", None),
        ("0.001", None),
        ("999999999999", None),
        ("1e999999999", None),
        ("Nu 500", None),
        ("540_50", None),
    ],
)
def test_price_is_taken_rightly_or_refused_with_words(desk, listing, draft, price, kept):
    forms = [
        (address(draft), typed(draft, price=price, storage="Typed"), "price", draft),
        (reverse("dashboard-price", args=[stock_record(listing).pk]), {"price": price}, "price", listing),
    ]
    for url, sent, _field, about in forms:
        page = desk.post(url, sent)

        found = str(StockRecord.objects.get(product=about).price)
        assert (page.status_code, found) == ((302, kept) if kept else (200, "250.00"))
        if kept is None:
            assert f'value="{price}"' in words_of(page)
            assert "error" in words_of(page)
    page = desk.get(reverse("dashboard-listing-receives"), {"price": price})
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("units", "१२", 12),
        ("units", "12.0", 12),
        ("units", "1e3", None),
        ("units", "-1", None),
        ("units", "999999999999", None),
        ("units", "1,000", None),
        ("weight_grams", "१२००", 1200),
        ("weight_grams", "0", None),
        ("weight_grams", "NaN", None),
        ("net_quantity", "1e3", 1000),
        ("net_quantity", "0", None),
        ("net_quantity", "NaN", None),
        ("net_quantity", "1,5", None),
        ("net_quantity", "99999999999", None),
    ],
)
def test_number_is_taken_rightly_or_refused_with_words(desk, draft, field, value, kept):
    page = desk.post(address(draft), typed(draft, **{field: value, "net_unit": "g", "storage": "Typed"}))

    draft.refresh_from_db()
    found = stock_record(draft).num_in_stock if field == "units" else getattr(draft, field)
    if kept is None:
        assert page.status_code == 200
        assert field in page.context["form"].errors
        assert f'value="{value}"' in words_of(page)
        assert 'value="Typed"' in words_of(page)
        assert (stock_record(draft).num_in_stock, draft.weight_grams, draft.net_quantity) == (10, 400, None)
    else:
        assert (page.status_code, found) == (302, kept)


def test_draft_is_nowhere_for_shoppers(client, listing, draft):
    known = IdentifiedProductFactory(region=draft.region, name="Quince")
    Product.objects.filter(pk=draft.pk).update(identified_product=known, search_words="Quincewort Paro")
    picture = PhotoFactory(product=draft)
    rejected = ListingFactory(rejected=True, vendor=draft.vendor, title="Quincewort too")
    refused = PhotoFactory(product=rejected)
    pages = [
        client.get(url)
        for url in (
            "/",
            "/products/?q=Quincewort",
            "/products/?q=Quincewor",
            f"/products/?known={known.pk}",
            draft.region.get_absolute_url() if hasattr(draft.region, "get_absolute_url") else "/",
            reverse("vendor-detail", args=[draft.vendor.code]),
            listing.get_absolute_url(),
        )
    ]
    gone = [client.get(row.get_absolute_url()).status_code for row in (draft, rejected)]

    for page in pages:
        text = words_of(page).replace("q=Quincewort", "").replace('value="Quincewort"', "")
        for leak in ("Quincewort leaf", "Quincewort too", str(picture.original), str(refused.original)):
            assert leak not in text
    assert gone == [404, 404]


@pytest.mark.isolation
def test_preview_is_kept_by_no_cache_and_shown_to_nobody_else(desk, client, draft):
    url = reverse("listing-preview", args=[draft.pk])
    page = desk.get(url)
    assert page.status_code == 200
    assert {"private", "no-store"} <= {part.strip() for part in page["Cache-Control"].split(",")}

    for person, status in ((None, 302), (PersonFactory(), 404), (member_of(VendorFactory()), 404)):
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(url).status_code == status


@pytest.mark.isolation
def test_sizes_of_another_group_are_neither_copied_nor_previewed_nor_taken_out(desk, listing):
    theirs = ListingFactory(stock=None, vendor=VendorFactory())
    foreign = [SizeFactory(parent=theirs), SizeFactory(parent=theirs)]
    record = StockRecord.objects.get(product=foreign[0])
    before = (Product.objects.count(), ListingChange.objects.count())

    answers = [
        desk.post(address(whole, action), {"do": "remove_size", "size": record.pk, "token": "t"})
        for whole in (theirs, foreign[0])
        for action in ("copy", "move", "detail")
    ]
    answers += [desk.get(reverse("listing-preview", args=[pk.pk])) for pk in (theirs, *foreign)]
    answers += [desk.get(address(whole)) for whole in (theirs, *foreign)]
    answers.append(desk.post(reverse("dashboard-price", args=[record.pk]), {"price": "1"}))

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert (Product.objects.count(), ListingChange.objects.count()) == before
    assert not Product.objects.filter(is_removed=True).exists()


def test_name_of_a_photo_cannot_be_guessed(desk, draft):
    for colour in ("navy", "firebrick"):
        desk.post(address(draft), typed(draft, photos=photo(colour=colour)))

    names = [str(each.original) for each in ProductImage.objects.filter(product=draft)]
    assert len(names) == 2
    assert all(len(name.rsplit("/", 1)[1]) == len("0" * 32 + ".webp") for name in names)
    assert a_listing().images.count() == 0
