"""Sales in bulk, written as the services would have written them, without the time that services take."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from orders.models import Line, Order, VendorOrder
from payments.models import (
    BalanceTransaction,
    LedgerEntry,
    LedgerPosting,
    PaymentAttempt,
    PayoutAccount,
)
from people.models import User
from regions.models import Region
from tests.factories.regions import RegionFactory
from vendors.models import Partner

Account = LedgerEntry.Account
GOODS, DELIVERY, COMMISSION, TAX = Decimal("250.00"), Decimal("60.00"), Decimal("20.00"), Decimal("3.60")
TOTAL, FEE = GOODS + DELIVERY, Decimal("7.32")
SHARE = TOTAL - COMMISSION - TAX
BATCH = 2000


def make_vendors(count: int) -> list[Partner]:
    """That many approved groups of one place."""
    region: Region = RegionFactory()
    now = timezone.now()
    return Partner.objects.bulk_create(
        (
            Partner(
                name=f"Group {place}",
                code=f"group-{place}",
                state=Partner.State.APPROVED,
                home_region=region,
                approved_at=now,
            )
            for place in range(count)
        ),
        batch_size=BATCH,
    )


def make_accounts(vendors: Sequence[Partner], rail: PayoutAccount.Rail) -> None:
    """Where these groups are paid, since yesterday."""
    person, _created = User.objects.get_or_create(email="bookkeeper@example.org", name="Bookkeeper")
    is_bank = rail == PayoutAccount.Rail.BANK_BATCH
    PayoutAccount.objects.bulk_create(
        (
            PayoutAccount(
                vendor=vendor,
                rail=rail,
                holder=vendor.name if is_bank else "",
                bank_name="Bank of Bhutan" if is_bank else "",
                bank_code="BHUBBTBT" if is_bank else "",
                account_number=f"{vendor.pk:010}" if is_bank else "",
                stripe_account_id="" if is_bank else f"acct_{vendor.pk}",
                active_from=timezone.now() - timedelta(days=1),
                requested_by=person,
            )
            for vendor in vendors
        ),
        batch_size=BATCH,
    )


def make_sales(vendors: Sequence[Partner], *, each: int) -> None:
    """That many paid and delivered orders of INR 310.00 for each group, payable since yesterday."""
    sellers = [vendor for vendor in vendors for _sale in range(each)]
    first = Order.objects.count()
    for start in range(0, len(sellers), BATCH):
        _make_sales(sellers[start : start + BATCH], first + start)
    analyse()


def analyse() -> None:
    """Let the planner know the tables, and mark their pages as seen by all: what autovacuum does in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _make_sales(sellers: Sequence[Partner], start: int) -> None:
    now = timezone.now()
    then = now - timedelta(days=30)
    orders = Order.objects.bulk_create(
        Order(
            number=f"B{start + place:08}",
            currency="INR",
            total_incl_tax=TOTAL,
            total_excl_tax=TOTAL,
            shipping_incl_tax=DELIVERY,
            shipping_excl_tax=DELIVERY,
            guest_email="buyer@example.org",
            status=Order.Status.PAID,
            date_placed=then,
            reserved_until=then,
            paid_at=then,
            released_at=then,
        )
        for place in range(len(sellers))
    )
    parts = VendorOrder.objects.bulk_create(
        VendorOrder(
            order=order,
            vendor=vendor,
            number=f"{order.number}-1",
            state=VendorOrder.State.DELIVERED,
            currency="INR",
            goods_total=GOODS,
            delivery_price=DELIVERY,
            total=TOTAL,
            commission_base=GOODS,
            commission_rate=Decimal("0.08"),
            commission=COMMISSION,
            commission_tax=TAX,
            delivery_code="post",
            delivery_name="Post",
            delivery_days_min=2,
            delivery_days_max=5,
            released_at=then,
            delivered_at=now - timedelta(days=8),
            payable_from=now - timedelta(days=1),
        )
        for order, vendor in zip(orders, sellers, strict=True)
    )
    Line.objects.bulk_create(_line(part) for part in parts)
    attempts = PaymentAttempt.objects.bulk_create(
        PaymentAttempt(
            order=order,
            key=f"attempt:{order.number}",
            amount=TOTAL,
            amount_received=TOTAL,
            currency="INR",
            state=PaymentAttempt.State.SUCCEEDED,
            session_id=f"cs_{order.number}",
            payment_intent_id=f"pi_{order.number}",
            charge_id=f"ch_{order.number}",
            expires_at=then,
            settled_at=then,
        )
        for order in orders
    )
    movements = BalanceTransaction.objects.bulk_create(
        BalanceTransaction(
            provider="stripe",
            remote_id=f"txn_{order.number}",
            kind="charge",
            amount=TOTAL,
            fee=FEE,
            net=TOTAL - FEE,
            currency="INR",
            source_id=f"ch_{order.number}",
            state=BalanceTransaction.State.POSTED,
            occurred_at=then,
            available_at=then,
        )
        for order in orders
    )
    _post(orders, parts, attempts=attempts, movements=movements)


