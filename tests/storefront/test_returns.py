"""A buyer gives goods back: from the order's page, with an account or as a guest; nobody else sees a thing."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Notice
from orders.models import Return
from orders.services import returns
from orders.services.notifying import status_key
from tests.dashboard.given import member_of, no_photo, photo
from tests.factories.people import PersonFactory
from tests.orders.returned import asked_return, delivered_part, wish

pytestmark = [pytest.mark.django_db, pytest.mark.isolation]


@pytest.fixture
def part():
    return delivered_part()[0]


@pytest.fixture
def guest(client, part):
    """A browser in which the guest's link was opened."""
    return let_in(client, part)


def let_in(client, part):
    client.get(reverse("order-detail", args=[part.order.number]), {"key": status_key(part.order)})
    return client


def address_of(part):
    return reverse("order-return-ask", args=[part.order.number, part.number])


def filled(client, part, **changes):
    """What the form sends when it is filled in."""
    page = client.get(address_of(part)).content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    line = part.lines.get()
    return {"form_key": key, f"units-{line.pk}": 2, "reason": "damaged", "words": "Torn", **changes}


def test_a_guest_finds_the_way_from_the_order_and_the_form_sent_twice_asks_once(guest, part):
    order_page = guest.get(reverse("order-detail", args=[part.order.number])).content.decode()
    assert address_of(part) in order_page
    form = filled(guest, part)

    answers = [guest.post(address_of(part), {**form, "photos": [photo(), photo()]}) for _try in range(2)]

    case = Return.objects.get()
    page = reverse("order-return", args=[part.order.number, case.pk])
    assert [answer["Location"] for answer in answers] == [page, page]
    assert (case.items.get().quantity, case.words, case.photos.count()) == (2, "Torn", 2)
    text = guest.get(page).content.decode()
    assert "Torn" in text
    assert text.count(".webp") == 4
    # While it is under way the order leads to it and not to another form.
    order_page = guest.get(reverse("order-detail", args=[part.order.number])).content.decode()
    assert page in order_page
    assert address_of(part) not in order_page
    assert guest.get(address_of(part))["Location"] == page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"photos": no_photo()}, "cannot be read as a photo"),
        ({"reason": ""}, "Say what is wrong."),
        ({"reason": "other", "words": ""}, "Write what is wrong, so that the group understands it."),
        ({"units": "0"}, "Choose what you want to give back."),
        ({"units": "4"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(guest, part, changes, words):
    form = filled(guest, part)
    if "units" in changes:
        form[f"units-{part.lines.get().pk}"] = changes["units"]
    form |= changes

    answer = guest.post(address_of(part), form)

    text = answer.content.decode()
    assert answer.status_code == 200
    assert words in text
    assert form["words"] in text
    assert form["form_key"] in text
    assert (Return.objects.count(), Notice.objects.count()) == (0, 0)


def test_the_buyer_sends_it_back_once_and_may_object_or_withdraw(client):
    case, member = asked_return()
    let_in(client, case.vendor_order)
    page = reverse("order-return", args=[case.vendor_order.order.number, case.pk])
    returns.refuse(case, reason="Worn", actor=member)

    refused = client.post(page, {"do": "object", "words": ""})
    for _try in range(2):
        client.post(page, {"do": "object", "words": "New"})

    assert "Write what is wrong" in refused.content.decode()
    assert list(case.events.values_list("to_state", flat=True)) == ["refused", "disputed"]
    client.post(page, {"do": "sent", "words": "EE1"})
    case.refresh_from_db()
    assert case.state == "disputed"
    assert client.post(page, {"do": "nothing"}).status_code == 404
    client.post(page, {"do": "withdraw"})
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_words_of_a_buyer_are_never_markup(guest, part):
    case = returns.ask(part, wish(part, words="<script>alert(1)</script>"), actor=None)

    text = guest.get(reverse("order-return", args=[part.order.number, case.pk])).content.decode()

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_nobody_else_finds_a_return_its_photos_or_its_form(guest, part):
    case = returns.ask(part, wish(part), photos=[photo()], actor=None)
    number, pk = part.order.number, case.pk
    pages = [
        reverse("order-return", args=[number, pk]),
        reverse("order-return-photo", args=[number, pk, case.photos.get().pk]),
        address_of(part),
    ]
    assert [guest.get(page).status_code for page in pages] == [200, 200, 302]
    assert "no-store" in guest.get(pages[1])["Cache-Control"]
    other, _member = delivered_part()
    theirs = returns.ask(other, wish(other), photos=[photo()], actor=None)
    # Ids of another order under the own order's number.
    foreign = [
        reverse("order-return", args=[number, theirs.pk]),
        reverse("order-return-photo", args=[number, pk, theirs.photos.get().pk]),
        reverse("order-return-photo", args=[number, theirs.pk, theirs.photos.get().pk]),
        reverse("order-return-ask", args=[number, other.number]),
    ]

    assert {guest.get(page).status_code for page in foreign} == {404}
    assert {guest.post(page, {"do": "withdraw"}).status_code for page in (foreign[0], foreign[3])} == {404}
    for person in (None, PersonFactory(), member_of(other.vendor), PersonFactory(moderator=True)):
        stranger = Client()
        if person is not None:
            stranger.force_login(person)
        assert {stranger.get(page).status_code for page in pages} == {404}
        assert {stranger.post(page, {"do": "withdraw"}).status_code for page in (pages[0], pages[2])} == {404}
    assert set(Return.objects.values_list("state", flat=True)) == {"asked"}
