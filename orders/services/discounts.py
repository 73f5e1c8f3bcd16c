"""Uses of offers: taken with an order, within the limits, and given back when the order comes to nothing.

Limits are kept by one conditional UPDATE for each use, and by check constraints behind it. Rows of offers are locked
after stock, by id; after that of an offer the row of its code, where that is for one order.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from orders.errors import CodeUsed, OfferGone, OfferUsedBefore
from orders.models import Line, Order, OrderDiscount, OrderLineDiscount, VendorOrder
from orders.offers.models import ConditionalOffer, OfferPerson
from orders.selectors.offers import Discount, benefit_words, person_keys
from orders.services.code_sets import give_code_back, take_code
from orders.vouchers.models import Voucher
from people.models import User


def take_offers(
    order: Order, discounts: Sequence[Discount], lines: Mapping[int, Line], *, person: User | None
) -> None:
    """Write what offers take off an order, and count the uses, in the caller's transaction.

    lines: by the keys of the discounts' parts. Raises OfferGone when a limit was reached meanwhile, OfferUsedBefore when
    this person has had it, CodeUsed when its code for one order is gone: nothing of the order may stand then.
    """
    for each in sorted(discounts, key=lambda each: each.offer.pk):
        if not _take(each.offer.pk, each.amount):
            raise OfferGone(each.offer.title)
        row = _write(order, each, lines)
        if row.voucher_id and not take_code(row.voucher_id):
            raise CodeUsed(each.offer.title)
        if each.offer.is_once:
            _note_person(row, each.offer, person)


@transaction.atomic
def give_back_uses(order: Order) -> int:
    """Let the uses of a locked order's offers count no more; returns how many, none when they were given back before.

    What offers took off stays written on the order. Called when it expired, or nothing of it is sent.
    """
    rows = OrderDiscount.objects.select_for_update().filter(order=order, given_back_at=None)
    given = 0
    for row in rows.order_by("offer_id"):
        OfferPerson.objects.filter(discount=row).delete()
        _count(row.offer_id, -1, -row.amount)
        if row.voucher_id:
            give_code_back(row.voucher_id)
        row.given_back_at = timezone.now()
        row.save(update_fields=["given_back_at"])
        given += 1
    return given


def give_back_if_nothing_is_left(order: Order) -> int:
    """Give the uses back where every part of an order has been cancelled; called after each that is, in its transaction.

    Two parts cancelled at the same moment wait for each other at the rows of the discounts, so that the later one sees.
    """
    locked = OrderDiscount.objects.select_for_update().filter(order=order, given_back_at=None).order_by("pk")
    if not list(locked):
        return 0
    is_left = VendorOrder.objects.filter(order=order).exclude(state=VendorOrder.State.CANCELLED)
    return 0 if is_left.exists() else give_back_uses(order)


@transaction.atomic
def take_uses_again(order: Order) -> None:
    """Count the uses of an order that had expired and is paid after all.

    Raises OfferGone where a limit was reached or the code was used since. An offer that has ended meanwhile is kept: the buyer paid what was shown.
    """
    rows = OrderDiscount.objects.select_for_update().filter(order=order, given_back_at__isnull=False)
    for row in rows.order_by("offer_id"):
        offer = ConditionalOffer.objects.get(pk=row.offer_id)
        if not _take(offer.pk, row.amount, is_running=False):
            raise OfferGone(offer.title)
        if row.voucher_id and not take_code(row.voucher_id):
            raise CodeUsed(offer.title)
        if offer.is_once:
            _note_person(row, offer, order.user)
        row.given_back_at = None
        row.save(update_fields=["given_back_at"])


def _take(pk: int, amount: Decimal, *, is_running: bool = True) -> bool:
    # Test and write in one statement: PostgreSQL tests again after waiting for the row.
    offers = ConditionalOffer.objects.running() if is_running else ConditionalOffer.objects.all()
    free = offers.filter(
        Q(max_global_applications=None) | Q(max_global_applications__gt=F("num_applications")),
        Q(max_discount=None) | Q(max_discount__gte=F("total_discount") + amount),
        pk=pk,
    )
    return bool(_counted(free, 1, amount))


def _count(pk: int, uses: int, amount: Decimal) -> None:
    _counted(ConditionalOffer.objects.filter(pk=pk), uses, amount)


def _counted(offers: models.QuerySet[ConditionalOffer], uses: int, amount: Decimal) -> int:
    return offers.update(
        num_applications=F("num_applications") + uses,
        num_orders=F("num_orders") + uses,
        total_discount=F("total_discount") + amount,
    )


def _write(order: Order, discount: Discount, lines: Mapping[int, Line]) -> OrderDiscount:
    voucher = Voucher.objects.filter(code=discount.code).first() if discount.code else None
    row = OrderDiscount.objects.create(
        order=order,
        offer_id=discount.offer.pk,
        offer_name=discount.offer.title,
        payer_id=discount.offer.payer_id,
        voucher_id=voucher.pk if voucher else None,
        voucher_code=discount.code,
        frequency=1,
        amount=discount.amount,
        message=benefit_words(discount.offer),
    )
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(line=lines[key], order_discount=row, is_incl_tax=True, amount=part)
        for key, part in sorted(discount.parts.items())
    )
    return row


def _note_person(row: OrderDiscount, offer: ConditionalOffer, person: User | None) -> None:
    keys = person_keys(person)
    if not keys:
        raise OfferUsedBefore(offer.title)
    try:
        with transaction.atomic():
            OfferPerson.objects.bulk_create(OfferPerson(offer=offer, discount=row, key=key) for key in keys)
    except IntegrityError as error:
        raise OfferUsedBefore(offer.title) from error
