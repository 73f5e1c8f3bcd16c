"""Returns at the desk of the group and in the office's queue; figures of the group."""

import pytest
from django.urls import reverse

from catalogue.models import Product
from orders.models import Return
from orders.services import returns
from tests.dashboard.given import member_of, no_photo, photo, queries_of
from tests.factories.people import PersonFactory
from tests.orders.returned import asked_return, delivered_part, wish
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return asked_return()[0]


@pytest.fixture
def desk(client, case):
    """A browser in which the bookkeeper has signed in."""
    client.force_login(member_of(case.vendor_order.vendor, "bookkeeper"))
    return client


def state(case):
    return Return.objects.get(pk=case.pk).state


def test_a_return_stands_among_what_is_to_be_done_with_its_clock_and_in_the_list(desk, case):
    url = reverse("dashboard-return", args=[case.pk])

    home = desk.get(reverse("dashboard-home")).content.decode()

    assert url in home
    assert "Answer a buyer&#x27;s return" in home or "Answer a buyer's return" in home
    assert url in desk.get(reverse("dashboard-return-list")).content.decode()
    returns.withdraw(case, actor=None)
    assert url not in desk.get(reverse("dashboard-home")).content.decode()


def test_buttons_pressed_twice_count_once_and_a_no_without_a_reason_is_asked_for_it(desk, case):
    url = reverse("dashboard-return", args=[case.pk])

    unsaid = desk.post(url, {"do": "refuse", "reason": ""})
    said = [desk.post(url, {"do": "send-back"})["Location"] for _try in range(2)]
    late = desk.post(url, {"do": "refuse", "reason": "No"}, follow=True)

    assert "Write the reason." in unsaid.content.decode()
    assert said == [url, url]
    assert "This has changed meanwhile." in late.content.decode()
    assert list(case.events.values_list("to_state", flat=True)) == ["agreed"]
    desk.post(url, {"do": "received"})
    desk.post(url, {"do": "received"})
    assert state(case) == "closed"
    assert case.vendor_order.lines.get().returned_quantity == 2


def test_the_group_contests_what_came_back_on_its_page_with_a_photo(desk, case):
    url = reverse("dashboard-return", args=[case.pk])
    desk.post(url, {"do": "send-back"})

    unsaid = desk.post(url, {"do": "contest", "reason": "", "photos": photo()})
    no_picture = desk.post(url, {"do": "contest", "reason": "It is <b>worn</b>", "photos": no_photo()})
    unchanged = (state(case), case.photos.count())
    said = [desk.post(url, {"do": "contest", "reason": "Worn", "photos": photo()}) for _try in range(2)]

    assert "Write the reason." in unsaid.content.decode()
    assert "stole.jpg" in no_picture.content.decode()
    assert "It is &lt;b&gt;worn&lt;/b&gt;</textarea>" in no_picture.content.decode()
    assert unchanged == ("agreed", 0)
    assert [answer.status_code for answer in said] == [302, 302]
    assert (state(case), case.photos.get().by_group) == ("disputed", True)
    assert "of the group, opens large" in desk.get(url).content.decode()


def test_the_packer_reads_and_does_not_answer(client, case):
    client.force_login(member_of(case.vendor_order.vendor, "packer"))
    url = reverse("dashboard-return", args=[case.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"do": "keep"}).status_code == 403

    assert state(case) == "asked"


def test_the_list_takes_as_many_queries_for_many_returns(desk, case):
    few = queries_of(desk, reverse("dashboard-return-list"))
    returns.withdraw(case, actor=None)
    for number in range(4):
        again = returns.ask(case.vendor_order, wish(case.vendor_order, key=f"k{number}x"), actor=None)
        returns.withdraw(again, actor=None)

    assert queries_of(desk, reverse("dashboard-return-list")) == few


def test_the_office_finds_what_is_disputed_and_decides_with_a_reason(client, case):
    returns.move_overdue(case.due_at)
    client.force_login(PersonFactory(moderator=True))
    queue = client.get(reverse("admin:order_return_changelist")).content.decode()
    page = reverse("admin:order_return_change", args=[case.pk])
    decide = reverse("admin:order_return_decide", args=[case.pk])
    assert page in queue
    assert "Torn at the hem" in client.get(page).content.decode()

    unsaid = client.post(decide, {"decision": "refund_now", "reason": ""}, follow=True)
    assert state(case) == "disputed"
    client.post(decide, {"decision": "refund_now", "reason": "The photos show it"})

    assert "Write the reason." in unsaid.content.decode()
    assert state(case) == "closed"
    assert case.events.last().reason == "The photos show it"


@pytest.mark.isolation
def test_photos_are_shown_to_the_group_and_to_staff_with_the_right_alone(client):
    part, chair = delivered_part()
    case = returns.ask(part, wish(part), photos=[photo()], actor=None)
    at_desk = reverse("dashboard-return-photo", args=[case.pk, case.photos.get().pk])
    in_admin = reverse("admin:order_return_photo", args=[case.photos.get().pk])
    people = {
        "chair": chair,
        "stranger": member_of(a_listing().vendor),
        "moderator": PersonFactory(moderator=True),
        "staff": PersonFactory(staff=True),
    }
    found = {}

    for name, person in people.items():
        client.force_login(person)
        found[name] = [client.get(address).status_code for address in (at_desk, in_admin)]

    assert found == {
        "chair": [200, 302],
        "stranger": [404, 302],
        "moderator": [404, 200],
        "staff": [404, 404],
    }


def test_figures_are_for_chair_and_bookkeeper_and_their_file_begins_no_formula(client):
    listing = a_listing(title="Red rice")
    part, chair = delivered_part((listing, 2))
    Product.objects.filter(pk=listing.pk).update(title="=1+1")
    url, file = reverse("dashboard-figures"), reverse("dashboard-figures-csv")
    client.force_login(member_of(part.vendor, "packer"))
    assert [client.get(address).status_code for address in (url, file)] == [403, 403]
    client.force_login(chair)

    page = client.get(url).content.decode()
    text = client.get(file).content.decode()

    assert "500.00" in page
    assert '<svg class="bars' in page
    assert "listing,'=1+1,2,500.00,INR" in text
    assert "place of the buyer,Other places,2,500.00,INR" in text
    assert "Thimphu" not in text
