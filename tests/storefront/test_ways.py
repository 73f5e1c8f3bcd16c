"""Ways to pay on the pages: chosen in the checkout, changed on the order, transfers and cash followed there."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from orders.services.notifying import status_key
from payments.models import PaymentAttempt
from payments.services.attempts import start_payment
from payments.services.cash import collect_cash
from payments.services.receipts import match
from payments.services.settling import settle
from tests.factories.catalogue import ListingFactory
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import a_receipt, a_transfer, allow_cash, cash_order, sent
from tests.storefront.test_checkout import review_form, said, up_to_review
from tests.support.sale import a_listing, placed_order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("deliveries", "thimphu")]


@pytest.fixture
def group(paro):
    return VendorFactory(name="Doga Growers", home_region=paro.doga)


def address(order):
    return f"/orders/{order.number}/"


def seen_by_buyer(client, order):
    """The order's page, as the buyer sees it; every run of blanks is one."""
    client.get(address(order), {"key": status_key(order)})
    return words(client.get(address(order)))


def words(answer):
    return " ".join(answer.content.decode().split())


def ways_on(html):
    return re.findall(r'name="way" value="([a-z_]+)"( checked)?', html)


def test_the_checkout_offers_the_ways_and_says_what_is_charged_in_which_currency(client, group):
    up_to_review(client, ListingFactory(vendor=group))

    html = words(client.get("/checkout/review/"))

    assert ways_on(html) == [("stripe", " checked"), ("bank_transfer", "")]
    assert "Charged ₹310.00 (INR) by card" in html
    assert "You transfer ₹310.00 (INR) at your bank" in html


def test_cash_is_offered_where_every_group_takes_it(client, paro, group):
    other = VendorFactory(home_region=paro.doga)
    allow_cash(group, region=paro.parent)
    up_to_review(client, ListingFactory(vendor=group), ListingFactory(vendor=other))
    of_one = ways_on(words(client.get("/checkout/review/")))
    allow_cash(other, region=paro.parent)

    html = words(client.get("/checkout/review/"))

    assert [way for way, _checked in of_one] == ["stripe", "bank_transfer"]
    assert [way for way, _checked in ways_on(html)] == ["stripe", "bank_transfer", "cash_on_delivery"]
    assert "You pay ₹620.00 (INR) in cash, to each group its part when it comes." in html


def test_who_chooses_a_transfer_comes_to_the_account(client, group):
    form = up_to_review(client, ListingFactory(vendor=group))

    answer = client.post("/checkout/place/", {**form, "way": "bank_transfer"})
    again = client.post("/checkout/place/", {**form, "way": "bank_transfer"})

    order = Order.objects.get()
    html = words(client.get(address(order)))
    assert (answer.status_code, answer["Location"]) == (303, again["Location"])
    assert answer["Location"].endswith(address(order))
    assert PaymentAttempt.objects.get().provider == "bank_transfer"
    for shown in ("100000000001", "Example programme office", "₹310.00", order.number, "Held for you until"):
        assert shown in html


def test_who_chooses_cash_has_ordered(client, paro, group):
    allow_cash(group, region=paro.parent)
    form = up_to_review(client, ListingFactory(vendor=group))

    answer = client.post("/checkout/place/", {**form, "way": "cash_on_delivery"})
    client.get(f"/checkout/return/{Order.objects.get().number}/")

    order = Order.objects.get()
    html = words(client.get(address(order)))
    assert answer["Location"].endswith(f"/checkout/return/{order.number}/")
    assert order.status == "pay_on_delivery"
    assert "Ordered. You pay when it comes." in html
    assert "To pay in cash when it comes" in html
    assert ways_on(html) == []


@pytest.mark.parametrize("way", ["cash_on_delivery", "rocket", "\0"])
def test_a_way_that_is_not_offered_places_nothing(client, group, way):
    form = up_to_review(client, ListingFactory(vendor=group))

    answer = client.post("/checkout/place/", {**form, "way": way})

    html = answer.text
    assert html.count("Choose how you want to pay.") == 2
    assert 'href="#id_way"' in html
    assert 'id="id_way" aria-describedby="id_way_error"' in " ".join(html.split())
    assert Order.objects.count() == 0


def test_the_chosen_way_is_kept_when_a_price_has_changed(client, group):
    listing = ListingFactory(vendor=group)
    form = up_to_review(client, listing)
    listing.stockrecords.update(price=Decimal("300.00"))

    client.post("/checkout/place/", {**form, "way": "bank_transfer"}, follow=True)

    html = words(client.get("/checkout/review/"))
    assert ("bank_transfer", " checked") in ways_on(html)
    assert client.post("/checkout/place/", {**review_form(client), "way": "bank_transfer"}).status_code == 303


