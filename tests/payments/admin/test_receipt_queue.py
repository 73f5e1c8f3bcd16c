"""The list of bank receipts as a queue: what a person must still decide stands first, and says what it waits for."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.services.receipts import match, send_back
from tests.factories.people import PersonFactory
from tests.payments.given import a_receipt, a_transfer

pytestmark = pytest.mark.django_db


def test_what_is_undecided_comes_before_what_is_newer(client, settings):
    settings.FOUR_EYES_ABOVE = {"INR": 100}
    long_ago = timezone.localdate() - timedelta(days=40)
    unmatched = a_receipt("50.00", reference="OLD1", received_on=long_ago)
    large = a_receipt("500.00", reference="OLD2", received_on=long_ago)
    send_back(large, return_reference="BACK1", actor=PersonFactory())
    settings.FOUR_EYES_ABOVE = {"INR": 1000}
    match(a_receipt(reference="NEW1"), a_transfer(), actor=PersonFactory())
    client.force_login(PersonFactory(finance=True))

    answer = client.get(reverse("admin:payments_bankreceipt_changelist"))

    shown = [row.reference for row in answer.context["cl"].result_list]
    assert shown == ["OLD2", "OLD1", "NEW1"]
    assert "sending back waits for a second person" in answer.content.decode()
    assert unmatched.state == "unmatched"


def test_receipts_are_found_by_order_number_group_note_and_start_of_the_journal_number(client):
    order_receipt, attempt = a_receipt(reference="JRN1"), a_transfer()
    match(order_receipt, attempt, actor=PersonFactory())
    a_receipt("7.00", reference="OTHER", note="For the rice of Khoma")
    client.force_login(PersonFactory(finance=True))

    def found(typed):
        answer = client.get(reverse("admin:payments_bankreceipt_changelist"), {"q": typed})
        return [row.reference for row in answer.context["cl"].result_list]

    typed = attempt.order.number.lower().replace("-", " ")
    assert [found(words) for words in (typed, "JRN", "khoma", "zebra")] == [["JRN1"], ["JRN1"], ["OTHER"], []]