def _line(part: VendorOrder) -> Line:
    return Line(
        order=part.order,
        vendor_order=part,
        partner=part.vendor,
        partner_name=part.vendor.name,
        partner_sku="sku",
        title="Buckwheat flour",
        quantity=1,
        packed_quantity=1,
        shipped_quantity=1,
        num_allocated=1,
        unit_price_incl_tax=GOODS,
        unit_price_excl_tax=GOODS,
        line_price_incl_tax=GOODS,
        line_price_excl_tax=GOODS,
        line_price_before_discounts_incl_tax=GOODS,
        line_price_before_discounts_excl_tax=GOODS,
        commission_rate=Decimal("0.08"),
        commission=COMMISSION,
        commission_tax=TAX,
    )


def _post(
    orders: Sequence[Order],
    parts: Sequence[VendorOrder],
    *,
    attempts: Sequence[PaymentAttempt],
    movements: Sequence[BalanceTransaction],
) -> None:
    post_all(
        [
            ("attempt", attempt.pk, "captured", _moved(Account.PROVIDER_CLEARING, Account.CUSTOMER_UNAPPLIED))
            for attempt in attempts
        ]
        + [
            ("order", order.pk, "released", _released(part))
            for order, part in zip(orders, parts, strict=True)
        ]
        + [
            (
                "balance_transaction",
                row.pk,
                "balance",
                [
                    LedgerEntry(account=Account.PROVIDER_BALANCE, amount=row.net),
                    LedgerEntry(account=Account.PROVIDER_FEES, amount=row.fee),
                    LedgerEntry(account=Account.PROVIDER_CLEARING, amount=-row.amount),
                ],
            )
            for row in movements
        ]
    )


@transaction.atomic
def post_all(wanted: Sequence[tuple[str, int, str, list[LedgerEntry]]]) -> None:
    """Write postings with their entries, in INR; the database checks each of them."""
    postings = LedgerPosting.objects.bulk_create(
        LedgerPosting(source_type=source, source_id=pk, kind=kind, currency="INR")
        for source, pk, kind, _entries in wanted
    )
    entries = []
    for posting, (_source, _pk, _kind, own) in zip(postings, wanted, strict=True):
        for entry in own:
            entry.posting, entry.currency = posting, "INR"
            entries.append(entry)
    LedgerEntry.objects.bulk_create(entries, batch_size=BATCH)


def _moved(debit: str, credit: str) -> list[LedgerEntry]:
    return [LedgerEntry(account=debit, amount=TOTAL), LedgerEntry(account=credit, amount=-TOTAL)]


def _released(part: VendorOrder) -> list[LedgerEntry]:
    return [
        LedgerEntry(account=Account.CUSTOMER_UNAPPLIED, amount=TOTAL),
        LedgerEntry(account=Account.VENDOR_PAYABLE, amount=-SHARE, vendor=part.vendor, vendor_order=part),
        LedgerEntry(account=Account.COMMISSION, amount=-COMMISSION),
        LedgerEntry(account=Account.TAX, amount=-TAX),
    ]