@pytest.mark.fault(23)
def test_after_a_decline_the_order_offers_another_try_and_another_way(client, fake_provider):
    order = placed_order()
    attempt = start_payment(order)
    fake_provider.decline(attempt.session_id)
    html = seen_by_buyer(client, order)

    again = client.post(f"{address(order)}pay/", {"way": "stripe"})
    other = client.post(f"{address(order)}pay/", {"way": "bank_transfer"})

    assert "Try again: pay ₹310.00" in html
    assert ways_on(html) == [("stripe", " checked"), ("bank_transfer", "")]
    assert again["Location"] == attempt.page_url
    assert other["Location"].endswith(address(order))
    attempt.refresh_from_db()
    assert (attempt.state, fake_provider.payments[attempt.session_id].session_status) == (
        "expired",
        "expired",
    )


def test_a_buyer_who_waits_for_a_transfer_may_pay_by_card_instead(client, fake_provider):
    order = placed_order()
    a_transfer(order)
    html = seen_by_buyer(client, order)

    answer = client.post(f"{address(order)}pay/", {"way": "stripe"})

    assert "Pay in another way" in html
    assert [way for way, _checked in ways_on(html)] == ["stripe"]
    assert answer["Location"] == PaymentAttempt.objects.unfinished().get().page_url


@pytest.mark.parametrize("way", ["cash_on_delivery", "rocket"])
def test_a_way_that_the_order_does_not_offer_is_said(client, way):
    order = placed_order()
    seen_by_buyer(client, order)

    answer = client.post(f"{address(order)}pay/", {"way": way}, follow=True)

    assert said(answer) == ["This way to pay is not offered for this order. Choose another."]
    assert not PaymentAttempt.objects.exists()


def test_the_buyer_writes_the_journal_number_and_corrects_it(client):
    order = placed_order()
    attempt = a_transfer(order)
    seen_by_buyer(client, order)

    for number in ("jrnl 0001", "JRNL0001", "JRNL0002"):
        answer = client.post(f"{address(order)}journal/", {"journal": number}, follow=True)

    attempt.refresh_from_db()
    assert attempt.buyer_reference == "JRNL0002"
    assert said(answer) == ["Thank you. We look for this transfer and write to you."]
    html = words(answer)
    assert 'value="JRNL0002"' in html
    assert "Correct the number" in html


@pytest.mark.parametrize(
    ("number", "remedy"),
    [("", "Write the journal number that your bank gave you."), ("a?b", "4 to 40 letters and digits")],
)
def test_a_wrong_journal_number_is_said_beside_the_field_and_kept_there(client, number, remedy):
    order = placed_order()
    attempt = a_transfer(order)
    seen_by_buyer(client, order)

    answer = client.post(f"{address(order)}journal/", {"journal": number})

    html = words(answer)
    attempt.refresh_from_db()
    assert answer.status_code == 200
    assert (attempt.buyer_reference, remedy in html) == ("", True)
    assert 'href="#id_journal"' in html
    assert not number or f'value="{number}"' in html


def test_nobody_else_writes_a_journal_number_or_sees_the_account(client, admin_client):
    order = placed_order()
    attempt = a_transfer(order)

    for other in (client, admin_client):
        assert other.post(f"{address(order)}journal/", {"journal": "JRNL0001"}).status_code == 404

    attempt.refresh_from_db()
    assert attempt.buyer_reference == ""
    assert "100000000001" not in words(admin_client.get(address(order)))


def test_a_short_transfer_says_what_is_missing_and_offers_no_other_way(client):
    order = placed_order()
    attempt = a_transfer(order)
    match(a_receipt("100.00"), attempt, actor=PersonFactory())

    html = seen_by_buyer(client, order)

    assert "₹100.00 has come, ₹210.00 is still missing." in html
    assert ways_on(html) == []


def test_a_part_paid_in_cash_is_said_to_be_paid(client):
    order = cash_order()
    part = sent(order.vendor_orders.get())
    before = seen_by_buyer(client, order)

    collect_cash(part, actor=PersonFactory())
    html = seen_by_buyer(client, order)

    assert "To pay in cash when it comes" in before
    assert "To pay in cash when it comes" not in html
    assert "With you" in html


def test_an_order_for_cash_that_is_asked_to_be_paid_only_shows_itself(client, fake_provider):
    order = cash_order()
    seen_by_buyer(client, order)

    answer = client.post(f"{address(order)}pay/", {"way": "stripe"})

    assert answer["Location"] == address(order)
    assert fake_provider.calls == []


def test_an_order_given_up_offers_no_way(client):
    order = placed_order()
    Order.objects.update(status="expired")

    html = seen_by_buyer(client, order)

    assert "This order was not paid in time." in html
    assert ways_on(html) == []


def test_the_pages_of_one_and_of_five_groups_take_equally_many_queries(client, django_assert_num_queries):
    def page_of(count):
        order = placed_order(*((a_listing(), 1) for _ in range(count)))
        settle(a_transfer(order).pk)
        seen_by_buyer(client, order)
        return order

    one, five = page_of(1), page_of(5)
    client.get(address(one))

    with CaptureQueriesContext(connection) as captured:
        client.get(address(one))

    with django_assert_num_queries(len(captured)):
        client.get(address(five))
