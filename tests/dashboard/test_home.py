"""The first page of a member: what must I do now."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.services import review
from orders.models import VendorOrder, VendorOrderEvent
from orders.services import fulfilment
from tests.dashboard.given import member_of, paid_part, queries_of, stock_record
from tests.factories.catalogue import CategoryFactory, PhotoFactory
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing
from vendors.models import Partner

pytestmark = pytest.mark.django_db

HOME = "/dashboard/"


def test_nothing_to_do_is_said(desk):
    page = desk.get(HOME)

    assert page.context["tasks"] == []
    assert "All done." in page.content.decode()


def test_new_order_comes_first_with_its_waiting_time(desk, listing, chair):
    sent = paid_part(listing)
    fulfilment.accept(sent, actor=chair)
    new = paid_part(listing, 2)
    long_ago = timezone.now() - timedelta(hours=5)
    VendorOrderEvent.objects.filter(vendor_order=new, to_state="new").update(created_at=long_ago)

    VendorOrder.objects.filter(pk=new.pk).update(released_at=long_ago)

    page = desk.get(HOME)

    first, second = page.context["tasks"]
    assert (first.number, first.words, first.urgency) == (1, "Say yes to an order", "now")
    assert (first.since, first.url) == (long_ago, new.get_absolute_url())
    assert first.note == "₹560 · 2 x Red rice · Thimphu"
    assert (second.number, second.words, second.urgency) == (1, "Pack an order", "soon")
    assert second.url == sent.get_absolute_url()
    assert page.context["task_count"] == 2
    assert page.context["orders_waiting"] == 2
    assert first.due_at == long_ago + timedelta(hours=96)
    assert "3\xa0days, 18\xa0hours left to answer" in page.content.decode()


def test_several_orders_are_one_task_that_leads_to_the_list(desk, listing):
    paid_part(listing)
    paid_part(listing)

    (task,) = desk.get(HOME).context["tasks"]

    assert (task.number, task.words) == (2, "Say yes to orders")
    assert task.url == f"{reverse('dashboard-order-list')}?show=new"
    assert task.note == "The oldest: ₹310 · 1 x Red rice · Thimphu"


def test_listing_that_came_back_is_shown_with_the_last_note(desk, listing):
    moderator = PersonFactory()
    PhotoFactory(product=listing)
    listing.categories.add(CategoryFactory())
    review.ask_for_changes(listing, moderator, "Which year is the rice from?")
    review.submit(listing, moderator)
    review.ask_for_changes(listing, moderator, "Please add a photo of the grain.")

    (task,) = desk.get(HOME).context["tasks"]

    assert (task.words, task.quote) == ("Listing came back: Red rice", "Please add a photo of the grain.")
    assert task.url == reverse("dashboard-listing-detail", args=[listing.pk])


def test_low_stock_counts_what_shoppers_can_still_buy(desk, listing):
    plenty = a_listing(vendor=listing.vendor, units=3)
    a_listing(units=1)
    paid_part(listing, 9)

    (row,) = desk.get(HOME).context["low_stock"]

    assert (row.title, row.in_store, row.reserved, row.for_sale) == ("Red rice", 10, 9, 1)
    assert row.pk != stock_record(plenty).pk


def test_times_are_those_of_the_country_of_the_group(client):
    vendor = VendorFactory(home_region=CountryFactory(code="BT"))
    part = paid_part(a_listing(vendor=vendor))
    released_at = timezone.now().replace(hour=20, minute=30) - timedelta(days=2)
    VendorOrder.objects.filter(pk=part.pk).update(released_at=released_at)
    client.force_login(member_of(vendor))

    text = client.get(part.get_absolute_url()).content.decode()

    # Thimphu is six hours ahead of UTC, so half past eight in the evening is the next day there.
    day = (released_at + timedelta(hours=6)).strftime("%a %-d %B, 02:30")
    assert day in text


def test_applicant_is_told_that_nothing_is_shown_yet(client):
    vendor = VendorFactory(applied=True)
    client.force_login(member_of(vendor))

    text = client.get(HOME).content.decode()

    assert "Nobody sees them before the group is approved" in text
    assert vendor.state == Partner.State.APPLIED


def test_member_of_two_groups_works_for_the_chosen_one(client, listing):
    person = member_of(listing.vendor)
    other = a_listing()
    member_of(other.vendor, user=person)
    mine, theirs = paid_part(listing), paid_part(other)
    client.force_login(person)

    for vendor, part in ((other.vendor, theirs), (listing.vendor, mine)):
        answers = [client.post(reverse("dashboard-group"), {"group": vendor.code}) for _ in range(2)]

        page = client.get(reverse("dashboard-order-list"))
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, HOME)] * 2
        assert page.context["desk"].vendor == vendor
        assert [row.number for row in page.context["rows"]] == [part.number]


def test_link_to_an_order_opens_the_desk_of_its_group(client, listing):
    person = member_of(listing.vendor)
    other = a_listing()
    member_of(other.vendor, user=person)
    mine, theirs = paid_part(listing), paid_part(other)
    client.force_login(person)

    for part in (mine, theirs):
        page = client.get(part.get_absolute_url())

        assert page.context["desk"].vendor == part.vendor
        assert client.get(HOME).context["desk"].vendor == part.vendor


def test_unknown_group_is_not_found_and_nothing_is_chosen(desk, listing):
    answers = [desk.post(reverse("dashboard-group"), sent).status_code for sent in ({"group": "x"}, {})]

    assert answers == [404, 404]
    assert desk.get(HOME).context["desk"].vendor == listing.vendor


def test_home_takes_as_many_queries_for_twenty_of_everything_as_for_one(desk, listing, chair):
    def one_more():
        fulfilment.accept(paid_part(a_listing(vendor=listing.vendor, units=2)), actor=chair)
        paid_part(a_listing(vendor=listing.vendor, units=2))
        review.ask_for_changes(a_listing(vendor=listing.vendor), chair, "Please mend it.")

    one_more()
    # Announcements are kept for all pages.
    desk.get(HOME)
    of_one = queries_of(desk, HOME)
    for _ in range(19):
        one_more()

    assert of_one == queries_of(desk, HOME) <= 23


def test_members_find_the_desk_from_their_account_and_shoppers_do_not(client, listing):
    link = f'href="{HOME}">To the desk of your group</a>'
    pages = []

    for person in (member_of(listing.vendor), PersonFactory()):
        client.force_login(person)
        pages.append(client.get(reverse("account-home")).content.decode())

    assert [link in page for page in pages] == [True, False]


@pytest.mark.parametrize(("role", "is_offered"), [("chair", True), ("bookkeeper", True), ("packer", False)])
def test_writing_a_listing_is_offered_to_those_who_may(client, listing, role, is_offered):
    client.force_login(member_of(listing.vendor, role))

    pages = [client.get(HOME), client.get(reverse("dashboard-listing-list"))]

    new = reverse("dashboard-listing-create")
    assert [new in page.content.decode() for page in pages] == [is_offered, is_offered]
