"""Receipts and cash in the admin: entered, imported, matched and approved by finance officers only."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import Order
from payments.admin import cash
from payments.errors import CashNotDue
from payments.models import BankReceipt, CashCollection, CashRule, LedgerPosting
from payments.services.receipts import match
from tests.factories.people import PersonFactory
from tests.factories.regions import CountryFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import D, a_debtor, a_receipt, a_transfer, cash_order, sent
from tests.support.sale import a_listing, placed_order, states_of

pytestmark = pytest.mark.django_db

LIST = "/admin/payments/bankreceipt/"


def office(**person):
    """A browser in which a finance officer has signed in."""
    client = Client()
    client.officer = PersonFactory(finance=True, **person)
    client.force_login(client.officer)
    return client


@pytest.fixture
def finance():
    return office(name="Pema")


@pytest.fixture
def second():
    return office(name="Karma")


def page(receipt):
    return reverse("admin:payments_bankreceipt_change", args=[receipt.pk])


def decide(client, receipt, decision, **sent_values):
    address = reverse("admin:payments_bankreceipt_decide", args=[receipt.pk])
    answer = client.post(address, {"decision": decision, **sent_values}, follow=True)
    receipt.refresh_from_db()
    return answer.content.decode()


def approve(client, receipt):
    """Approve what the page of the receipt shows now."""
    return decide(client, receipt, "approve", seen=client.get(page(receipt)).context["seen"])


def test_a_receipt_is_typed_in_and_posted(finance):
    fields = {
        "reference": "jrnl 01",
        "received_on": timezone.localdate().isoformat(),
        "amount": "310.00",
        "currency": "INR",
        "note": "",
    }

    finance.post(f"{LIST}add/", fields)
    again = finance.post(f"{LIST}add/", fields)

    receipt = BankReceipt.objects.get()
    assert (receipt.reference, receipt.amount, receipt.entered_by) == ("JRNL01", D(310), finance.officer)
    assert "already exists" in again.content.decode()
    assert LedgerPosting.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", "?"),
        ("amount", "-1"),
        ("currency", "XXX"),
        ("received_on", timezone.localdate() + timedelta(days=2)),
        ("received_on", timezone.localdate() - timedelta(days=366)),
    ],
)
def test_what_is_typed_wrong_is_said_and_not_entered(finance, field, value):
    fields = {
        "reference": "JRNL01",
        "received_on": timezone.localdate().isoformat(),
        "amount": "310.00",
        "currency": "INR",
    }

    answer = finance.post(f"{LIST}add/", {**fields, field: value})

    assert field in answer.context["adminform"].form.errors
    assert not BankReceipt.objects.exists()


def test_a_credit_known_in_another_currency_is_not_typed_in_again(finance):
    known = a_receipt("310.00", reference="JRNL01", currency="BTN")
    day = known.received_on.isoformat()
    fields = {"reference": "jrnl 01", "received_on": day, "amount": "310.00", "currency": "INR", "note": ""}

    answer = finance.post(f"{LIST}add/", fields)

    assert "but in another currency" in answer.content.decode()
    assert BankReceipt.objects.get() == known


def test_a_proposal_that_changed_after_the_page_was_opened_is_not_approved(finance, second):
    attempts = [a_transfer(placed_order((a_listing(price="12000.00"), 1))) for _ in range(2)]
    receipt = a_receipt("12060.00")
    decide(finance, receipt, "match", attempt=attempts[0].pk)
    opened = second.get(page(receipt)).context["seen"]
    decide(finance, receipt, "refuse", reason="another school")
    decide(finance, receipt, "match", attempt=attempts[1].pk)

    said = [decide(second, receipt, "approve", seen=opened), decide(second, receipt, "approve")]

    assert all("This has changed meanwhile" in each for each in said)
    assert (receipt.state, receipt.attempt, receipt.approved_by) == ("proposed", attempts[1], None)
    assert Order.objects.filter(status="paid").count() == 0
    approve(second, receipt)
    assert receipt.state == "matched"


def test_a_statement_is_imported_and_its_errors_are_listed(finance):
    text = f"date,reference,amount\n{timezone.localdate()},JRNL0001,310.00\n{timezone.localdate()},?,5\n"

    answers = [
        finance.post(f"{LIST}import/", {"statement": upload(text), "currency": "INR"}) for _ in range(2)
    ]

    html = [" ".join(answer.content.decode().split()) for answer in answers]
    assert "New: 1. Known already: 0. With an error: 1." in html[0]
    assert "New: 0. Known already: 1. With an error: 1." in html[1]
    assert "Write the journal number as the bank printed it" in html[0]
    assert BankReceipt.objects.get().entered_by == finance.officer


def test_a_file_that_is_no_statement_is_said_beside_the_field(finance):
    answer = finance.post(f"{LIST}import/", {"statement": upload("hello"), "currency": "INR"})

    assert "The first line must name the columns." in answer.content.decode()
    assert not BankReceipt.objects.exists()


def upload(text):
    return SimpleUploadedFile("statement.csv", text.encode())


def test_a_suggestion_is_matched_with_one_button_and_stands_in_the_history(finance):
    attempt = a_transfer()
    receipt = a_receipt(note=f"order {attempt.order.number}")
    shown = finance.get(page(receipt)).content.decode()

    said = decide(finance, receipt, "match", attempt=attempt.pk)
    again = decide(finance, receipt, "match", attempt=attempt.pk)

    assert "order number in what the payer wrote" in shown
    assert f"Matched to order {attempt.order.number}." in said
    assert "Somebody has decided about this receipt meanwhile." in again
    assert (receipt.state, states_of(attempt.order)) == ("matched", ("paid", ["new"]))
    assert [(entry.user, entry.object_id) for entry in LogEntry.objects.all()] == [
        (finance.officer, str(receipt.pk))
    ]


@pytest.mark.parametrize("number", ["", "7K3M-2291-9X", "\0"])
def test_an_order_number_that_fits_nothing_is_said(finance, number):
    receipt = a_receipt()

    said = decide(finance, receipt, "match", order=number)

    assert "No order with this number waits for a bank transfer." in said
    assert receipt.state == "unmatched"


def test_an_order_is_named_by_its_number(finance):
    attempt = a_transfer()
    receipt = a_receipt("100.00")

    decide(finance, receipt, "match", order=attempt.order.number.lower())

    assert (receipt.state, receipt.attempt) == ("matched", attempt)


def test_a_large_match_is_approved_by_somebody_else(finance, second):
    attempt = a_transfer(placed_order((a_listing(price="12000.00"), 1)))
    receipt = a_receipt("12060.00")

    proposed = decide(finance, receipt, "match", attempt=attempt.pk)
    own_page = finance.get(page(receipt)).content.decode()
    own = approve(finance, receipt)
    state = receipt.state
    approve(second, receipt)

    assert "A second person has to approve it." in proposed
    assert 'value="approve"' not in own_page
    assert "Somebody else has to approve it." in own
    assert (state, receipt.state, receipt.approved_by) == ("proposed", "matched", second.officer)
    assert Order.objects.get().status == "paid"


def test_putting_back_asks_for_the_reason(finance, second):
    attempt = a_transfer(placed_order((a_listing(price="12000.00"), 1)))
    receipt = a_receipt("12060.00")
    decide(finance, receipt, "match", attempt=attempt.pk)

    silent = decide(second, receipt, "refuse", reason=" ")
    state = receipt.state
    decide(second, receipt, "refuse", reason="another school")

    assert "Write why" in silent
    assert (state, receipt.state, receipt.remark) == ("proposed", "unmatched", "Karma: another school")


def test_what_fits_nothing_is_sent_back(finance):
    receipt = a_receipt("99.00")

    without = decide(finance, receipt, "send_back", return_reference="")
    said = decide(finance, receipt, "send_back", return_reference="RET0001")

    assert "Write the journal number under which the bank sent the money back." in without
    assert "Noted as sent back." in said
    assert receipt.state == "returned"


@pytest.mark.parametrize("trait", ["moderator", "officer", "staff"])
def test_nobody_else_enters_or_decides(client, trait):
    attempt, receipt = a_transfer(), a_receipt()
    client.force_login(PersonFactory(**{trait: True}))

    statuses = {client.get(address).status_code for address in (LIST, f"{LIST}import/", page(receipt))}
    statuses.add(client.post(f"{page(receipt)[:-7]}decide/", {"decision": "match"}).status_code)

    receipt.refresh_from_db()
    assert statuses == {403}
    assert (receipt.state, attempt.order.status) == ("unmatched", "awaiting_payment")


def test_no_receipt_is_edited_or_deleted(client):
    receipt = a_receipt()
    client.force_login(PersonFactory(superuser=True))

    statuses = [
        client.post(page(receipt), {"amount": "1.00"}).status_code,
        client.post(f"{page(receipt)[:-7]}delete/", {"post": "yes"}).status_code,
    ]

    receipt.refresh_from_db()
    assert statuses == [403, 403]
    assert receipt.amount == D(310)


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(finance):
    def one_more():
        match(a_receipt("10.00"), a_transfer(), actor=finance.officer)

    one_more()
    of_one = queries_of(finance)
    for _ in range(19):
        one_more()

    assert queries_of(finance) == of_one


def queries_of(client):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST).status_code == 200
    return len(captured)


def test_where_cash_is_taken_is_decided_by_finance(finance):
    vendor, country = VendorFactory(), CountryFactory()

    finance.post("/admin/payments/cashrule/add/", {"vendor": vendor.pk, "region": country.pk})

    assert list(CashRule.objects.values_list("vendor", "region")) == [(vendor.pk, country.pk)]


def test_staff_note_cash_for_a_group_that_rang_up(finance):
    part = sent(cash_order().vendor_orders.get())
    address = "/admin/payments/cashcollection/add/"

    wrong = finance.post(address, {"number": "no-such-part"})
    finance.post(address, {"number": part.number.lower()})
    again = finance.post(address, {"number": part.number})

    assert "There is no cash to take" in wrong.content.decode()
    assert "The cash for this part is noted already." in again.content.decode()
    noted = CashCollection.objects.get()
    assert (noted.amount, noted.recorded_by) == (D(310), finance.officer)
    assert finance.get("/admin/payments/cashcollection/").status_code == 200


def test_cash_is_not_noted_for_a_part_that_was_paid_otherwise(finance):
    attempt = a_transfer()
    match(a_receipt(), attempt, actor=finance.officer)
    part = sent(attempt.order.vendor_orders.get())

    answer = finance.post("/admin/payments/cashcollection/add/", {"number": part.number})

    assert "There is no cash to take" in answer.content.decode()
    assert not CashCollection.objects.exists()


def test_a_part_that_was_cancelled_in_the_same_moment_is_said(finance, monkeypatch):
    part = sent(cash_order().vendor_orders.get())

    def cancelled_meanwhile(_part, *, actor):
        raise CashNotDue

    monkeypatch.setattr(cash, "collect_cash", cancelled_meanwhile)

    answer = finance.post("/admin/payments/cashcollection/add/", {"number": part.number}, follow=True)

    assert "There is no cash to take" in answer.content.decode()
    assert not CashCollection.objects.exists()


def test_a_group_pays_its_debt_with_a_receipt(finance, second, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 10}
    debtor = a_debtor()
    small, large = a_receipt("5.00"), a_receipt("15.00")
    shown = finance.get(page(small)).content.decode()

    matched = decide(finance, small, "match_group", vendor=debtor.pk)
    proposed = decide(finance, large, "match_group", vendor=debtor.pk)
    approve(second, large)
    none_left = finance.get(page(a_receipt())).content.decode()

    assert f"{debtor.name}: " in shown
    assert f"{debtor.name} owes that much less." in matched
    assert f"Proposed for {debtor.name}. A second person has to approve it." in proposed
    assert [(row.state, row.vendor) for row in (small, large)] == [("matched", debtor)] * 2
    assert debtor.name in finance.get(LIST).content.decode()
    assert "A group pays what it owes" not in none_left


@pytest.mark.parametrize("pk", ["", "x", "0", "9" * 30])
def test_a_group_that_is_not_there_is_not_found(finance, pk):
    receipt = a_receipt()
    address = reverse("admin:payments_bankreceipt_decide", args=[receipt.pk])

    answer = finance.post(address, {"decision": "match_group", "vendor": pk})

    assert answer.status_code == 404
    assert not BankReceipt.objects.exclude(state="unmatched").exists()


def test_an_error_is_taken_back_and_the_number_entered_again(finance):
    receipt = a_receipt("31.00", reference="JRNL01")
    fields = {
        "reference": "jrnl 01",
        "received_on": timezone.localdate().isoformat(),
        "amount": "310.00",
        "currency": "INR",
    }

    silent = decide(finance, receipt, "cancel", reason=" ")
    before = receipt.state
    said = decide(finance, receipt, "cancel", reason="a nought too few")
    finance.post(f"{LIST}add/", fields)

    assert "Write why" in silent
    assert "Entered in error: a nought too few" in said
    assert (before, receipt.state) == ("unmatched", "mistaken")
    assert "Take it back" not in finance.get(page(receipt)).content.decode()
    assert sorted(BankReceipt.objects.values_list("reference", "state", "amount")) == [
        ("JRNL01", "mistaken", D(31)),
        ("JRNL01", "unmatched", D(310)),
    ]


def test_a_wrong_match_is_undone_until_the_order_is_paid_with_it(finance):
    attempt = a_transfer()
    part, whole = a_receipt("100.00"), a_receipt("310.00")
    decide(finance, part, "match", attempt=attempt.pk)

    said = decide(finance, part, "unmatch", reason="another buyer")
    decide(finance, whole, "match", attempt=attempt.pk)
    too_late = decide(finance, whole, "unmatch", reason="another buyer")

    assert "Put back: another buyer" in said
    assert "This money is counted already" in too_late
    assert (part.state, part.remark, whole.state) == ("unmatched", "Pema: another buyer", "matched")
