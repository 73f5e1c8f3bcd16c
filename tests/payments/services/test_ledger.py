"""The ledger: double entry, append only, and the database itself sees to it."""

from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from payments.models import LedgerEntry, LedgerPosting
from payments.services.ledger import Account, Amount, post, post_released
from payments.services.settling import settle
from tests.factories.vendors import VendorFactory
from tests.support.sale import a_listing, ledger, placed_order, started_attempt

D = Decimal
SUM_CHECK = "SET CONSTRAINTS ledger_entries_sum_to_zero IMMEDIATE"

amounts = st.lists(
    st.decimals(min_value=D("-99999.99"), max_value=D("99999.99"), places=2).filter(bool),
    min_size=1,
    max_size=6,
)


def entries(amounts):
    return [Amount(Account.COMMISSION, amount) for amount in amounts]


def write(amounts, *, source_id=1, kind="test"):
    """A posting, with the database's check made at once instead of at commit."""
    with transaction.atomic():
        posting = post(
            source_type="test", source_id=source_id, kind=kind, currency="INR", amounts=entries(amounts)
        )
        with connection.cursor() as cursor:
            cursor.execute(SUM_CHECK)
        return posting


def write_past_the_service(amounts):
    with transaction.atomic():
        posting = LedgerPosting.objects.create(source_type="test", source_id=1, kind="raw", currency="INR")
        LedgerEntry.objects.bulk_create(
            LedgerEntry(posting=posting, account=Account.COMMISSION, amount=amount) for amount in amounts
        )
        with connection.cursor() as cursor:
            cursor.execute(SUM_CHECK)


@pytest.fixture
def posting(db):
    return write([D("10.00"), D("-10.00")])


def run(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@given(amounts=amounts)
@settings(max_examples=40)
def test_amounts_that_do_not_sum_to_zero_are_refused_by_the_service_and_by_the_database(amounts):
    before = LedgerPosting.objects.count()
    is_balanced = sum(amounts) == 0

    for attempt, error in ((write, ValueError), (write_past_the_service, IntegrityError)):
        if not is_balanced:
            with pytest.raises(error, match="sum to zero"):
                attempt(amounts)

    assert LedgerPosting.objects.count() == before


@pytest.mark.django_db
@given(amounts=amounts)
@settings(max_examples=20)
def test_balanced_amounts_are_written_as_they_are(amounts):
    source_id = LedgerPosting.objects.count() + 1
    balanced = [*amounts, -sum(amounts)]

    posting = write(balanced, source_id=source_id)

    written = list(posting.entries.order_by("pk").values_list("amount", flat=True))
    assert written == [amount for amount in balanced if amount]


@pytest.mark.django_db
def test_an_event_is_posted_once(posting):
    with pytest.raises(IntegrityError, match="posting_once"):
        write([D("1.00"), D("-1.00")])

    assert ledger() == {"test": [("commission", D("-10.00")), ("commission", D("10.00"))]}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_ledgerentry SET amount = amount * 2",
        "UPDATE payments_ledgerentry SET account = 'refund_clearing'",
        "DELETE FROM payments_ledgerentry",
        "UPDATE payments_ledgerposting SET kind = 'other'",
        "UPDATE payments_ledgerposting SET currency = 'USD'",
        "DELETE FROM payments_ledgerposting",
        "TRUNCATE payments_ledgerentry CASCADE",
        "TRUNCATE payments_ledgerposting CASCADE",
    ],
)
def test_what_is_written_can_be_neither_changed_nor_deleted(posting, sql):
    with pytest.raises(Error, match="append only"):
        run(f"SET CONSTRAINTS ALL IMMEDIATE; {sql}")

    assert ledger() == {"test": [("commission", D("-10.00")), ("commission", D("10.00"))]}
    assert LedgerPosting.objects.get().currency == "INR"


def test_an_entry_cannot_be_added_to_a_posting_later(posting):
    def add():
        with transaction.atomic():
            LedgerEntry.objects.create(posting=posting, account=Account.COMMISSION, amount=D("0.01"))
            run(SUM_CHECK)

    with pytest.raises(IntegrityError, match="sum to zero"):
        add()

    assert posting.entries.count() == 2


@pytest.mark.django_db(transaction=True)
def test_not_even_entries_that_sum_to_zero_are_added_once_a_posting_is_committed():
    posting = write([D("10.00"), D("-10.00")])

    with pytest.raises(IntegrityError, match="is closed"):
        LedgerEntry.objects.bulk_create(
            LedgerEntry(posting=posting, account=Account.COMMISSION, amount=D(amount), currency="INR")
            for amount in ("0.01", "-0.01")
        )

    assert ledger() == {"test": [("commission", D("-10.00")), ("commission", D("10.00"))]}


@pytest.mark.django_db
def test_a_posting_has_one_currency():
    def post_in_two():
        with transaction.atomic():
            posting = LedgerPosting.objects.create(
                source_type="test", source_id=1, kind="raw", currency="INR"
            )
            LedgerEntry.objects.bulk_create(
                LedgerEntry(posting=posting, account=Account.COMMISSION, amount=D(amount), currency=currency)
                for amount, currency in (("1.00", "INR"), ("-1.00", "USD"))
            )
            run(SUM_CHECK)

    with pytest.raises(IntegrityError, match="has one currency"):
        post_in_two()

    assert LedgerPosting.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("account", "with_vendor", "amount", "constraint"),
    [
        (Account.VENDOR_PAYABLE, False, "1.00", "vendor_on_vendor_accounts"),
        (Account.COMMISSION, True, "1.00", "vendor_on_vendor_accounts"),
        (Account.COMMISSION, False, "0.00", "ledger_entry_not_zero"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(account, with_vendor, amount, constraint):
    posting = LedgerPosting.objects.create(source_type="test", source_id=1, kind="raw", currency="INR")
    vendor = VendorFactory() if with_vendor else None

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LedgerEntry.objects.create(posting=posting, account=account, vendor=vendor, amount=D(amount))

    assert LedgerEntry.objects.count() == 0


@pytest.mark.django_db
def test_each_group_is_owed_its_goods_and_delivery_less_its_commission(fake_provider):
    first, second = VendorFactory(commission_rate=D("0.1250")), VendorFactory(commission_rate=D("0.0333"))
    order = placed_order(
        (a_listing(price="99.95", vendor=first), 1), (a_listing(price="0.15", vendor=second), 1)
    )
    attempt = started_attempt(order)
    fake_provider.pay(attempt.session_id)

    settle(attempt.pk)

    owed = dict(LedgerEntry.objects.filter(account="vendor_payable").values_list("vendor", "amount"))
    assert owed == {first.pk: D("-147.46"), second.pk: D("-60.15")}
    assert LedgerEntry.objects.get(account="commission").amount == D("-12.49")


@pytest.mark.django_db
def test_an_order_is_posted_as_released_once(fake_provider):
    attempt = started_attempt()
    fake_provider.pay(attempt.session_id)
    settle(attempt.pk)
    before = ledger()

    with pytest.raises(IntegrityError, match="posting_once"), transaction.atomic():
        post_released(attempt.order)

    assert ledger() == before
