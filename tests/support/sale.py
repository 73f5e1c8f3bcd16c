"""A sale step by step, for tests that begin in the middle of one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from oscar.apps.address.models import Country

from catalogue.models import Product
from notices.models import Notice
from notices.providers.sms_memory import MemorySmsProvider
from orders.basket.models import Basket
from orders.models import Order, OrderEvent, ShippingAddress, VendorOrder
from orders.selectors.baskets import basket_view
from orders.services.baskets import add_to_basket
from orders.services.placing import CheckoutData, place_order
from orders.shipping.models import DeliveryMethod
from payments.models import LedgerEntry, PaymentAttempt
from payments.services import providers
from payments.services.attempts import start_payment
from tests.factories.catalogue import ListingFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.support.provider_fake import FakeProvider
from vendors.models import StockRecord

GUEST_EMAIL = "dema@example.org"


@pytest.fixture
def fake_provider(monkeypatch: pytest.MonkeyPatch) -> FakeProvider:
    """The payment provider of all services, in memory."""
    fake = FakeProvider()
    monkeypatch.setattr(providers, "StripeProvider", lambda **_settings: fake)
    return fake


@pytest.fixture
def sms_outbox() -> Iterator[list[Any]]:
    """SMS that were sent, empty at the start."""
    MemorySmsProvider.outbox.clear()
    yield MemorySmsProvider.outbox
    MemorySmsProvider.outbox.clear()


def open_shop() -> DeliveryMethod:
    """What every sale needs: Bhutan to send to (tests with real commits empty the table) and the programme's post."""
    Country.objects.get_or_create(
        pk="BT", defaults={"printable_name": "Bhutan", "name": "Bhutan", "is_shipping_country": True}
    )
    return DeliveryMethod.objects.filter(code="post", vendor=None).first() or DeliveryMethodFactory(
        code="post"
    )


def a_listing(price: str = "250.00", units: int = 10, **changes: Any) -> Product:
    """A listing on sale."""
    return ListingFactory(stock__price=Decimal(price), stock__num_in_stock=units, **changes)


def filled_basket(*goods: tuple[Product, int]) -> Basket:
    """A visitor's basket that holds (listing, units)."""
    basket = Basket.objects.create()
    for listing, quantity in goods:
        add_to_basket(basket, listing.pk, quantity)
    return basket


def checkout_data(basket: Basket, **changes: Any) -> CheckoutData:
    """What a guest of Thimphu decides: the first delivery that each group offers, the total as shown."""
    view = basket_view(basket, to_path="BT/", person=changes.get("user"))
    chosen = {group.vendor.pk: group.delivery[0] for group in view.groups if group.delivery}
    delivery_total = sum((option.price for option in chosen.values()), Decimal())
    fields: dict[str, Any] = {
        "contact_name": "Dema",
        "email": GUEST_EMAIL,
        "phone": "",
        "country_code": "BT",
        "state": "Thimphu",
        "town": "Thimphu",
        "street": "Norzin Lam 12",
        "postcode": "11001",
        "delivery": {vendor_pk: option.code for vendor_pk, option in chosen.items()},
        "expected_total": view.goods_after_offers + delivery_total,
        "shown_offers": [(each.offer.title, each.offer.pk, each.amount) for each in view.offers.discounts],
        "language": "en",
        "user": None,
    }
    return CheckoutData(**{**fields, **changes})


def placed_order(*goods: tuple[Product, int], **changes: Any) -> Order:
    """An order that awaits payment; of one unit at INR 250.00 and INR 60.00 delivery when no goods are given."""
    open_shop()
    basket = filled_basket(*(goods or [(a_listing(), 1)]))
    return place_order(basket, checkout_data(basket, **changes))


def started_attempt(order: Order | None = None) -> PaymentAttempt:
    """An attempt whose payment page is open."""
    return start_payment(order or placed_order())


def let_reservation_end(order: Order) -> None:
    """Move the end of the reservation into the past."""
    Order.objects.filter(pk=order.pk).update(reserved_until=timezone.now() - timedelta(seconds=1))


def stock_of(listing: Product) -> tuple[int, int]:
    """Units in the store, units reserved."""
    record = StockRecord.objects.get(product=listing)
    return record.num_in_stock, record.num_allocated


def states_of(order: Order) -> tuple[str, Sequence[str]]:
    """State of the order, and of its parts in their order."""
    parts = VendorOrder.objects.filter(order=order).order_by("pk").values_list("state", flat=True)
    return Order.objects.get(pk=order.pk).status, list(parts)


def notice_kinds() -> list[str]:
    """Kind and channel of every notice, sorted."""
    rows = Notice.objects.values_list("kind", "channel")
    return sorted(f"{kind} {channel}" for kind, channel in rows)


def ledger() -> dict[str, list[tuple[str, Decimal]]]:
    """Entries of every posting by its kind, smallest amount first."""
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for entry in LedgerEntry.objects.select_related("posting").order_by("amount", "pk"):
        found.setdefault(entry.posting.kind, []).append((entry.account, entry.amount))
    return found


def count_of_sale_rows() -> dict[str, int]:
    """How many rows of each kind a sale writes, to show that nothing was written."""
    rows = (Order, VendorOrder, OrderEvent, ShippingAddress, PaymentAttempt, LedgerEntry, Notice)
    return {model.__name__: model.objects.count() for model in rows}
