"""The hosted page: what a buyer sees and sends, without a script."""

import html
import re
from decimal import Decimal

import pytest

from payments.providers.base import PaymentLine
from payments.simulator.pages import shown_amount
from tests.support.simulator import payment_request

PAID_URL = "http://shop.example/paid?session="


@pytest.fixture
def session_id(simulator):
    """An open session of 1,234.50."""
    return simulator.provider().create_payment(payment_request()).session_id


def submit(simulator, session_id, card):
    return simulator.request("POST", f"/c/pay/{session_id}", form={"card_number": card})


def look(simulator, session_id, part=""):
    return simulator.request("GET", f"/c/pay/{session_id}{part}")


def test_the_page_says_what_is_paid_and_that_no_money_moves(simulator, session_id):
    page = look(simulator, session_id)

    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "No money moves" in page.text
    assert "<h1>Pay ₹1,234.50</h1>" in page.text
    assert "Buckwheat flour \N{MULTIPLICATION SIGN} 2" in page.text
    assert re.search(r"₹1,000\.00.*₹234\.50", page.text, re.DOTALL)
    assert '<label for="card-number">Card number</label>' in page.text
    assert 'href="http://shop.example/basket"' in page.text
    assert "dema@example.org" in page.text


def test_the_page_has_no_script_and_no_inline_style(simulator, session_id):
    page = look(simulator, session_id)

    assert "<script" not in page.text
    assert "style=" not in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://shop.example" in policy
    assert simulator.request("GET", "/assets/pay.css").headers["content-type"] == "text/css; charset=utf-8"


def test_a_good_card_leads_back_to_the_shop(simulator, session_id):
    reply = submit(simulator, session_id, "4242 4242 4242 4242")

    assert (reply.status, reply.headers["location"]) == (303, PAID_URL + session_id)
    assert simulator.provider().retrieve_payment(session_id).payment_status == "paid"


def test_a_page_sent_twice_pays_once(simulator, session_id):
    first = submit(simulator, session_id, "4242424242424242")
    second = submit(simulator, session_id, "4242424242424242")
    back = look(simulator, session_id)

    assert first.headers["location"] == second.headers["location"] == back.headers["location"]
    assert len(simulator.objects("charge")) == 1


def test_a_declined_card_comes_back_with_the_reason(simulator, session_id):
    reply = submit(simulator, session_id, "4000-0000-0000-0002")
    page = look(simulator, session_id)

    assert (reply.status, reply.headers["location"]) == (303, f"/c/pay/{session_id}")
    assert 'role="alert">Your card was declined.</p>' in page.text
    assert 'aria-invalid="true"' in page.text
    assert submit(simulator, session_id, "4242424242424242").headers["location"].startswith(PAID_URL)


@pytest.mark.parametrize(
    "number", ["", "5555555555554444", "4242", "<script>alert(1)</script>", "4242424242424241"]
)
def test_any_other_number_is_refused_and_not_kept(simulator, session_id, number):
    reply = submit(simulator, session_id, number)

    assert reply.status == 422
    assert "Never enter a real card here." in reply.text
    assert not number or html.escape(number) not in reply.text.replace("4242 4242 4242 4242", "")
    assert simulator.request("GET", "/_control/objects?kind=payment_intent").values == {"payment_intent": []}


def test_a_form_without_the_field_is_refused(simulator, session_id):
    assert simulator.request("POST", f"/c/pay/{session_id}", form={}).status == 422


def test_the_bank_asks_and_is_answered(simulator, session_id):
    reply = submit(simulator, session_id, "4000002500003155")
    bank = look(simulator, session_id, "/challenge")
    answered = simulator.request("POST", f"/c/pay/{session_id}/challenge", form={"answer": "complete"})
    after = look(simulator, session_id)

    assert (reply.status, reply.headers["location"]) == (303, f"/c/pay/{session_id}/challenge")
    assert "Complete authentication" in bank.text
    assert "Fail authentication" in bank.text
    assert answered.status == 303
    assert after.headers["location"] == PAID_URL + session_id


def test_the_bank_says_no(simulator, session_id):
    submit(simulator, session_id, "4000002500003155")

    simulator.request("POST", f"/c/pay/{session_id}/challenge", form={"answer": "fail"})

    page = look(simulator, session_id)
    assert page.status == 200
    assert "We are unable to authenticate your payment method." in page.text
    assert simulator.provider().retrieve_payment(session_id).payment_status == "unpaid"


def test_the_banks_page_without_a_question_is_the_payment_page(simulator, session_id):
    assert "Card number" in look(simulator, session_id, "/challenge").text


def test_an_expired_session_shows_so_and_takes_nothing(simulator, session_id):
    simulator.provider().expire_payment(session_id)

    page = look(simulator, session_id)
    late = submit(simulator, session_id, "4242424242424242")

    assert (page.status, late.status) == (410, 410)
    assert "This payment has expired" in page.text
    assert 'href="http://shop.example/basket"' in page.text
    assert simulator.request("GET", "/_control/objects?kind=charge").values == {"charge": []}


@pytest.mark.parametrize(
    "path",
    ["/", "/c/pay/", "/c/pay/cs_test_none", "/c/pay/../../etc/passwd", "/assets/frame.html", "/c/pay/a/b"],
)
def test_any_other_page_is_not_there(simulator, path):
    assert simulator.request("GET", path).status == 404


def test_what_the_shop_names_is_escaped(simulator):
    lines = (PaymentLine('<b>Tea</b> $amount & "more"', 1, Decimal("5.00")),)
    request = payment_request(
        amount=Decimal("5.00"), lines=lines, cancel_url='http://shop.example/?"><script>x</script>'
    )

    page = look(simulator, simulator.provider().create_payment(request).session_id)

    assert "&lt;b&gt;Tea&lt;/b&gt; $amount &amp; &quot;more&quot;" in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123400, "inr", "₹1,234.00"),
        (5, "usd", "$0.05"),
        (1234, "jpy", "JPY 1,234"),
        (100000000, "INR", "₹1,000,000.00"),
    ],
)
def test_amounts_are_shown_with_their_currency(minor, currency, shown):
    assert shown_amount(minor, currency) == shown
