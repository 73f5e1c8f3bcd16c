"""A few hundred past orders in every state: what was bought, by whom, and how far each order has come."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.sites.models import Site

from catalogue.models import Product
from marketplace.demo.bulk import own_dates
from marketplace.demo.order_rows import Part, Rows, Sale
from marketplace.demo.people import LOGINS, OWN_GROUP, example_name
from orders.domain.numbers import ALPHABET, RANDOM_CHARACTERS, check_character, read_order_number
from orders.models import Order, VendorOrder
from orders.shipping.options import delivery_options
from people.models import User
from vendors.models import Membership, Partner, StockRecord

ZERO = Decimal("0.00")
_Status, _State = Order.Status, VendorOrder.State
WAY = (
    _State.AWAITING_PAYMENT,
    _State.NEW,
    _State.ACCEPTED,
    _State.PACKED,
    _State.SHIPPED,
    _State.DELIVERED,
    _State.COMPLETED,
)


@dataclass(frozen=True)
class Ending:
    """How far orders have come: how many of them, states of order and parts, days since they were placed."""

    count: int
    status: Order.Status
    state: VendorOrder.State
    days: tuple[int, int]


ENDINGS = (
    Ending(8, _Status.AWAITING_PAYMENT, _State.AWAITING_PAYMENT, (0, 0)),
    Ending(24, _Status.EXPIRED, _State.CANCELLED, (2, 200)),
    Ending(30, _Status.PAID, _State.NEW, (0, 2)),
    Ending(24, _Status.PAID, _State.ACCEPTED, (1, 4)),
    Ending(20, _Status.PAID, _State.PACKED, (2, 5)),
    Ending(44, _Status.PAID, _State.SHIPPED, (3, 9)),
    Ending(40, _Status.PAID, _State.DELIVERED, (9, 20)),
    Ending(104, _Status.PAID, _State.COMPLETED, (25, 360)),
    Ending(12, _Status.PART_REFUNDED, _State.CANCELLED, (30, 200)),
    Ending(10, _Status.REFUNDED, _State.CANCELLED, (30, 200)),
    Ending(8, _Status.REFUNDED, _State.RETURNED, (40, 200)),
)
ADDRESSES = (
    ("BT", "Norzin Lam, flat 4", "Thimphu", "Thimphu", "11001"),
    ("BT", "Below the dzong", "Paro", "Paro", "12001"),
    ("BT", "Lower market", "Mongar", "Mongar", "43001"),
    ("IN", "14 Park Street", "Kolkata", "West Bengal", "700016"),
    ("IN", "27 Residency Road", "Bengaluru", "Karnataka", "560025"),
    ("IN", "B-12 Lajpat Nagar", "New Delhi", "Delhi", "110024"),
    ("IN", "5 Linking Road", "Mumbai", "Maharashtra", "400050"),
    ("JP", "2-7-3 Marunouchi", "Tokyo", "Tokyo", "100-0005"),
    ("GB", "18 Market Street", "Bristol", "", "BS1 1HT"),
    ("US", "410 Maple Avenue", "Portland", "Oregon", "97205"),
    ("TH", "99 Sukhumvit Road", "Bangkok", "Bangkok", "10110"),
)


@dataclass
class _Market:
    """What can be bought, of whom: stock records by group, each with its listing loaded."""

    by_vendor: dict[Partner, list[StockRecord]] = field(default_factory=dict)
    chairs: dict[int, int] = field(default_factory=dict)


def write_past_orders(buyers: list[User], *, now: datetime) -> int:
    """Write the past orders with payments and ledger; returns how many. Free units stay as they were.

    Orders not yet sent hold their units, so the store is raised by as much.
    """
    market = _market()
    if not market.by_vendor:
        return 0
    shopper = User.objects.get(email=LOGINS[0].email)
    rows = Rows(Site.objects.get_current())
    number = 0
    for ending in ENDINGS:
        for place in range(ending.count):
            lot = random.Random(f"order {number}")
            buyer = shopper if place == 0 else None if lot.random() < 0.3 else lot.choice(buyers)
            sale = _sale(market, ending, lot, buyer=buyer, is_own=place % 4 == 0, now=now)
            rows.add(sale)
            number += 1
    with own_dates(*Rows.dated()):
        rows.write()
    return number


def _market() -> _Market:
    records = (
        StockRecord.objects.filter(product__in=Product.objects.live(), product__is_example=True)
        .filter(partner__is_example=True, partner__closed_from=None)
        .select_related("product__parent", "partner__home_region")
        .order_by("pk")[:2000]
    )
    market = _Market()
    for record in records:
        # One object for each group: it is the key.
        market.by_vendor.setdefault(record.partner, []).append(record)
    chairs = Membership.objects.filter(role=Membership.Role.CHAIR).values_list("vendor_id", "user_id")
    market.chairs = dict(chairs)
    return market


def _sale(
    market: _Market, ending: Ending, lot: random.Random, *, buyer: User | None, is_own: bool, now: datetime
) -> Sale:
    country, street, town, state, postcode = lot.choice(ADDRESSES)
    vendors = _vendors(market, ending, lot, is_own=is_own)
    chosen = {vendor: _goods(market.by_vendor[vendor], lot) for vendor in vendors}
    totals = {
        vendor: sum((record.price * quantity for record, quantity in goods), ZERO)
        for vendor, goods in chosen.items()
    }
    ways = delivery_options(totals, currency="INR", country_code=country)
    placed = now - timedelta(days=lot.randint(*ending.days), minutes=lot.randint(61, 1200))
    if ending.status == _Status.AWAITING_PAYMENT:
        placed = now - timedelta(minutes=lot.randint(2, 50))
    return Sale(
        number=_order_number(lot),
        lot=lot,
        status=ending.status,
        placed_at=placed,
        buyer=buyer,
        name=buyer.name if buyer else example_name(lot, is_bhutan=country == "BT"),
        address=(country, street, town, state, postcode),
        parts=[
            Part(
                vendor=vendor,
                goods=chosen[vendor],
                goods_total=totals[vendor],
                delivery=lot.choice(ways[vendor.pk]),
                states=_way(ending, place, len(vendors)),
                chair_pk=market.chairs.get(vendor.pk),
            )
            for place, vendor in enumerate(vendors)
        ],
        now=now,
    )


def _vendors(market: _Market, ending: Ending, lot: random.Random, *, is_own: bool) -> list[Partner]:
    count = lot.choices((1, 2, 3), (5, 3, 1))[0]
    if ending.status == _Status.PART_REFUNDED:
        count = max(count, 2)
    everyone = list(market.by_vendor)
    chosen = lot.sample(everyone, min(count, len(everyone)))
    own = next((vendor for vendor in everyone if vendor.name == OWN_GROUP), None)
    if is_own and own and own not in chosen:
        chosen[0] = own
    return chosen


def _goods(records: list[StockRecord], lot: random.Random) -> list[tuple[StockRecord, int]]:
    chosen = lot.sample(records, min(len(records), lot.choices((1, 2, 3), (6, 3, 1))[0]))
    return [(record, 1 if record.price > 2000 else lot.randint(1, 4)) for record in chosen]


def _way(ending: Ending, place: int, parts: int) -> list[Any]:
    """States a part went through. Of a part refund only the first part was cancelled."""
    if ending.status == _Status.EXPIRED:
        return [_State.AWAITING_PAYMENT, _State.CANCELLED]
    if ending.state == _State.CANCELLED:
        is_cancelled = place == 0 or ending.status == _Status.REFUNDED
        return [*WAY[:2], _State.CANCELLED] if is_cancelled else list(WAY)
    if ending.state == _State.RETURNED:
        return [*WAY[:6], _State.RETURNED]
    reached = WAY.index(ending.state)
    # Groups are not equally quick: the last of several is one step behind.
    if parts > 1 and place == parts - 1 and reached > 1:
        reached -= 1
    return list(WAY[: reached + 1])


def _order_number(lot: random.Random) -> str:
    body = "".join(lot.choices(ALPHABET, k=RANDOM_CHARACTERS))
    number = read_order_number(body + check_character(body))
    if number is None:
        raise ValueError(f"not an order number: {body}")
    return number
