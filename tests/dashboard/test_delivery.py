"""A group's own ways of sending on its pages: words, adding, changing, switching off, taking over."""

from decimal import Decimal

import pytest
from django.urls import reverse

from orders.models import Order
from orders.services.delivery_methods import mark_of
from orders.shipping.models import DeliveryMethod, WeightStep
from tests.dashboard.given import METHOD, member_of, paid_part, queries_of
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing

pytestmark = pytest.mark.django_db

LIST, NEW = "/dashboard/our-group/delivery/", "/dashboard/our-group/delivery/new/"
PICK_UP = {
    "form_key": "k2",
    "name": "Pick-up",
    "pick_up_address": "",
    "zone": "home",
    "preparation_days": "1",
    "days_min": "0",
    "days_max": "1",
    "carries_perishables": "yes",
}


@pytest.fixture
def group():
    return VendorFactory()


@pytest.fixture
def chair(client, group):
    client.force_login(member_of(group))
    return client


def page(client, address=LIST):
    return client.get(address).content.decode()


def test_the_addresses_below_are_those_of_the_desk():
    assert (reverse("dashboard-delivery"), reverse("dashboard-delivery-create")) == (LIST, NEW)


def test_a_way_is_added_once_and_read_in_plain_words(chair, group):
    answers = [chair.post(NEW, METHOD), chair.post(NEW, METHOD)]

    assert [answer.url for answer in answers] == [LIST, LIST]
    method = DeliveryMethod.objects.get(vendor=group)
    assert [(step.up_to_grams, step.price) for step in method.steps.all()] == [(1000, 80), (3000, 120)]
    assert (
        "₹80 up to 1 kg, ₹120 up to 3 kg, free from ₹2,000; 3 to 6 days; not for goods that spoil."
        in page(chair)
    )


def test_the_same_form_with_other_values_is_said_and_changes_nothing(chair, group):
    chair.post(NEW, METHOD)

    answer = chair.post(NEW, {**METHOD, "name": "Courier"})

    assert "This was saved already." in answer.content.decode()
    assert 'value="Courier"' in answer.content.decode()
    assert DeliveryMethod.objects.get(vendor=group).name == "Bhutan Post"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Write what shoppers read."),
        ({"days_max": "2"}, "The most days are fewer than the fewest."),
        ({"step_2_weight": "3"}, "Two rows have the same weight."),
        ({"step_2_price": ""}, "A row needs a weight and a price; or empty both."),
        (
            {"step_1_weight": "", "step_1_price": "", "step_2_weight": "", "step_2_price": ""},
            "Write the price, 0",
        ),
        ({"countries": "JP"}, "Countries narrow a way of sending to other countries."),
        ({"zone": "abroad", "countries": "jp, xx"}, "No country is called"),
        ({"step_1_price": "-1"}, "Write a price of at least 0."),
    ],
)
def test_what_cannot_be_is_said_with_all_that_was_typed(chair, changes, words):
    answer = chair.post(NEW, {**METHOD, **changes})

    text = answer.content.decode()
    assert words in text
    assert 'value="2000"' in text
    assert not DeliveryMethod.objects.exists()


def test_pick_up_needs_an_address_and_suits_goods_that_spoil_at_first(chair, group):
    address = f"{NEW}?carrier=pick_up"
    assert '<option value="yes" selected>' in page(chair, address)

    refused = chair.post(address, PICK_UP)
    assert "Write where the buyer picks it up." in refused.content.decode()
    assert not DeliveryMethod.objects.exists()
    chair.post(address, {**PICK_UP, "pick_up_address": "Hub, Paro"})

    method = DeliveryMethod.objects.get(vendor=group)
    assert (method.carrier, method.price, method.carries_perishables) == ("pick_up", 0, True)
    assert "free; 1 day to make it ready, 0 to 1 days; picked up at Hub, Paro; also for goods" in page(chair)


