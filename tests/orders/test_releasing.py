"""What money, or its absence, does to an order."""

import pytest
from django.db import transaction
from django.utils import timezone

from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.models import Order, OrderEvent
from orders.services.releasing import expire, lock_order, release
from tests.factories.people import PersonFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.sale import a_listing, count_of_sale_rows, notice_kinds, placed_order, states_of, stock_of
from vendors.errors import InsufficientStock
from vendors.models import StockRecord

pytestmark = pytest.mark.django_db


def change(service, order):
    with transaction.atomic():
        return service(lock_order(order.pk))


def test_a_paid_order_is_handed_to_every_group_and_everybody_hears_of_it_once():
    first = VendorFactory(email="khoma@example.org", phone="+97517111111")
    chair, packer = PersonFactory(email="chair@example.org"), PersonFactory(phone_only=True)
    MembershipFactory(vendor=first, user=chair)
    MembershipFactory(vendor=first, user=packer, role="packer")
    goods = [(a_listing(vendor=first), 1), (a_listing(), 2)]
    order = placed_order(*goods)

    released = change(release, order)
    again = change(release, order)

    assert (released, again) == (True, False)
    assert states_of(order) == ("paid", ["new", "new"])
    assert [stock_of(listing) for listing, _ in goods] == [(10, 1), (10, 2)]
    assert notice_kinds() == [
        "new_sale email",
        "new_sale email",
        "new_sale sms",
        "new_sale sms",
        "order_paid email",
        "order_placed email",
    ]
    told = Notice.objects.filter(kind="new_sale").values_list("address", flat=True)
    assert sorted(told) == sorted(["khoma@example.org", "chair@example.org", "+97517111111", packer.phone])


def test_a_member_with_the_groups_own_address_is_written_to_once():
    vendor = VendorFactory(email="khoma@example.org")
    MembershipFactory(vendor=vendor, user=PersonFactory(email="khoma@example.org"))
    order = placed_order((a_listing(vendor=vendor), 1))

    change(release, order)

    assert Notice.objects.filter(kind="new_sale").count() == 1


def test_a_member_who_may_not_sign_in_any_more_hears_nothing():
    vendor = VendorFactory()
    MembershipFactory(vendor=vendor, user=PersonFactory(is_active=False))
    order = placed_order((a_listing(vendor=vendor), 1))

    change(release, order)

    assert not Notice.objects.filter(kind="new_sale").exists()


def test_a_group_hears_of_its_own_goods_only():
    mine, theirs = VendorFactory(email="khoma@example.org"), VendorFactory(email="radhi@example.org")
    order = placed_order(
        (a_listing(vendor=mine, title="Kushuthara"), 1), (a_listing(vendor=theirs, title="Bura cloth"), 3)
    )

    change(release, order)

    goods = dict(Notice.objects.filter(kind="new_sale").values_list("address", "context__goods"))
    assert goods == {"khoma@example.org": "1 x Kushuthara", "radhi@example.org": "3 x Bura cloth"}


def test_an_order_not_paid_in_time_gives_its_stock_back_once():
    listing = a_listing()
    order = placed_order((listing, 3))

    expired, again = change(expire, order), change(expire, order)

    assert (expired, again) == (True, False)
    assert states_of(order) == ("expired", ["cancelled"])
    assert stock_of(listing) == (10, 0)
    assert notice_kinds() == ["order_expired email", "order_placed email"]
    reasons = [event.reason for event in order.vendor_orders.get().events.all()]
    assert reasons == ["", "not paid in time"]


@pytest.mark.fault(30)
def test_an_expired_order_that_is_paid_after_all_takes_its_stock_again():
    listing = a_listing(units=3)
    order = placed_order((listing, 3))
    change(expire, order)

    released = change(release, order)

    assert released is True
    assert states_of(order) == ("paid", ["new"])
    assert stock_of(listing) == (3, 3)
    assert [event.to_state for event in OrderEvent.objects.all()] == ["awaiting_payment", "expired", "paid"]


@pytest.mark.fault(32)
def test_an_expired_order_whose_goods_are_gone_stays_expired():
    kept, gone = a_listing(), a_listing(units=3)
    order = placed_order((kept, 1), (gone, 3))
    change(expire, order)
    StockRecord.objects.filter(product=gone).update(num_allocated=1)
    before = count_of_sale_rows()

    with pytest.raises(InsufficientStock):
        change(release, order)

    assert states_of(order) == ("expired", ["cancelled", "cancelled"])
    assert Order.objects.get().paid_at is None
    assert (stock_of(kept), stock_of(gone)) == ((10, 0), (3, 1))
    assert count_of_sale_rows() == before


def test_a_paid_order_cannot_expire():
    listing = a_listing()
    order = placed_order((listing, 1))
    change(release, order)

    expired = change(expire, order)

    assert expired is False
    assert states_of(order) == ("paid", ["new"])
    assert stock_of(listing) == (10, 1)


def test_a_part_that_was_cancelled_while_its_order_waited_is_not_lost_silently():
    listing = a_listing()
    order = placed_order((listing, 1))
    order.vendor_orders.update(state="returned", released_at=timezone.now())

    with pytest.raises(IllegalTransition):
        change(release, order)

    assert states_of(order) == ("awaiting_payment", ["returned"])
    assert Order.objects.get().paid_at is None
    assert notice_kinds() == ["order_placed email"]


def test_a_rolled_back_release_tells_nobody(django_capture_on_commit_callbacks):
    order = placed_order()

    def release_and_fail():
        with transaction.atomic():
            release(lock_order(order.pk))
            raise RuntimeError("the worker stumbled")

    with django_capture_on_commit_callbacks() as queued, pytest.raises(RuntimeError):
        release_and_fail()

    assert queued == []
    assert states_of(order) == ("awaiting_payment", ["awaiting_payment"])
    assert notice_kinds() == ["order_placed email"]
