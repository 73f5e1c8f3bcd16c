"""Money of a group: the balance, each sale's promise, payouts, the account; for chair and bookkeeper only."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.models import Invoice, PayoutAccount
from payments.services.payouts import plan_payouts
from tests.dashboard.given import member_of, queries_of
from tests.factories.vendors import VendorFactory
from tests.support.payouts import bank_account, sold
from tests.support.sale import fake_provider
from vendors.models import Membership

__all__ = ["fake_provider"]

pytestmark = pytest.mark.django_db

MONEY = reverse("dashboard-money")
ACCOUNT = reverse("dashboard-payout-account")
PAGES = [MONEY, reverse("dashboard-statement"), ACCOUNT]
FILES = [reverse("dashboard-statement-pdf"), reverse("dashboard-statement-csv")]


@pytest.fixture
def vendor():
    return VendorFactory(name="Khoma Weavers", commission_rate=Decimal("0.1000"))


@pytest.fixture
def books(client, vendor):
    """A browser in which the bookkeeper has signed in."""
    client.force_login(member_of(vendor, role=Membership.Role.BOOKKEEPER))
    return client


def words_of(answer):
    text = re.sub(r"<(style|script|svg).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def typed(vendor, **changes):
    fields = {
        "group": vendor.code,
        "holder": "Khoma Weavers",
        "bank_name": "Bank of Bhutan",
        "bank_code": "BHUB0001",
        "account_number": "1000 2000 4471",
        "again": "100020004471",
    }
    return fields | changes


def test_a_group_without_sales_is_told_what_it_will_see_here(books):
    words = words_of(books.get(MONEY))

    assert "Nothing has been sold yet." in words
    assert "Nobody knows yet where your group is paid." in words


def test_next_payout_names_amount_day_and_account(books, vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor)

    words = words_of(books.get(MONEY))

    assert re.search(r"Next payout, \w+ \d+ \w+ ₹285\.00 1 sale, to Bank of Bhutan …5678", words)
    assert "Owed to your group in all ₹285.00" in words
    assert "0012345678" not in words


def test_each_sale_says_amount_day_and_why(books, vendor, fake_provider):
    bank_account(vendor)
    (part,) = sold(fake_provider, vendor)

    words = words_of(books.get(MONEY))

    assert re.search(r"₹285\.00 on \d+ \w+, because delivered \d+ \w+ \+ 7 days", words)
    assert part.number in words
    assert "1 x Listing" in words


def test_money_of_goods_not_delivered_has_no_day(books, vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor, is_payable=False)

    words = words_of(books.get(MONEY))

    assert "No payout has a day yet ₹285.00 Money is paid some days after the goods are delivered." in words
    assert "Not delivered yet ₹285.00" in words


def test_without_an_account_the_money_waits_and_the_page_says_for_what(books, vendor, fake_provider):
    sold(fake_provider, vendor)

    assert "₹285.00 waits for you: say below where your group is paid." in words_of(books.get(MONEY))


def test_less_than_the_smallest_payout_waits(books, vendor, fake_provider):
    bank_account(vendor, minimum=Decimal("1000.00"))
    sold(fake_provider, vendor)

    assert "₹285.00 waits until it comes to ₹1,000.00." in words_of(books.get(MONEY))


def test_a_payout_is_shown_with_its_state_and_account(books, vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor)
    plan_payouts(timezone.now())

    words = words_of(books.get(MONEY))

    assert re.search(r"Payouts Planned \d+ \w+ \d+ · Bank of Bhutan …5678 ₹285\.00", words)


@pytest.mark.parametrize("page", [*PAGES, *FILES])
def test_packers_see_no_money(client, vendor, page):
    client.force_login(member_of(vendor, role=Membership.Role.PACKER))

    assert client.get(page).status_code == 403
    assert b"dashboard-money" not in client.get(reverse("dashboard-home")).content
    assert MONEY.encode() not in client.get(reverse("dashboard-home")).content


@pytest.mark.parametrize("page", [*PAGES, *FILES])
def test_nothing_of_another_group_is_shown(client, vendor, fake_provider, page):
    (part,) = sold(fake_provider, vendor)
    bank_account(vendor)
    client.force_login(member_of(VendorFactory(name="Others")))

    content = client.get(page).content

    assert part.number.encode() not in content
    assert b"5678" not in content


def test_account_is_given_and_counts_at_once_when_it_is_the_first(books, vendor):
    answer = books.post(ACCOUNT, typed(vendor), follow=True)
    books.post(ACCOUNT, typed(vendor))

    account = PayoutAccount.objects.get(vendor=vendor)
    assert (account.holder, account.account_number, account.bank_code) == (
        "Khoma Weavers",
        "100020004471",
        "BHUB0001",
    )
    assert account.active_from <= timezone.now()
    assert "From now on Khoma Weavers is paid to Bank of Bhutan …4471." in words_of(answer)


def test_a_later_account_waits_and_the_page_names_both(books, vendor):
    bank_account(vendor)

    words = words_of(books.post(ACCOUNT, typed(vendor), follow=True))

    assert "Bank of Bhutan …5678" in words
    assert re.search(r"From \d+ \w+: Bank of Bhutan …4471", words)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"again": "100020004472"}, "The two account numbers differ."),
        ({"account_number": "=1+1", "again": "=1+1"}, "Write the account number"),
        ({"bank_code": "'; DROP"}, "code"),
        ({"holder": " "}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(books, vendor, wrong, said):
    answer = books.post(ACCOUNT, typed(vendor, **wrong))

    assert answer.status_code == 200
    assert said in words_of(answer)
    assert b"Bank of Bhutan" in answer.content
    assert not PayoutAccount.objects.exists()


@pytest.mark.parametrize("group", [None, "", "nobody", "\0"])
def test_a_form_that_names_no_group_of_ones_own_stores_nothing(books, vendor, group):
    form = {name: value for name, value in typed(vendor, group=group).items() if value is not None}

    answer = books.post(ACCOUNT, form)

    assert answer.status_code == 200
    assert not PayoutAccount.objects.exists()


def test_a_form_opened_for_another_group_stores_nothing_and_asks_again(client, vendor):
    chair = member_of(vendor)
    other = VendorFactory(name="Paro Farmers")
    member_of(other, user=chair)
    client.force_login(chair)
    client.post(reverse("dashboard-group"), {"group": vendor.code})
    opened = client.get(ACCOUNT)
    client.post(reverse("dashboard-group"), {"group": other.code})

    answer = client.post(ACCOUNT, typed(vendor))
    stored = PayoutAccount.objects.count()
    client.post(ACCOUNT, typed(other))

    assert "Where the money goes: Khoma Weavers" in words_of(opened)
    assert f'name="group" value="{vendor.code}"' in opened.content.decode()
    assert "You work for Paro Farmers now. Nothing was stored" in words_of(answer)
    assert f'name="group" value="{other.code}"' in answer.content.decode()
    assert stored == 0
    assert PayoutAccount.objects.get().vendor == other


@pytest.mark.parametrize(
    "days",
    [
        "last=9999-12-31",
        "first=0001-01-01",
        "first=1999-12-31&last=2026-01-01",
        "first=2026-01-01&last=2999-01-01",
    ],
)
def test_days_that_no_account_has_are_named_and_have_no_file(books, days):
    page = books.get(f"{PAGES[1]}?{days}")
    files = [books.get(f"{file}?{days}").status_code for file in FILES]

    assert (page.status_code, files) == (200, [404, 404])
    if "first" in days and "last" in days:
        assert "Give a day from" in words_of(page)


def test_money_page_takes_as_many_queries_for_many_sales_as_for_one(books, vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor)
    books.get(MONEY)
    of_one = queries_of(books, MONEY)
    for _ in range(5):
        sold(fake_provider, vendor)

    assert queries_of(books, MONEY) == of_one <= 32


def test_invoice_of_an_own_order_is_a_pdf_and_of_anothers_not_found(books, vendor, fake_provider):
    (own,) = sold(fake_provider, vendor)
    (foreign,) = sold(fake_provider, VendorFactory())

    answer = books.get(reverse("dashboard-order-invoice", args=[own.number]))
    refused = books.get(reverse("dashboard-order-invoice", args=[foreign.number]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert refused.status_code == 404
    assert Invoice.objects.get().vendor == vendor


def test_the_order_page_says_when_the_sale_is_paid_to_those_who_keep_the_books(client, vendor, fake_provider):
    bank_account(vendor)
    (part,) = sold(fake_provider, vendor)
    pages = {}

    for role in (Membership.Role.CHAIR, Membership.Role.PACKER):
        client.force_login(member_of(vendor, role=role))
        pages[role] = words_of(client.get(part.get_absolute_url()))

    assert "because delivered" in pages["chair"]
    assert "because delivered" not in pages["packer"]


def test_home_leads_to_the_next_payout(books, vendor, fake_provider):
    bank_account(vendor)
    sold(fake_provider, vendor)

    words = words_of(books.get(reverse("dashboard-home")))

    assert re.search(r"Next payout, \w+ \d+ \w+ ₹285\.00", words)


def test_future_details_do_not_count_yet(books, vendor, fake_provider):
    bank_account(vendor, active_from=timezone.now() + timedelta(days=3))
    sold(fake_provider, vendor)

    words = words_of(books.get(MONEY))

    assert "Next payout" in words
    assert "when your new account details count" in words
