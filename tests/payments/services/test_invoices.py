"""Numbers of invoices and credit notes: one each, without gaps, whoever asks and however many at once."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orders.services.cancelling import supply_short
from payments.models import Invoice, Refund
from payments.services import invoices
from payments.services.cash import collect_cash
from payments.services.deciding import request_refund
from payments.services.invoices import NotReleased, credit_notes_for, invoice_for
from payments.services.shares import Asked
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory
from tests.factories.vendors import VendorFactory
from tests.payments.given import cash_order, sent
from tests.support.race import race
from tests.support.refunds import paid_order, parts_of
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db

D = Decimal


def give_back(order, part, *, units=1, deliveries=()):
    line = part.lines.get()
    asked = Asked({line.pk: units} if units else {}, [each.pk for each in deliveries])
    return request_refund(
        order, asked, reason=Refund.Reason.DAMAGED, remark="torn", actor=PersonFactory(finance=True)
    )


def test_an_invoice_is_numbered_once_and_says_who_sold(fake_provider):
    place = RegionFactory(name="Khoma")
    vendor = VendorFactory(name="Khoma Weavers", address="Khoma village", home_region=place)
    order, _attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 2))
    (part,) = parts_of(order)

    first, again = invoice_for(part), invoice_for(part)

    assert first == again
    assert (first.sequence, first.total, first.currency, first.kind) == (1, D("560.00"), "INR", "invoice")
    assert first.number == f"{vendor.pk}/{first.year}/0001"
    assert first.seller_name == "Khoma Weavers"
    assert first.seller_address.startswith("Khoma village\nKhoma")


def test_each_group_counts_by_itself(fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing(), 1), (a_listing(), 1))
    vendor = order.vendor_orders.order_by("pk").first().vendor
    second, _attempt = paid_order(fake_provider, (a_listing(vendor=vendor), 1))

    numbers = [invoice_for(part).sequence for part in (*parts_of(order), *parts_of(second))]

    assert numbers == [1, 1, 2]


def test_a_new_year_counts_from_one_again(fake_provider):
    vendor = VendorFactory()
    parts = [parts_of(paid_order(fake_provider, (a_listing(vendor=vendor), 1))[0])[0] for _ in range(2)]
    old = invoice_for(parts[0])
    Invoice.objects.filter(pk=old.pk).update(year=old.year - 1, number="old")

    assert invoice_for(parts[1]).sequence == 1


def test_nothing_is_billed_before_the_order_is_handed_to_its_group():
    (part,) = parts_of(placed_order())

    with pytest.raises(NotReleased):
        invoice_for(part)

    assert not Invoice.objects.exists()


def test_cash_is_billed_as_it_was_taken_and_not_before():
    order = cash_order((a_listing("200.00"), 3))
    (part,) = parts_of(order)
    supply_short(part, {part.lines.get().pk: 1}, actor=PersonFactory(), reason="frost")
    with pytest.raises(NotReleased):
        invoice_for(part)
    assert not Invoice.objects.exists()

    collect_cash(sent(part), actor=PersonFactory())

    # 2 x 200.00 and 60.00 for delivery.
    assert invoice_for(part).total == D("460.00")


@pytest.mark.fault(34)
def test_each_refund_has_one_credit_note_over_what_it_gave_back(fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing("100.00"), 3))
    (part,) = parts_of(order)
    first = give_back(order, part)
    second = give_back(order, part, units=0, deliveries=[part])

    notes = credit_notes_for(part)

    assert credit_notes_for(part) == notes
    assert [(note.refund, note.total, note.sequence) for note in notes] == [
        (first, D("100.00"), 1),
        (second, D("60.00"), 2),
    ]
    assert notes[0].number.endswith("/C0001")
    assert Invoice.objects.filter(kind="invoice").count() == 1


def test_a_refund_that_waits_for_a_second_person_or_was_refused_has_no_note(fake_provider):
    order, _attempt = paid_order(fake_provider, (a_listing(), 2))
    (part,) = parts_of(order)
    refund = give_back(order, part)

    for state in (Refund.State.PROPOSED, Refund.State.REJECTED):
        Refund.objects.filter(pk=refund.pk).update(state=state)
        assert credit_notes_for(part) == []


def test_the_database_refuses_the_same_number_twice(fake_provider):
    order, _attempt = paid_order(fake_provider)
    invoice = invoice_for(parts_of(order)[0])
    invoice.pk = None
    invoice.number = "other"

    with pytest.raises(IntegrityError, match="invoice_"), transaction.atomic():
        invoice.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_at_once_get_eight_numbers_without_a_gap(fake_provider):
    vendor = VendorFactory()
    parts = [parts_of(paid_order(fake_provider, (a_listing(vendor=vendor), 1))[0])[0] for _ in range(4)]
    asked, lock = [*parts, *parts], threading.Lock()

    def ask():
        with lock:
            part = asked.pop()
        invoices.invoice_for(part)

    outcomes = race(ask, contenders=8)

    assert outcomes == [None] * 8
    assert sorted(Invoice.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4]
