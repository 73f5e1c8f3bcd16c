"""Groups that are owed money, and where they are paid."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from orders.models import VendorOrder
from payments.models import Payout, PayoutAccount, PayoutBatch, Transfer
from payments.services import ledger
from payments.services.attempts import start_payment
from payments.services.receipts import ReceiptData, enter_receipt, match
from payments.services.settling import settle
from tests.factories.people import PersonFactory
from tests.factories.vendors import VendorFactory
from tests.support.provider_fake import FakeProvider
from tests.support.sale import a_listing, placed_order
from vendors.models import Partner


def bank_account(vendor: Partner, **changes: Any) -> PayoutAccount:
    """A bank account that counts since yesterday."""
    fields: dict[str, Any] = {
        "vendor": vendor,
        "rail": PayoutAccount.Rail.BANK_BATCH,
        "holder": "Khoma weavers",
        "bank_name": "Bank of Bhutan",
        "bank_code": "BHUBBTBT",
        "account_number": "0012345678",
        "active_from": timezone.now() - timedelta(days=1),
    }
    if "requested_by" not in changes:
        fields["requested_by"] = PersonFactory()
    return PayoutAccount.objects.create(**{**fields, **changes})


def stripe_account(vendor: Partner, provider: FakeProvider, **changes: Any) -> PayoutAccount:
    """An account at the provider that may receive money, counting since yesterday."""
    remote = provider.create_account(key=f"account:{vendor.pk}:1", email="", country="IN", metadata={})
    provider.onboard(remote.id)
    return PayoutAccount.objects.create(
        vendor=vendor,
        rail=PayoutAccount.Rail.STRIPE_TRANSFER,
        stripe_account_id=remote.id,
        active_from=timezone.now() - timedelta(days=1),
        requested_by=PersonFactory(),
        **changes,
    )


def sold(
    provider: FakeProvider,
    *vendors: Partner,
    price: str = "250.00",
    is_payable: bool = True,
) -> list[VendorOrder]:
    """One paid order with a unit from each group; delivered eight days ago unless is_payable is false."""
    listings = [a_listing(price, vendor=vendor) for vendor in vendors or (VendorFactory(),)]
    attempt = start_payment(placed_order(*((listing, 1) for listing in listings)))
    provider.pay(attempt.session_id)
    settle(attempt.pk)
    parts = list(VendorOrder.objects.filter(order=attempt.order).order_by("pk"))
    if is_payable:
        make_payable(*parts)
    return parts


def sold_by_bank(vendor: Partner | None = None, *, price: str = "250.00") -> VendorOrder:
    """A unit that was paid by bank transfer and delivered eight days ago."""
    order = placed_order((a_listing(price, vendor=vendor or VendorFactory()), 1))
    attempt = start_payment(order, "bank_transfer")
    data = ReceiptData(
        reference=f"JRNL-{order.pk}",
        received_on=timezone.localdate(),
        amount=order.total_incl_tax,
        currency=order.currency,
        note="",
    )
    receipt, _is_new = enter_receipt(data, actor=PersonFactory())
    match(receipt, attempt, actor=PersonFactory())
    (part,) = VendorOrder.objects.filter(order=order)
    make_payable(part)
    return part


def make_payable(*parts: VendorOrder) -> None:
    """Let the goods have been delivered eight days ago, and the holding time be over since yesterday."""
    now = timezone.now()
    for part in parts:
        part.state = VendorOrder.State.DELIVERED
        part.delivered_at = now - timedelta(days=8)
        part.payable_from = now - timedelta(days=1)
        part.save(update_fields=["state", "delivered_at", "payable_from"])


def owe(part: VendorOrder, amount: str) -> None:
    """Let a sale owe its group that much less, as after a refund; above zero."""
    payable, commission = ledger.Account.VENDOR_PAYABLE, ledger.Account.COMMISSION
    ledger.post(
        source_type="test",
        source_id=part.pk,
        kind=f"less {amount}",
        currency=part.currency,
        amounts=[
            ledger.Amount(payable, Decimal(amount), part.vendor, part),
            ledger.Amount(commission, -Decimal(amount)),
        ],
    )


def payout_rows(part: VendorOrder) -> Payout:
    """A payout of a batch, with a transfer: rows to look at that hold no ledger entry."""
    account = bank_account(part.vendor)
    batch = PayoutBatch.objects.create(number="20261123-INR-1", currency="INR", count=1, total=Decimal(100))
    payout = Payout.objects.create(
        vendor=part.vendor, account=account, batch=batch, currency="INR", amount=Decimal(100)
    )
    Transfer.objects.create(
        payout=payout,
        vendor_order=part,
        key=f"transfer:{part.number}",
        amount=Decimal(100),
        currency="INR",
        next_try_at=timezone.now(),
    )
    return payout