def test_those_of_the_programme_are_shown_and_taken_over_once(chair, group):
    WeightStep.objects.create(method=DeliveryMethodFactory(code="post"), up_to_grams=500, price=Decimal(40))
    DeliveryMethodFactory(code="off", is_active=False)
    assert "₹40 up to 0.5 kg" in page(chair)

    for _twice in range(2):
        assert chair.post(LIST, {"do": "take_over"}).url == LIST

    own = DeliveryMethod.objects.get(vendor=group)
    assert (own.code, [step.price for step in own.steps.all()]) == ("post", [40])
    assert DeliveryMethod.objects.filter(vendor=None).count() == 2
    chair.post(reverse("dashboard-delivery-detail", args=[own.pk]), {"do": "off"})
    chair.post(LIST, {"do": "take_over"})
    assert list(group.delivery_methods.order_by("pk").values_list("code", "is_active")) == [
        ("post", False),
        ("post-2", True),
    ]


def test_a_change_and_switching_off_leave_the_order_that_used_it(chair, group):
    method = DeliveryMethodFactory(vendor=group, price=Decimal("60.00"))
    part = paid_part(a_listing(vendor=group))
    address = reverse("dashboard-delivery-detail", args=[method.pk])

    seen = {**METHOD, "form_key": mark_of(DeliveryMethod.objects.get(pk=method.pk))}
    assert chair.post(address, {**seen, "days_max": "9"}).url == LIST
    assert [chair.post(address, {"do": "off"}).url for _twice in range(2)] == [LIST, LIST]

    method.refresh_from_db()
    assert (method.name, method.days_max, method.is_active) == ("Bhutan Post", 9, False)
    assert method.steps.count() == 2
    part.refresh_from_db()
    assert (part.delivery_price, part.delivery_days_max, part.delivery_name) == (60, 7, "Post")
    assert Order.objects.count() == 1


def test_of_two_members_who_change_it_at_once_the_second_is_told_and_keeps_what_was_typed(chair, group):
    method = DeliveryMethodFactory(vendor=group, price=Decimal("60.00"))
    address = reverse("dashboard-delivery-detail", args=[method.pk])
    seen_by_both = {**METHOD, "form_key": chair.get(address).context["form"]["form_key"].value()}

    first = [chair.post(address, {**seen_by_both, "days_max": "9"}).status_code for _twice in range(2)]
    second = chair.post(address, {**seen_by_both, "name": "By bus"})

    assert first == [302, 302]
    assert "Somebody else of the group has changed this meanwhile." in second.content.decode()
    assert 'value="By bus"' in second.content.decode()
    method.refresh_from_db()
    assert (method.name, method.days_max) == ("Bhutan Post", 9)


def test_the_packer_has_no_such_page_and_the_programmes_own_is_not_found(client, group):
    programme = DeliveryMethodFactory()
    detail = reverse("dashboard-delivery-detail", args=[programme.pk])
    client.force_login(member_of(group))
    assert [client.get(detail).status_code, client.post(detail, {"do": "off"}).status_code] == [404, 404]
    client.force_login(member_of(group, "packer"))

    statuses = {client.get(address).status_code for address in (LIST, NEW)}
    statuses |= {client.post(LIST, {"do": "take_over"}).status_code, client.post(NEW, METHOD).status_code}

    assert statuses == {404}
    assert DeliveryMethod.objects.filter(is_active=True).count() == 1
    assert LIST not in page(client, reverse("dashboard-our-group"))


def test_twenty_ways_take_as_many_queries_as_one(chair, group):
    DeliveryMethodFactory(vendor=group)
    with_one = queries_of(chair, LIST)
    for method in DeliveryMethodFactory.create_batch(19, vendor=group):
        WeightStep.objects.create(method=method, up_to_grams=500, price=1)

    assert queries_of(chair, LIST) <= with_one + 1
    assert LIST in page(chair, reverse("dashboard-our-group"))
