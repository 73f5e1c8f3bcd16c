"""Refunds in the admin: picked, shown, confirmed; decided by a second person; explained."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order
from payments.models import PaymentAttempt, Refund
from payments.providers.base import ProviderRequestRejected
from payments.services.cash import collect_cash
from payments.services.deciding import request_refund
from payments.services.foreign_refunds import look_at_refund
from payments.services.refunds import make_refund
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import cash_order, sent
from tests.support.refunds import everything, paid_order, parts_of
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def sale(fake_provider):
    """Two units at 250.00 of a group that gives 10 %, and 60.00 for delivery."""
    return paid_order(fake_provider, (a_listing(vendor=VendorFactory(commission_rate=D("0.1000"))), 2))


def office():
    """A browser in which a finance officer has signed in."""
    client = Client()
    client.officer = PersonFactory(finance=True)
    client.force_login(client.officer)
    return client


@pytest.fixture
def finance():
    return office()


def ask_page(order):
    return reverse("admin:payments_refund_ask", args=[order.number])


def page(refund):
    return reverse("admin:payments_refund_change", args=[refund.pk])


def values(order, text, **changes):
    """The form as a browser sends it after looking at the page."""
    token = re.search(r'name="token" value="([^"]+)"', text)[1]
    fields = {f"line_{order.lines.get().pk}": 1, "remark": "It was torn", "reason": "damaged", "token": token}
    return {**fields, **changes}


def decide(client, refund, decision, reason=""):
    address = reverse("admin:payments_refund_decide", args=[refund.pk])
    answer = client.post(address, {"decision": decision, "reason": reason}, follow=True)
    refund.refresh_from_db()
    return answer.content.decode()


def test_an_officer_picks_sees_the_amount_and_confirms(finance, sale):
    order, attempt = sale
    delivery = f"delivery_{parts_of(order)[0].pk}"

    form = finance.get(ask_page(order)).content.decode()
    sent = values(order, form, **{delivery: "on"})
    looked = finance.post(ask_page(order), sent)
    between = Refund.objects.count()
    confirmed = finance.post(ask_page(order), {**sent, "confirm": "yes", "shown": "310.00"})

    refund = Refund.objects.get()
    text = looked.content.decode()
    assert between == 0
    for words in ("₹310.00", "₹225.00", "₹60.00", "₹25.00", 'value="310.00"'):
        assert words in text
    assert (confirmed.status_code, confirmed.url) == (302, page(refund))
    assert (refund.amount, refund.reason, refund.requested_by) == (D("310.00"), "damaged", finance.officer)
    assert PaymentAttempt.objects.get(pk=attempt.pk).amount_given_back == D("310.00")


@pytest.mark.fault(34)
def test_a_form_confirmed_twice_leads_to_the_same_refund(finance, sale):
    order, _attempt = sale
    line = f"line_{order.lines.get().pk}"
    sent = values(order, finance.get(ask_page(order)).content.decode(), confirm="yes", shown="500.00")

    answers = [finance.post(ask_page(order), {**sent, line: 2}) for _ in range(2)]

    assert [answer.url for answer in answers] == [page(Refund.objects.get())] * 2


def test_what_is_confirmed_is_what_was_shown(finance, sale):
    order, _attempt = sale
    sent = values(order, finance.get(ask_page(order)).content.decode(), confirm="yes", shown="500.00")

    answer = finance.post(ask_page(order), sent)

    assert "₹250.00" in answer.content.decode()
    assert Refund.objects.count() == 0


def test_wrong_picks_are_refused_in_words(finance, sale):
    order, _attempt = sale
    line = f"line_{order.lines.get().pk}"
    form = finance.get(ask_page(order)).content.decode()

    answers = [
        finance.post(ask_page(order), values(order, form, **changes)).content.decode()
        for changes in ({line: 3}, {line: 0}, {"remark": ""}, {"reason": "foreign"}, {"token": "x"})
    ]

    assert "less than or equal to 2" in answers[0]
    assert answers[2].count("errorlist") == 1
    assert all("Confirm" not in text for text in answers)
    assert Refund.objects.count() == 0


def test_there_is_no_page_for_an_order_without_money(finance, fake_provider):
    assert finance.get(ask_page(placed_order())).status_code == 404
    assert finance.get(reverse("admin:payments_refund_ask", args=["none"])).status_code == 404


def test_an_address_with_the_sign_that_no_text_holds_names_no_order(finance):
    assert finance.get("/admin/payments/refund/of-order/%00/").status_code == 404


def test_the_page_of_an_order_leads_to_the_refund_for_those_who_may(finance, sale):
    order, _attempt = sale
    address = reverse("admin:order_order_change", args=[order.pk])
    officer = Client()
    officer.force_login(PersonFactory(officer=True))

    assert ask_page(order) in finance.get(address).content.decode()
    assert ask_page(order) not in officer.get(address).content.decode()


@pytest.mark.parametrize("trait", ["moderator", "officer", "staff"])
def test_other_staff_neither_ask_nor_decide(sale, trait, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, _attempt = sale
    refund = request_refund(order, everything(order), reason="damaged", remark="Torn", actor=PersonFactory())
    client = Client()
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {client.get(ask_page(order)).status_code, client.post(ask_page(order), {}).status_code}
    statuses.add(client.get(reverse("admin:payments_refund_explain", args=[refund.pk])).status_code)
    statuses.add(
        client.post(
            reverse("admin:payments_refund_decide", args=[refund.pk]), {"decision": "approve"}
        ).status_code
    )

    refund.refresh_from_db()
    assert (statuses, refund.state) == ({403}, "proposed")


def test_above_the_limit_the_second_person_approves(finance, sale, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 100}
    order, _attempt = sale
    sent = values(order, finance.get(ask_page(order)).content.decode(), confirm="yes", shown="250.00")
    said = finance.post(ask_page(order), sent, follow=True).content.decode()
    refund, other = Refund.objects.get(), office()

    own = decide(finance, refund, "approve")
    state = refund.state
    approved = decide(other, refund, "approve")

    assert "a second person must approve it" in said
    assert "You asked for this refund" in own
    assert (state, refund.state, refund.approved_by) == ("proposed", "waiting", other.officer)
    assert "1 done" in approved


def test_a_rejection_needs_a_reason(finance, sale, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 0}
    order, _attempt = sale
    refund = request_refund(order, everything(order), reason="damaged", remark="Torn", actor=PersonFactory())

    without = decide(finance, refund, "reject")
    state = refund.state
    decide(finance, refund, "reject", "Not torn")

    assert "Write why" in without
    assert (state, refund.state, refund.last_error) == ("proposed", "rejected", "Not torn")


@pytest.mark.fault(37)
def test_a_failed_refund_is_asked_again_or_sent_by_bank(finance, sale, fake_provider):
    order, _attempt = sale
    refund = request_refund(order, everything(order), reason="damaged", remark="Torn", actor=PersonFactory())
    make_refund(refund.pk)
    refund.refresh_from_db()
    fake_provider.fail_refund(refund.provider_id)
    look_at_refund("stripe", refund.provider_id)

    shown = finance.get(page(refund)).content.decode()
    without = decide(finance, refund, "sent")
    sent = decide(finance, refund, "sent", "JRNL0007")

    assert "Ask the provider again" in shown
    assert "The programme bears it" not in shown
    assert "journal number" in without
    assert "1 done" in sent
    assert Refund.objects.get(again_for=refund).bank_reference == "JRNL0007"


@pytest.mark.fault(38)
def test_a_refund_made_elsewhere_is_explained_by_what_it_is_worth(finance, sale, fake_provider):
    order, attempt = sale
    remote = fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("250.00"))
    look_at_refund("stripe", remote.id)
    refund = Refund.objects.get()
    address = reverse("admin:payments_refund_explain", args=[refund.pk])

    shown = finance.get(page(refund)).content.decode()
    form = finance.get(address).content.decode()
    line = f"line_{order.lines.get().pk}"
    wrong = finance.post(address, values(order, form, **{line: 2}, confirm="yes", shown="500.00"))
    right = finance.post(address, values(order, form, confirm="yes", shown="250.00"))

    refund.refresh_from_db()
    assert address in shown
    assert "The programme bears it" in shown
    assert "another amount than went back" in wrong.content.decode()
    assert (right.status_code, refund.requested_by) == (302, finance.officer)
    assert finance.get(address).status_code == 404
    assert address not in finance.get(page(refund)).content.decode()
    assert Order.objects.get().status == "part_refunded"


@pytest.mark.fault(38)
def test_what_nobody_can_name_the_programme_bears(finance, sale, fake_provider):
    _order, attempt = sale
    look_at_refund("stripe", fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("13.00")).id)
    refund = Refund.objects.get()

    said = decide(finance, refund, "bear", "Agreed by phone")

    assert "1 done" in said
    assert (refund.requested_by, refund.remark) == (finance.officer, "Agreed by phone")


def test_what_waits_for_a_person_comes_first_and_rows_cost_no_query(finance, sale, fake_provider):
    order, attempt = sale
    for state in ("succeeded", "proposed", "failed", "waiting"):
        Refund.objects.create(
            attempt=attempt,
            key=f"refund:{state}",
            amount=D("1.00"),
            currency="INR",
            reason="goodwill",
            state=state,
            requested_by=finance.officer,
            next_try_at=attempt.created_at,
        )
    address = reverse("admin:payments_refund_changelist")
    finance.get(address)
    with CaptureQueriesContext(connection) as few:
        text = finance.get(address).content.decode()
    for number in range(5):
        Refund.objects.create(
            attempt=attempt,
            key=f"refund:{number}",
            amount=D("1.00"),
            currency="INR",
            reason="goodwill",
            next_try_at=attempt.created_at,
        )
    with CaptureQueriesContext(connection) as many:
        finance.get(address)

    shown = re.findall(r'field-state">([^<]+)<', text)
    assert shown == ["waits for a second person", "failed", "waiting", "refunded"]
    assert len(many) == len(few)
    assert order.number in text


@pytest.mark.fault(38)
def test_an_officer_says_that_one_made_by_hand_stands_for_one_that_failed(finance, sale, fake_provider):
    order, attempt = sale
    refund = request_refund(order, everything(order), reason="damaged", remark="Torn", actor=PersonFactory())
    fake_provider.fail_next("refund_payment", ProviderRequestRejected("no"))
    make_refund(refund.pk)
    look_at_refund("stripe", fake_provider.refund_in_dashboard(attempt.payment_intent_id, D("560.00")).id)
    foreign = Refund.objects.get(reason="foreign")

    shown = finance.get(page(foreign)).content.decode()
    done = decide(finance, foreign, "stands", "I refunded it by hand")

    assert "It stands for a refund that failed" in shown
    assert "1 done" in done
    assert Refund.objects.get(again_for=refund) == foreign


def test_an_officer_notes_that_the_group_gave_the_cash_back(finance, sale):
    by_card = request_refund(
        sale[0], everything(sale[0]), reason="damaged", remark="Torn", actor=PersonFactory()
    )
    order = cash_order((a_listing(), 1))
    part = parts_of(order)[0]
    collect_cash(sent(part), actor=PersonFactory())
    refund = request_refund(order, everything(order), reason="damaged", remark="Torn", actor=PersonFactory())

    without = finance.get(page(by_card)).content.decode()
    shown = finance.get(page(refund)).content.decode()
    done = decide(finance, refund, "given")

    assert "The group gave the cash back" not in without
    assert "The group gave the cash back" in shown
    assert "1 done" in done
    assert Refund.objects.get(pk=refund.pk).given_by == part
