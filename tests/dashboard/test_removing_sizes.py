"""A size taken out of its listing: gone when it was never sold, kept for its orders when it was."""

import pytest
from django.urls import reverse

from catalogue.errors import ChangeOutdated
from catalogue.models import Product
from catalogue.selectors.import_reports import export_file
from catalogue.selectors.snapshots import size_values
from catalogue.services import change_review, review, sizes
from catalogue.services.changes import Wanted, propose
from catalogue.services.importing import run, take_in
from tests.dashboard.given import member_of
from tests.factories.catalogue import CategoryFactory, ListingFactory, PhotoFactory, SizeFactory
from tests.support.race import race
from vendors.errors import InsufficientStock
from vendors.models import Membership, StockMovement, StockRecord
from vendors.services import stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def listing():
    found = ListingFactory(stock=None, title="Honey")
    PhotoFactory(product=found)
    for label, price in (("Small", 100), ("Large", 300)):
        SizeFactory(parent=found, size_label=label, stock__price=price)
    return found


def size_of(listing, label):
    return Product.objects.get(parent=listing, size_label=label)


def take_out(client, listing, size):
    record = StockRecord.objects.get(product=size)
    url = reverse("dashboard-listing-move", args=[listing.pk])
    return client.post(url, {"do": "remove_size", "size": record.pk})


def test_size_that_was_never_sold_is_gone_and_sent_twice_it_is_done_once(client, listing):
    client.force_login(member_of(listing.vendor))
    small = size_of(listing, "Small")
    record = StockRecord.objects.get(product=small)

    for _ in range(2):
        client.post(
            reverse("dashboard-listing-move", args=[listing.pk]), {"do": "remove_size", "size": record.pk}
        )

    listing.refresh_from_db()
    assert [size.size_label for size in Product.objects.filter(parent=listing)] == ["Large"]
    assert (str(listing.price_from), listing.state) == ("300.00", "live")


def test_size_that_was_sold_is_neither_shown_nor_sold_and_keeps_its_history(client, listing):
    small = size_of(listing, "Small")
    record = StockRecord.objects.get(product=small)
    record.partner_sku = "SMALL"
    record.save(update_fields=["partner_sku"])
    stock.reserve({record.pk: 2})
    person = member_of(listing.vendor)
    client.force_login(person)

    take_out(client, listing, small)

    small.refresh_from_db()
    listing.refresh_from_db()
    assert (small.is_removed, small.state, small.is_public) == (True, "withdrawn", False)
    assert StockMovement.objects.filter(stock_record=record, why="reserved").exists()
    assert str(listing.price_from) == "300.00"
    assert "Small" not in client.get(reverse("dashboard-stock-list")).content.decode()
    assert "Small" not in client.get(listing.get_absolute_url()).content.decode()
    assert client.post(reverse("dashboard-price", args=[record.pk]), {"price": "1"}).status_code == 404
    assert "SMALL" not in export_file(listing.vendor)
    # What was sold can still be sent.
    stock.consume({record.pk: 2})

    job = take_in(listing.vendor, b"sku,price\nsmall,5\n", name="a", token="t", actor=person)
    run(job.pk)
    assert [fault["code"] for fault in job.rows.get().faults] == ["sku_removed"]


def test_size_that_was_taken_out_does_not_come_back_with_its_listing(listing):
    listing.categories.add(CategoryFactory())
    small = size_of(listing, "Small")
    stock.reserve({StockRecord.objects.get(product=small).pk: 1})
    sizes.remove_size(small)
    person = member_of(listing.vendor)

    review.withdraw(listing, person)
    review.submit(listing, person)
    review.approve(listing, person)

    assert list(Product.objects.live().filter(parent=listing).values_list("size_label", flat=True)) == [
        "Large"
    ]


def test_change_that_waits_forgets_a_size_that_was_taken_out(listing):
    small, large = size_of(listing, "Small"), size_of(listing, "Large")
    stock.reserve({StockRecord.objects.get(product=small).pk: 1})
    person = member_of(listing.vendor)
    values = [{**size_values(small), "label": "Tiny"}, {**size_values(large), "label": "Huge"}]
    change = propose(listing, Wanted({"sizes": values}), person, send=True)
    sizes.remove_size(small)
    with pytest.raises(ChangeOutdated):
        change_review.approve(change, person, version=change.version)

    # Also from a page that was opened before.
    again = propose(listing, Wanted({"sizes": values}), person, send=True)
    change_review.approve(again, person, version=again.version)

    small.refresh_from_db()
    large.refresh_from_db()
    assert [size["pk"] for size in again.proposed["sizes"]] == [large.pk]
    assert (small.size_label, large.size_label) == ("Small", "Huge")


def test_last_size_stays(client, listing):
    client.force_login(member_of(listing.vendor))
    take_out(client, listing, size_of(listing, "Small"))

    answer = client.post(
        reverse("dashboard-listing-move", args=[listing.pk]),
        {"do": "remove_size", "size": StockRecord.objects.get(product__parent=listing).pk},
        follow=True,
    )

    assert "only size left" in answer.content.decode()
    assert Product.objects.filter(parent=listing, is_removed=False).count() == 1


@pytest.mark.isolation
def test_size_of_another_listing_or_by_a_packer_is_not_taken_out(client, listing):
    other = ListingFactory(stock=None)
    foreign, _other = SizeFactory(parent=other), SizeFactory(parent=other)
    client.force_login(member_of(listing.vendor))
    take_out(client, listing, foreign)
    for bad in ("", "x", "-1", "9" * 30):
        client.post(reverse("dashboard-listing-move", args=[listing.pk]), {"do": "remove_size", "size": bad})
    assert take_out(client, other, foreign).status_code == 404

    client.force_login(member_of(listing.vendor, Membership.Role.PACKER))
    assert take_out(client, listing, size_of(listing, "Small")).status_code == 403
    assert Product.objects.filter(structure="child", is_removed=False).count() == 4


@pytest.mark.django_db(transaction=True)
def test_sale_beside_taking_out_is_either_kept_or_refused(listing):
    small = size_of(listing, "Small")
    record = StockRecord.objects.get(product=small)
    calls = iter([lambda: sizes.remove_size(small), lambda: stock.reserve({record.pk: 1})])

    outcomes = race(lambda: next(calls)(), contenders=2)

    is_sold = StockMovement.objects.filter(stock_record=record.pk, why="reserved").exists()
    assert Product.objects.filter(pk=small.pk, is_removed=True).exists() == is_sold
    assert [type(outcome) for outcome in outcomes if outcome] == ([] if is_sold else [InsufficientStock])
