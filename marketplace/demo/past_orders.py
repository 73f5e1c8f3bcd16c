"""A few hundred past orders in every state: what was bought, by whom, how far each has come and what went back."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.sites.models import Site

from catalogue.models import Product
from marketplace.demo.bulk import own_dates
from marketplace.demo.ledger_rows import LedgerRows
from marketplace.demo.order_rows import OrderRows
from marketplace.demo.payment_rows import PaymentRows
from marketplace.demo.people import LOGINS, OWN_GROUP, Officers, example_name
from marketplace.demo.refund_rows import RefundRows
from marketplace.demo.sales import GivingBack, Manner, Part, Sale
from orders.domain.delivery import Package
from orders.domain.numbers import ALPHABET, RANDOM_CHARACTERS, check_character, read_order_number
from orders.models import Order, VendorOrder
from orders.selectors.rates import sale_rates
from orders.shipping.options import delivery_options
from payments.models import CashRule
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
HOME = "BT"
# A refund of goods worth more waits for a second person.
LARGE = 12_000


@dataclass(frozen=True)
class Ending:
    """How far orders have come: how many of them, states of order and parts, days since they were placed.

    The state of the order is that before any refund. is_short: the first group could not supply a unit. is_begun: the
    buyer was told where to send the money. is_own: of the group of the logins alone. in_pieces: one unit left before
    the rest, which waits where the state is packed. is_asked_back: the buyer wants to give a unit back.
    """

    count: int
    status: Order.Status
    state: VendorOrder.State
    days: tuple[int, int]
    manner: Manner = Manner.BANK
    giving_back: GivingBack = GivingBack.NOTHING
    is_whole: bool = True
    is_short: bool = False
    is_begun: bool = False
    is_own: bool = False
    in_pieces: bool = False
    is_asked_back: bool = False


ENDINGS = (
    Ending(8, _Status.AWAITING_PAYMENT, _State.AWAITING_PAYMENT, (0, 0)),
    Ending(4, _Status.AWAITING_PAYMENT, _State.AWAITING_PAYMENT, (0, 0), is_begun=True),
    Ending(24, _Status.EXPIRED, _State.CANCELLED, (2, 200)),
    Ending(30, _Status.PAID, _State.NEW, (0, 2)),
    Ending(24, _Status.PAID, _State.ACCEPTED, (1, 4)),
    Ending(20, _Status.PAID, _State.PACKED, (2, 5)),
    Ending(44, _Status.PAID, _State.SHIPPED, (3, 9)),
    Ending(40, _Status.PAID, _State.DELIVERED, (9, 20)),
    Ending(90, _Status.PAID, _State.COMPLETED, (25, 360)),
    Ending(14, _Status.PAID, _State.COMPLETED, (25, 200), Manner.CASH),
    Ending(6, _Status.PAY_ON_DELIVERY, _State.SHIPPED, (3, 6), Manner.CASH),
    Ending(2, _Status.PAY_ON_DELIVERY, _State.NEW, (0, 1), Manner.CASH),
    Ending(2, _Status.CANCELLED, _State.CANCELLED, (10, 60), Manner.CASH),
    Ending(12, _Status.PAID, _State.CANCELLED, (30, 200), giving_back=GivingBack.SENT, is_whole=False),
    Ending(10, _Status.PAID, _State.CANCELLED, (30, 200), giving_back=GivingBack.SENT),
    Ending(8, _Status.PAID, _State.RETURNED, (40, 200), giving_back=GivingBack.SENT),
    Ending(6, _Status.PAID, _State.COMPLETED, (25, 200), giving_back=GivingBack.SENT, is_short=True),
    Ending(3, _Status.PAID, _State.CANCELLED, (1, 2), giving_back=GivingBack.WAITING),
    Ending(1, _Status.PAID, _State.CANCELLED, (6, 9), giving_back=GivingBack.FAILED),
    Ending(1, _Status.PAID, _State.DELIVERED, (10, 12), giving_back=GivingBack.PROPOSED),
    Ending(1, _Status.PAID, _State.PACKED, (5, 5), is_own=True, in_pieces=True),
    Ending(1, _Status.PAID, _State.SHIPPED, (8, 8), is_own=True, in_pieces=True),
    Ending(
        1,
        _Status.PAID,
        _State.ACCEPTED,
        (3, 3),
        giving_back=GivingBack.SENT,
        is_own=True,
        is_short=True,
    ),
    Ending(1, _Status.PAID, _State.DELIVERED, (10, 10), is_own=True, is_asked_back=True),
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
    taking_cash: set[int] = field(default_factory=set)


def write_past_orders(buyers: list[User], *, officers: Officers, now: datetime) -> PaymentRows | None:
    """Write the past orders with payments, refunds and ledger; None where nothing is for sale.

    Free units stay as they were: orders not yet sent hold their units, so the store is raised by as much.
    """
    market = _market()
    if not market.by_vendor:
        return None
    goods = [record.product for records in market.by_vendor.values() for record in records]
    orders = OrderRows(Site.objects.get_current(), sale_rates(goods))
    ledger = LedgerRows()
    money = PaymentRows(officers, ledger, RefundRows(orders, officers, ledger))
    for sale in _sales(market, buyers, now=now):
        money.add(orders.add(sale))
    money.add_unmatched(now)
    with own_dates(*OrderRows.dated(), *PaymentRows.dated()):
        orders.write()
        money.write()
    return money


def _sales(market: _Market, buyers: list[User], *, now: datetime) -> Iterator[Sale]:
    shopper = User.objects.get(email=LOGINS[0].email)
    number = 0
    takes_cash = any(vendor.pk in market.taking_cash for vendor in market.by_vendor)
    for ending in ENDINGS:
        if ending.manner == Manner.CASH and not takes_cash:
            continue
        for place in range(ending.count):
            lot = random.Random(f"order {number}")
            buyer = shopper if place == 0 else None if lot.random() < 0.3 else lot.choice(buyers)
            yield _sale(market, ending, lot, buyer=buyer, is_own=place % 4 == 0, now=now)
            number += 1


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
    market.taking_cash = set(CashRule.objects.values_list("vendor_id", flat=True))
    return market


def _sale(
    market: _Market, ending: Ending, lot: random.Random, *, buyer: User | None, is_own: bool, now: datetime
) -> Sale:
    is_home = ending.manner == Manner.CASH
    address = lot.choice([each for each in ADDRESSES if not is_home or each[0] == HOME])
    country = address[0]
    vendors = _vendors(market, ending, lot, is_own=is_own)
    chosen = {vendor: _goods(market.by_vendor[vendor], ending, lot) for vendor in vendors}
    totals = {
        vendor: sum((record.price * quantity for record, quantity in goods), ZERO)
        for vendor, goods in chosen.items()
    }
    # What was sent long ago was neither weighed nor asked whether it spoils.
    packages = {vendor: Package(total, grams=1000, spoils=False) for vendor, total in totals.items()}
    ways = delivery_options(packages, currency="INR", to_path=f"{country}/")
    placed = now - timedelta(days=lot.randint(*ending.days), minutes=lot.randint(61, 1200))
    if ending.status == _Status.AWAITING_PAYMENT:
        placed = now - timedelta(minutes=lot.randint(2, 50))
    parts = [
        Part(
            vendor=vendor,
            goods=chosen[vendor],
            goods_total=totals[vendor],
            delivery=lot.choice(ways[vendor.pk].options),
            states=_way(ending, place, len(vendors)),
            chair_pk=market.chairs.get(vendor.pk),
        )
        for place, vendor in enumerate(vendors)
    ]
    parts[0] = replace(
        parts[0],
        short=1 if ending.is_short else 0,
        in_pieces=ending.in_pieces,
        is_asked_back=ending.is_asked_back,
    )
    return Sale(
        number=_order_number(lot),
        lot=lot,
        status=ending.status,
        manner=ending.manner,
        giving_back=ending.giving_back,
        is_begun=ending.is_begun,
        placed_at=placed,
        buyer=buyer,
        name=buyer.name if buyer else example_name(lot, is_bhutan=country == HOME),
        address=address,
        parts=parts,
        now=now,
    )


def _vendors(market: _Market, ending: Ending, lot: random.Random, *, is_own: bool) -> list[Partner]:
    count = lot.choices((1, 2, 3), (5, 3, 1))[0]
    if not ending.is_whole:
        count = max(count, 2)
    if ending.is_own:
        count = 1
    everyone = list(market.by_vendor)
    if ending.manner == Manner.CASH:
        everyone = [vendor for vendor in everyone if vendor.pk in market.taking_cash]
    chosen = lot.sample(everyone, min(count, len(everyone)))
    own = next((vendor for vendor in everyone if vendor.name == OWN_GROUP), None)
    if is_own and own and own not in chosen:
        chosen[0] = own
    return chosen


def _goods(records: list[StockRecord], ending: Ending, lot: random.Random) -> list[tuple[StockRecord, int]]:
    if ending.giving_back == GivingBack.PROPOSED:
        dearest = max(records, key=lambda record: record.price)
        return [(dearest, LARGE // int(dearest.price) + 1)]
    chosen = lot.sample(records, min(len(records), lot.choices((1, 2, 3), (6, 3, 1))[0]))
    least = 2 if ending.is_short or ending.in_pieces else 1
    return [(record, least if record.price > 2000 else lot.randint(least, 4)) for record in chosen]


def _way(ending: Ending, place: int, parts: int) -> list[Any]:
    """States a part went through. Unless the whole order ended so, only the first part was cancelled."""
    if ending.status == _Status.EXPIRED:
        return [_State.AWAITING_PAYMENT, _State.CANCELLED]
    if ending.state == _State.CANCELLED:
        is_cancelled = place == 0 or ending.is_whole
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
