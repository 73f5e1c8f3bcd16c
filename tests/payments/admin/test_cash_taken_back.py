"""Cash noted by mistake in the admin: a button with a reason, for finance officers."""

import pytest

from payments.models import CashCollection
from payments.services.cash import collect_cash
from tests.factories.people import PersonFactory
from tests.payments.given import cash_order, sent

pytestmark = pytest.mark.django_db


def test_an_officer_takes_cash_back_with_a_reason(client):
    part = sent(cash_order().vendor_orders.get())
    collect_cash(part, actor=PersonFactory())
    officer = PersonFactory(finance=True)
    client.force_login(officer)
    page = f"/admin/payments/cashcollection/{CashCollection.objects.get().pk}/"

    before = client.get(f"{page}change/").content.decode()
    answer_without = client.post(f"{page}decide/", {"decision": "take-back"}, follow=True).content.decode()
    is_unchanged = CashCollection.objects.get().vendor_order == part
    for _ in range(2):
        client.post(f"{page}decide/", {"decision": "take-back", "reason": "wrong order"})

    row = CashCollection.objects.get()
    assert "Noted by mistake: take back" in before
    assert "Write why this cash was noted by mistake." in answer_without
    assert is_unchanged
    assert (row.taken_back_by, row.taken_back_reason, row.taken_back_from) == (officer, "wrong order", part)
    client.get(f"{page}change/")  # says that it was done
    after = client.get(f"{page}change/").content.decode()
    assert "Noted by mistake: take back" not in after
    assert part.number in client.get("/admin/payments/cashcollection/").content.decode()
