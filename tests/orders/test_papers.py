"""Papers of a group's orders: slip, pick list, export; whose data they hold, and how long."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from orders.documents.words import LANGUAGES, word
from orders.models import Order, VendorOrder
from orders.services import fulfilment
from orders.services.packing import pack
from tests.dashboard.given import member_of, paid_part, paid_parts
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

BUYER = ("Dema", "Norzin Lam 12", "+97517123456")
MESSAGE = "Happy new year, Ama"


@pytest.fixture
def listing():
    return a_listing(title="Red rice", units=50)


@pytest.fixture
def chair(listing):
    return member_of(listing.vendor)


@pytest.fixture
def desk(client, chair):
    client.force_login(chair)
    return client


def pdf_text(answer):
    assert answer["Content-Type"] == "application/pdf"
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def slip(desk, part, language="en"):
    return pdf_text(desk.get(reverse("dashboard-order-slip", args=[part.number]), {"language": language}))


def export(desk, **asked):
    text = desk.get(reverse("dashboard-orders-csv"), asked).content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def let_pass(part, days):
    """Delivered so many days ago."""
    then = timezone.now() - timedelta(days=days)
    VendorOrder.objects.filter(pk=part.pk).update(state="delivered", delivered_at=then)


def test_a_slip_names_goods_buyer_and_prices(desk, listing):
    other = a_listing(title="Foreign honey")
    mine, _theirs = paid_parts((listing, 2), (other, 1), phone="+97517123456")

    text = slip(desk, mine)

    assert mine.number in text
    assert "Red rice" in text
    assert "250" in text
    assert all(words in text for words in BUYER)
    assert "Foreign honey" not in text


def test_a_slip_of_a_gift_names_no_price_and_bears_its_words(desk, listing):
    part = paid_part(listing, 2, is_gift=True, gift_message=MESSAGE)

    text = slip(desk, part)

    assert MESSAGE in text
    assert "Red rice" in text
    assert not any(price in text for price in ("250", "500", "₹"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("packages", [(), (1, 2), (1,)], ids=["whole", "two packages", "one and a rest"])
def test_a_gift_has_no_price_in_any_language_however_it_is_packed(desk, chair, listing, language, packages):
    part = paid_part(listing, 3, is_gift=True, gift_message=MESSAGE)
    fulfilment.accept(part, actor=chair)
    for seen, units in enumerate(packages):
        pack(part, {part.lines.get().pk: units}, seen=seen, actor=chair)

    text = slip(desk, part, language)

    # 250 for one, 500 for two, 750 for three, 810 with its delivery of 60.
    assert not any(price in text for price in ("250", "500", "750", "810", "60.00", "₹", "INR"))


def test_a_slip_names_what_lies_in_the_package_while_a_rest_is_still_to_be_packed(desk, chair, listing):
    part = paid_part(listing, 5)
    fulfilment.accept(part, actor=chair)
    pack(part, {part.lines.get().pk: 2}, seen=0, actor=chair)

    half = slip(desk, part)
    pack(part, {part.lines.get().pk: 3}, seen=1, actor=chair)
    both = slip(desk, part)

    assert ("500" in half, "1,250" in half or "1250" in half) == (True, False)
    assert ("500" in both, "750" in both) == (True, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_papers_are_whole_in_each_language(desk, chair, listing, language):
    part = paid_part(listing, 2)
    fulfilment.accept(part, actor=chair)

    slip_pdf = desk.get(reverse("dashboard-order-slip", args=[part.number]), {"language": language})
    list_pdf = desk.get(reverse("dashboard-pick-list"), {"language": language})

    for answer, key in ((slip_pdf, "slip"), (list_pdf, "pick list")):
        title = PdfReader(BytesIO(answer.content)).metadata.title
        assert title.startswith(word(key, language))


def test_an_unknown_language_is_english(desk, listing):
    assert "Packing slip" in slip(desk, paid_part(listing), language="xx")


@pytest.mark.parametrize(("days", "is_shown"), [(13, True), (15, False)], ids=["still needed", "past"])
def test_buyer_and_gift_words_are_hidden_on_papers_fourteen_days_after_delivery(
    desk, listing, days, is_shown
):
    part = paid_part(listing, phone="+97517123456", is_gift=True, gift_message=MESSAGE)
    let_pass(part, days)

    text = slip(desk, part)
    page = desk.get(part.get_absolute_url()).content.decode()
    (row,) = export(desk)
    listed = desk.get(reverse("dashboard-order-list"), {"show": "done"}).content.decode()

    for words in (*BUYER, MESSAGE):
        assert (words in text) is is_shown, words
        assert (words in page) is is_shown, words
    assert row["Buyer"] == ("Dema" if is_shown else "")
    assert row["Phone"] == ("'+97517123456" if is_shown else "")
    assert row["Street"] == ("Norzin Lam 12" if is_shown else "")
    assert ("Thimphu" in listed) is is_shown


def test_buyers_of_cancelled_orders_are_hidden_at_once(desk, listing):
    part = paid_part(listing)
    VendorOrder.objects.filter(pk=part.pk).update(state="cancelled")

    (row,) = export(desk)

    assert (row["Buyer"], row["Order"]) == ("", part.number)
    assert "Norzin Lam" not in slip(desk, part)


def test_a_pick_list_sums_the_units_of_all_orders_to_pack(desk, chair, listing):
    honey = a_listing(title="Honey", vendor=listing.vendor)
    first, second = paid_parts((listing, 3)), paid_parts((listing, 4), (honey, 2))
    not_accepted = paid_part(listing, 20)
    for part in (*first, *second):
        fulfilment.accept(part, actor=chair)

    text = pdf_text(desk.get(reverse("dashboard-pick-list")))

    rows = [line for line in text.splitlines() if line.startswith(("Red rice", "Honey"))]
    assert [row.split()[-2:] for row in rows] == [["1", "2"], ["2", "7"]]
    assert not_accepted.number not in text
    assert "Dema" not in text


def test_an_export_holds_the_year_and_begins_no_formula(desk, listing):
    part = paid_part(listing, 2, contact_name="=HYPERLINK(1)")
    old = paid_part(listing)
    VendorOrder.objects.filter(pk=old.pk).update(released_at=timezone.now() - timedelta(days=800))

    (row,) = export(desk)

    assert (row["Order"], row["Units"], row["Total"], row["Currency"]) == (part.number, "2", "560.00", "INR")
    assert row["Buyer"] == "'=HYPERLINK(1)"
    assert export(desk, year="0000")[0]["Order"] == part.number
    assert Order.objects.count() == 2


def test_who_does_not_see_the_money_exports_orders_without_the_commission(client, listing):
    part = paid_part(listing)
    client.force_login(member_of(listing.vendor, "packer"))

    (row,) = export(client)

    assert (row["Order"], row["Total"], row["Commission"]) == (part.number, "310.00", "")
    page = client.get(reverse("dashboard-order-detail", args=[part.number])).content.decode()
    assert "What it brings" not in page
