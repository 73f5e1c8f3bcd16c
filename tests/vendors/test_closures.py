"""Closing the shop for some days, in the days of the group's own country."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.models import Product
from catalogue.selectors.listings import card_rows, cards
from orders.basket.models import Basket, Line
from orders.errors import GroupClosed
from orders.models import Order
from orders.selectors.baskets import basket_view
from orders.services.baskets import add_to_basket, set_quantity
from orders.services.placing import place_order
from storefront.rows import group_rows
from tests.factories.vendors import MembershipFactory, VendorFactory
from tests.support.sale import a_listing, checkout_data, filled_basket, open_shop
from vendors.errors import ClosureError
from vendors.models import Membership, Partner
from vendors.services.closures import close_shop
from vendors.services.closures import open_shop as open_group

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 20)
# Bhutan is six hours ahead of UTC.
BEFORE_MIDNIGHT = datetime(2026, 11, 30, 17, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
LAST_MINUTE = datetime(2026, 12, 20, 17, 59, tzinfo=UTC)
OPEN_AGAIN = datetime(2026, 12, 20, 18, 0, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def move(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


@pytest.fixture
def group():
    """A group that closes from the first to the twentieth of December."""
    return VendorFactory(closed_from=FIRST, closed_until=LAST, closure_message="We harvest.")


@pytest.mark.parametrize(
    ("moment", "sells"),
    [(BEFORE_MIDNIGHT, True), (MIDNIGHT, False), (LAST_MINUTE, False), (OPEN_AGAIN, True)],
    ids=["23:59 before", "00:00", "23:59 of the last day", "00:00 after"],
)
def test_nothing_goes_into_a_basket_on_the_days_of_the_closure(at, group, moment, sells):
    listing = a_listing(vendor=group)
    at(moment)

    if sells:
        assert add_to_basket(Basket(), listing.pk, 1).quantity == 1
    else:
        with pytest.raises(GroupClosed, match="closed until 20 December 2026"):
            add_to_basket(Basket(), listing.pk, 1)
        assert not Line.objects.exists()


def test_cards_and_lists_of_groups_close_by_the_day_of_the_groups_country(at, group):
    listing = a_listing(vendor=group)
    said = []
    for moment in (BEFORE_MIDNIGHT, MIDNIGHT, LAST_MINUTE, OPEN_AGAIN):
        at(moment)
        (card,) = cards(card_rows(Product.objects.filter(pk=listing.pk)))
        (row,) = group_rows([group])
        said.append((card.availability, "closed until 20 December" in row.about))

    assert said == [("", False), *[("closed until 20 December", True)] * 2, ("", False)]


def test_a_checkout_that_straddles_midnight_places_nothing(at, group):
    open_shop()
    at(BEFORE_MIDNIGHT)
    basket = filled_basket((a_listing(vendor=group), 1))
    data = checkout_data(basket)
    assert basket_view(basket).can_check_out
    at(MIDNIGHT)

    with pytest.raises(GroupClosed):
        place_order(basket, data)

    view = basket_view(basket)
    assert not Order.objects.exists()
    assert not view.can_check_out
    assert "We harvest." in str(view.groups[0].warning)


def test_a_line_of_a_closed_group_does_not_grow(at, group):
    at(BEFORE_MIDNIGHT)
    basket = filled_basket((a_listing(vendor=group), 1))
    line = basket.lines.get()
    at(MIDNIGHT)

    with pytest.raises(GroupClosed):
        set_quantity(basket, line.pk, 3)

    line.refresh_from_db()
    assert line.quantity == 1


def test_a_post_without_a_page_buys_nothing_from_a_closed_group(client, at, group):
    listing = a_listing(vendor=group)
    at(MIDNIGHT)

    answer = client.post(reverse("basket-add"), {"product": listing.pk, "quantity": 1}, follow=True)

    assert "closed until 20 December 2026" in answer.content.decode()
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, 3, "closed_from"), (3, 2, "closed_until"), (0, 400, "closed_until")],
)
def test_days_that_are_no_closure_are_refused(first, last, field):
    vendor = VendorFactory()
    today = vendor.today

    with pytest.raises(ClosureError) as refused:
        close_shop(vendor, first=today + timedelta(days=first), last=today + timedelta(days=last), message="")

    vendor.refresh_from_db()
    assert refused.value.field == field
    assert vendor.closed_from is None


def test_a_closure_that_runs_is_cut_short_and_called_off():
    vendor = VendorFactory()
    today = vendor.today
    Partner.objects.filter(pk=vendor.pk).update(
        closed_from=today - timedelta(days=4), closed_until=today + timedelta(days=9)
    )

    short = close_shop(vendor, first=today - timedelta(days=4), last=today, message="Back tomorrow")
    assert (short.closed_until, short.closure_message) == (today, "Back tomorrow")

    for _twice in range(2):
        assert open_group(vendor).closed_from is None


def test_the_chair_closes_and_opens_on_the_page_and_may_send_it_twice(client):
    member = MembershipFactory()
    client.force_login(member.user)
    today = member.vendor.today
    days = {"closed_from": today, "closed_until": today + timedelta(days=3), "closure_message": "Tshechu"}

    for _twice in range(2):
        answer = client.post(reverse("dashboard-closure"), days, follow=True)
        assert "Open now" in answer.content.decode()
    member.vendor.refresh_from_db()
    assert member.vendor.closure_message == "Tshechu"
    assert "Tshechu" in client.get(member.vendor.get_absolute_url()).content.decode()

    client.post(reverse("dashboard-closure"), {"do": "open"})
    member.vendor.refresh_from_db()
    assert member.vendor.closed_until is None


def test_what_was_typed_wrong_is_kept(client):
    member = MembershipFactory()
    client.force_login(member.user)

    answer = client.post(
        reverse("dashboard-closure"),
        {"closed_from": "2020-01-01", "closed_until": "2020-01-02", "closure_message": "Losar"},
    )

    assert answer.context["form"].errors.keys() == {"closed_from"}
    assert "Losar" in answer.content.decode()


@pytest.mark.isolation
@pytest.mark.parametrize("role", [Membership.Role.BOOKKEEPER, Membership.Role.PACKER])
def test_only_the_chair_closes_the_shop(client, role):
    member = MembershipFactory(role=role)
    client.force_login(member.user)

    assert client.get(reverse("dashboard-closure")).status_code == 404
    assert client.post(reverse("dashboard-closure"), {"do": "open"}).status_code == 404
