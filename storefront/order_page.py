"""What the status page of an order shows, group by group."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import ProductImage
from catalogue.selectors.listings import picture_of
from marketplace.lib.dates import zone_of
from marketplace.lib.money import format_price
from orders.models import Line, Order, OrderDiscount, PackageLine, Review, Shipment, VendorOrder
from orders.policies import can_be_reviewed, returnable_until
from orders.reasons import noted_words
from orders.selectors.vendor_order_page import code_to_say
from payments.selectors.given_back import GivenBack, given_back_parts
from payments.services.cash import cash_owed
from storefront.discounts import DiscountRow, order_rows
from storefront.order_days import answer_by, expected_words
from storefront.order_steps import GONE, THERE, Step, headline, part_steps
from storefront.pay_box import pay_box
from storefront.review_words import words_of_review
from storefront.rows import BasketRow, Said
from vendors.models import Partner

State = VendorOrder.State
ON_THE_WAY = (State.ACCEPTED, State.PACKED, State.SHIPPED)
TO_CONFIRM = (State.SHIPPED, State.DELIVERED, State.COMPLETED)


@dataclass(frozen=True)
class Leg:
    """One shipment of a part; goods: what it carries, in words, where others carry the rest, else empty.

    code: what is said when it is taken from the driver; empty once it was taken.
    """

    shipment: Shipment
    goods: str
    code: str


@dataclass(frozen=True)
class Part:
    """One group's part of an order; headline: how it stands, in words. cash: still to be paid at hand-over.

    expected: when it comes, in words, empty where it has come or will not. pick_up_at: where the buyer fetches it, empty
    where it is brought, has been fetched or will not be. answer_by: until when its group may say yes,
    with goes_back, what the buyer gets back where it does not (zero where nothing was paid); None where it is not awaited. given_back: what was decided to go back of it so far;
    reason: why it was cancelled, in words.
    may_cancel and may_confirm: what its buyer may do now.
    still_to_come: goods that have not left while others have, in words, else empty.
    returns: (address, how it stands); return_url: where one is asked for, empty when that cannot be.
    """

    vendor: Partner
    number: str
    headline: str
    expected: str
    pick_up_at: str
    answer_by: datetime | None
    goes_back: Decimal
    given_back: GivenBack
    reason: str
    steps: list[Step]
    legs: list[Leg]
    still_to_come: str
    lines: list[BasketRow]
    delivery_name: str
    goods_total: Decimal
    discounts: list[DiscountRow]
    delivery_price: Decimal
    total: Decimal
    cash: Decimal
    is_on_the_way: bool
    is_there: bool
    may_cancel: bool
    may_confirm: bool
    returns: list[tuple[str, str]]
    return_url: str


def on_the_clock_of(order: Order) -> timezone.override:
    """Times of what is written meanwhile are those of the country to which the order goes; of another than ours, UTC."""
    address = order.shipping_address
    return timezone.override(zone_of(address.country_id if address else ""))


def order_context(order: Order) -> dict[str, Any]:
    """Values of the template; a constant number of queries, however many groups and lines."""
    photos = Prefetch("product__images", ProductImage.objects.order_by("display_order", "pk"))
    above = Prefetch("product__parent__images", ProductImage.objects.order_by("display_order", "pk"))
    lines = (
        Line.objects.select_related("product__parent", "buyer_review")
        .prefetch_related(photos, above, "buyer_review__events")
        .order_by("pk")
    )
    content = PackageLine.objects.select_related("line").order_by("line")
    rows = (
        order.vendor_orders.select_related("vendor__home_region__parent", "cash_collection")
        .prefetch_related(
            Prefetch("lines", lines),
            "events",
            "returns__items",
            "shipments",
            Prefetch("packages__lines", content),
        )
        .order_by("pk")
    )
    discounts = list(order.discounts.select_related("payer").prefetch_related("discount_lines__line"))
    given_back = given_back_parts(order)
    parts = [
        _part(row, order, _discounts(row, discounts), given_back.get(row.pk, GivenBack())) for row in rows
    ]
    return {
        "order": order,
        "parts": parts,
        "goods_total": sum((part.goods_total for part in parts), Decimal("0.00")),
        "discounts": order_rows(discounts, order.currency),
        "on_the_way": sum(part.is_on_the_way for part in parts),
        "all_there": all(part.is_there for part in parts),
        "is_brought": any(not row.pick_up_address for row in rows),
        "given_back": GivenBack(
            sum((part.given_back.sent for part in parts), Decimal("0.00")),
            sum((part.given_back.on_its_way for part in parts), Decimal("0.00")),
        ),
        "pay": pay_box(order),
        "address": order.shipping_address,
        "section": "",
    }


def _discounts(row: VendorOrder, discounts: list[OrderDiscount]) -> list[DiscountRow]:
    """What each offer took off the goods of one part."""
    found = []
    for each, words in zip(discounts, order_rows(discounts, row.currency), strict=True):
        own = [part.amount for part in each.discount_lines.all() if part.line.vendor_order_id == row.pk]
        if own:
            found.append(replace(words, amount=-sum(own, Decimal("0.00"))))
    return found


def _part(row: VendorOrder, order: Order, discounts: list[DiscountRow], given_back: GivenBack) -> Part:
    cash = _cash(row, order)
    return Part(
        row.vendor,
        row.number,
        headline(row),
        expected_words(row, timezone.now()),
        "" if row.state in (*THERE, *GONE) else row.pick_up_address,
        answer_by(row),
        row.total - given_back.total if order.paid_at else Decimal("0.00"),
        given_back,
        _reason(row),
        part_steps(row, order),
        _legs(row),
        _still_to_come(row),
        [_line(line, row) for line in row.lines.all()],
        row.delivery_name,
        row.goods_total,
        discounts,
        row.delivery_price,
        row.total,
        cash,
        is_on_the_way=bool(row.shipments.all()) and row.state in ON_THE_WAY,
        is_there=row.state in THERE,
        may_cancel=row.state == State.NEW,
        may_confirm=row.confirmed_at is None and not cash and row.state in TO_CONFIRM,
        returns=[
            (reverse("order-return", args=[order.number, case.pk]), str(case.get_state_display()))
            for case in row.returns.all()
        ],
        return_url=_return_url(row, order),
    )


def _return_url(row: VendorOrder, order: Order) -> str:
    """Where the buyer asks to give goods back; empty when that cannot be, or is under way for all of them."""
    until = returnable_until(row)
    if until is None or timezone.now() > until:
        return ""
    asked = {item.line_id for case in row.returns.all() for item in case.items.all() if item.is_open}
    there = {
        line.pk
        for line in row.lines.all()
        if line.quantity > line.cancelled_quantity + line.returned_quantity
    }
    return reverse("order-return-ask", args=[order.number, row.number]) if there - asked else ""


def _legs(row: VendorOrder) -> list[Leg]:
    """The shipments of a part, the first one first."""
    by_shipment: dict[int, list[str]] = {}
    for package in row.packages.all():
        words = [_goods(each.line, each.quantity) for each in package.lines.all()]
        if package.shipment_id:
            by_shipment.setdefault(package.shipment_id, []).extend(words)
    shipments = list(row.shipments.all())
    is_whole = len(shipments) == 1 and row.state not in (State.ACCEPTED, State.PACKED)
    return [
        Leg(sent, "" if is_whole else ", ".join(by_shipment.get(sent.pk, ())), code_to_say(sent, row))
        for sent in shipments
    ]


def _still_to_come(row: VendorOrder) -> str:
    if row.state not in ON_THE_WAY or not row.shipments.all():
        return ""
    return ", ".join(_goods(line, line.to_send) for line in row.lines.all() if line.to_send)


def _goods(line: Line, units: int) -> str:
    return f"{units} × {line.title} {line.size_label}".strip()  # noqa: RUF001 - a sign of multiplication


def _cash(row: VendorOrder, order: Order) -> Decimal:
    if order.status != Order.Status.PAY_ON_DELIVERY or hasattr(row, "cash_collection"):
        return Decimal("0.00")
    return cash_owed(row).amount


def _line(line: Line, row: VendorOrder) -> BasketRow:
    product, currency = line.product, row.currency
    photos = _photos(product)
    units = f"{line.quantity} × {format_price(line.unit_price_incl_tax, currency)}"  # noqa: RUF001
    # What was cancelled as a whole says so above its lines.
    missing = 0 if row.state == State.CANCELLED else line.cancelled_quantity
    return BasketRow(
        line.pk,
        line.title,
        product.get_absolute_url() if product is not None and product.is_public else "",
        " · ".join(part for part in (line.size_label, units) if part),
        line.quantity,
        line.line_price_incl_tax,
        currency,
        picture_of(photos[0]) if photos else None,
        ngettext("%(n)s not supplied", "%(n)s not supplied", missing) % {"n": missing} if missing else "",
        _said(line, row),
        reason=noted_words(line.short_reason) if missing else "",
    )


def _reason(row: VendorOrder) -> str:
    if row.state != State.CANCELLED:
        return ""
    moves = [event for event in row.events.all() if event.to_state == State.CANCELLED]
    return noted_words(moves[-1].reason) if moves else ""


def _said(line: Line, row: VendorOrder) -> Said | None:
    """How the buyer's words about a line stand; None when there are none and cannot be any."""
    review: Review | None = getattr(line, "buyer_review", None)
    may_write = can_be_reviewed(row, line) and (review is None or review.is_open)
    url = reverse("order-review", args=[row.order.number, line.pk]) if may_write else ""
    if review is None:
        return Said("", url, _("Say how it was")) if url else None
    links = {
        Review.State.WAITING: _("Change what you wrote"),
        Review.State.REFUSED: _("Write it anew"),
    }
    return Said(words_of_review(review), url, links.get(Review.State(review.state), ""))


def _photos(product: Any) -> list[ProductImage]:
    if product is None:
        return []
    return list(product.images.all()) or (list(product.parent.images.all()) if product.parent else [])
