"""Suggestions: the order a receipt pays for is found by what the payer and the buyer wrote, and by the amount."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments.selectors.receipts import order_numbers_in, suggestions
from payments.services.receipts import match, note_buyer_reference
from tests.factories.people import PersonFactory
from tests.payments.given import D, a_receipt, a_transfer
from tests.support.sale import a_listing, placed_order

pytestmark = pytest.mark.django_db


def found(receipt):
    return [each.attempt for each in suggestions(receipt)]


@pytest.mark.parametrize("written", ["{0}", "order {0} thanks", "{1}", "for {1}.", "{2}", "ORD{1}"])
def test_an_order_number_is_read_however_it_is_written(written):
    number = placed_order().number
    plain = number.replace("-", "")

    assert number in order_numbers_in(written.format(number, plain, number.lower().replace("-", " ")))


def test_the_number_in_the_note_outdoes_the_amount():
    by_amount, by_number = a_transfer(), a_transfer(placed_order((a_listing(), 3)))

    shown = suggestions(a_receipt("310.00", note=f"order {by_number.order.number}"))

    assert [each.attempt for each in shown] == [by_number, by_amount]
    assert shown[0].missing == D(810)


def test_the_journal_number_of_the_buyer_finds_the_transfer():
    attempt = a_transfer()
    a_transfer()
    note_buyer_reference(attempt, "JRNL 7777")

    assert found(a_receipt("50.00", reference="JRNL7777")) == [attempt]


def test_the_rest_of_a_short_transfer_is_found_by_what_is_missing():
    attempt = a_transfer()
    match(a_receipt("100.00"), attempt, actor=PersonFactory())

    shown = suggestions(a_receipt("210.00"))

    assert [(each.attempt, each.missing) for each in shown] == [(attempt, D(210))]


def test_another_currency_and_another_amount_are_not_suggested():
    a_transfer()

    assert found(a_receipt("310.00", currency="USD")) == []
    assert found(a_receipt("309.00")) == []


def test_who_came_in_time_comes_first():
    late, early = a_transfer(), a_transfer()
    type(late).objects.filter(pk=late.pk).update(created_at=timezone.now() + timedelta(days=3))

    assert found(a_receipt("310.00")) == [early, late]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries):
    for _ in range(8):
        a_transfer()
    receipt = a_receipt("310.00")

    with django_assert_num_queries(1):
        shown = suggestions(receipt)

    assert len(shown) == 5
