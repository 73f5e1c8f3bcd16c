"""Codes and discounts on the pages of the shop: basket, checkout, order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.basket.models import Basket
from orders.models import Order
from orders.services.offers import stop_offer
from people.services import limits
from tests.factories.offers import an_offer
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.storefront.test_checkout import ADDRESS
from tests.support.sale import a_listing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deliveries", "thimphu")]
D = Decimal


@pytest.fixture
def basket_page(client):
    """The address of the basket, which holds one thing at 100.00."""
    listing = a_listing("100.00")
    client.post(reverse("basket-add"), {"product": listing.pk, "quantity": 1})
    return reverse("basket")


def give(client, code, **more):
    return client.post(reverse("basket-code"), {"code": code, "at": "basket", **more})


def text(page):
    return " ".join(page.content.decode().split())


def test_a_code_takes_off_what_it_says_and_names_who_gives_it(client, basket_page):
    an_offer(code="HARVEST")

    answer = give(client, " har vest ")
    again = give(client, "HARVEST")
    page = text(client.get(basket_page))

    assert (answer.status_code, answer.url) == (302, basket_page)
    assert again.status_code == 302
    assert "10 % from the programme" in page
    assert "₹10.00" in page
    assert "₹90.00" in page
    assert Basket.objects.get().vouchers.count() == 1


def test_a_code_is_taken_out_again_twice(client, basket_page):
    an_offer(code="HARVEST")
    give(client, "HARVEST")

    for _time in range(2):
        assert client.post(reverse("basket-code"), {"remove": "HARVEST"}).status_code == 302

    assert "from the programme" not in text(client.get(basket_page))
    assert Basket.objects.get().vouchers.count() == 0


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        ({"first_day": timezone.now().date() + 2 * DAY}, "does not count yet"),
        ({"stopped": True}, "has been ended"),
        ({"over": True}, "This offer ended on"),
        ({"used_up": True}, "used up"),
        (None, "We know no such code"),
    ],
    ids=["not yet", "stopped", "over", "used up", "unknown"],
)
def test_a_code_that_counts_for_nobody_says_why_and_keeps_what_was_typed(client, basket_page, offer, why):
    changes = dict(offer or {})
    flags = {name for name in ("stopped", "over", "used_up") if changes.pop(name, False)}
    if offer is not None:
        made = an_offer(code="SPRING", max_uses=1, **changes)
        if "stopped" in flags:
            stop_offer(made, actor=PersonFactory(), reason="wrong")
        if "over" in flags:
            type(made).objects.update(end_datetime=timezone.now())
        if "used_up" in flags:
            type(made).objects.update(num_applications=1)

    answer = give(client, "spring")

    page = text(answer)
    assert answer.status_code == 200
    assert why in page
    assert 'value="spring"' in page
    assert 'aria-invalid="true"' in page
    assert Basket.objects.get().vouchers.count() == 0


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        ({"other_group": True}, "for other goods"),
        ({"minimum": D("100.01")}, "counts from ₹100.01"),
        ({"currency": "BTN"}, "for prices in BTN"),
        ({"is_once": True}, "Sign in, and it counts"),
    ],
    ids=["other goods", "minimum", "currency", "once"],
)
def test_a_code_that_may_count_later_is_kept_and_says_what_is_missing(client, basket_page, offer, why):
    changes = dict(offer)
    if changes.pop("other_group", False):
        changes["vendor"] = VendorFactory()
    an_offer(code="SPRING", **changes)

    answer = give(client, "spring")
    page = text(client.get(basket_page))

    assert answer.status_code == 302
    assert why in page
    assert "₹100.00" in page
    assert Basket.objects.get().vouchers.count() == 1


def test_codes_are_not_guessed_without_an_end(client, basket_page, monkeypatch):
    an_offer(code="SPRING")
    monkeypatch.setattr(limits, "VOUCHER_BY_ADDRESS", limits.Limit("voucher-test", 3, timedelta(hours=1)))
    for guess in ("AAAAA", "BBBBB", "CCCCC"):
        assert "We know no such code" in text(give(client, guess))

    assert "Too many codes were tried" in text(give(client, "SPRING"))
    assert Basket.objects.get().vouchers.count() == 0


@pytest.mark.parametrize("typed", ["", "   ", "\0", "💥" * 200, "<script>", "a" * 5000])
def test_what_is_no_code_is_said_to_be_none(client, basket_page, typed):
    answer = give(client, typed)

    assert answer.status_code == 200
    assert "<script>alert" not in text(answer)


def test_signs_that_nobody_sees_do_not_come_back_in_the_field(client, basket_page):
    answer = give(client, "\0NO\u202eCODE\x1b")

    assert answer.context["code_box"].typed == "NOCODE"


def test_an_empty_basket_takes_no_code(client):
    an_offer(code="SPRING")

    answer = give(client, "SPRING")

    assert answer.status_code == 200
    assert not Basket.objects.exists()


def to_review(client):
    """Through the checkout, up to its last page."""
    address = {
        "name": "Dema",
        "email": "dema@example.org",
        "phone": "",
        "country": "BT",
        "state": "Thimphu",
        "town": "Thimphu town",
        "street": "Norzin Lam 12",
        "postcode": "11001",
    }
    client.post(reverse("checkout-address"), address)
    page = client.get(reverse("checkout-delivery"))
    chosen = {group.field: group.options[0].code for group in page.context["summary"].groups}
    client.post(reverse("checkout-delivery"), chosen)
    return client.get(reverse("checkout-review"))


def place(client, page):
    sent = {
        "basket": page.context["basket_key"],
        "total": page.context["total_key"],
        "offers": page.context["offers_key"],
        "way": "stripe",
    }
    return client.post(reverse("checkout-place"), sent)


def test_the_review_takes_a_code_and_the_order_keeps_it(client, basket_page, fake_provider):
    an_offer(code="HARVEST", title="Harvest days")
    to_review(client)
    assert give(client, "HARVEST", at="review").url == reverse("checkout-review")
    page = client.get(reverse("checkout-review"))

    answer = place(client, page)

    order = Order.objects.get()
    assert "10 % from the programme" in text(page)
    assert "Order and pay ₹150.00" in text(page)
    assert answer.status_code in (302, 303)
    assert order.total_incl_tax == D("150.00")
    shown = text(client.get(order.get_absolute_url()))
    assert "Harvest days" in shown
    assert "10 % from the programme" in shown


def test_a_wrong_code_at_the_review_is_said_there(client, basket_page):
    to_review(client)

    answer = give(client, "WRONG", at="review")

    assert answer.status_code == 200
    assert "We know no such code" in text(answer)
    assert "Is everything right?" in text(answer)


def test_an_offer_that_went_meanwhile_is_named_with_the_new_total_and_nothing_is_placed(
    client, basket_page, fake_provider
):
    offer = an_offer(title="Harvest days")
    page = to_review(client)
    stop_offer(offer, actor=PersonFactory(), reason="wrong")

    answer = place(client, page)
    after = text(client.get(answer.url))

    assert answer.url == reverse("checkout-review")
    assert "“Harvest days” ended or was used up a moment ago" in after
    assert "Order and pay ₹160.00" in after
    assert not Order.objects.exists()


def test_a_form_whose_offers_somebody_changed_is_placed_only_at_the_total_that_holds(
    client, basket_page, fake_provider
):
    an_offer()
    page = to_review(client)

    sent = {"basket": page.context["basket_key"], "total": page.context["total_key"], "offers": "x:y"}
    client.post(reverse("checkout-place"), {**sent, "way": "stripe"})

    assert Order.objects.get().total_incl_tax == D("150.00")


@pytest.mark.parametrize("at", ["basket", "review"])
def test_a_code_that_is_refused_is_named_on_top_with_a_link_to_its_field(client, basket_page, at):
    if at == "review":
        client.post("/checkout/", ADDRESS)
        group = client.get("/checkout/delivery/").context["summary"].groups[0]
        client.post("/checkout/delivery/", {group.field: group.options[0].code})

    page = text(give(client, "NOSUCH", at=at))

    assert page.count("We know no such code.") == 2
    assert '<a href="#id_code">' in page
    assert 'value="NOSUCH"' in page
