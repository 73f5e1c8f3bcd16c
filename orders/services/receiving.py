"""Goods that were received at a bus stop: whoever takes them says the hand-over code."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.lib.digits import plain_digits
from orders.domain.numbers import read_part_number
from orders.errors import WrongCode
from orders.models import Shipment, VendorOrder
from orders.policies import can_see_order_of
from orders.services.fulfilment import deliver
from orders.services.notifying import tell_group
from orders.services.parts import lock_part

# After so many wrong codes a shipment hears no more of them; the buyer's page and the group remain. Strangers, who need
# no more than the number that stands on the package, cannot use up the tries of those who may see the order.
MOST_WRONG_CODES = 10


def receive_by_code(
    typed_number: str, typed_code: str, *, viewer: Any = None, proved: Collection[str] = ()
) -> VendorOrder:
    """Note that the goods of one shipment were received; returns its vendor order, also when that was noted before.

    viewer: who is signed in, if anybody. proved: numbers of orders whose contact this visitor has proved.
    With its last shipment the vendor order is delivered. The group knows the code too, so its share is kept back as
    for any delivery: only the buyer's own word makes it payable at once.
    Raises WrongCode for whatever does not match, CashFirst where the goods are paid at hand-over.
    """
    number = read_part_number(typed_number)
    code = "".join(sign for sign in plain_digits(typed_code) if sign.isdecimal())
    parts = VendorOrder.objects.released().select_related("order")
    part = parts.filter(number=number).first() if number else None
    if part is None:
        raise WrongCode
    is_own = can_see_order_of(viewer, part, proved=proved)
    if not _receive(part, code, tries="own_wrong_codes" if is_own else "wrong_codes"):
        raise WrongCode
    return part


@transaction.atomic
def _receive(part: VendorOrder, code: str, *, tries: str) -> bool:
    """tries: the field that counts the wrong codes of such people."""
    locked = lock_part(part)
    shipments = list(locked.shipments.exclude(code="").filter(**{f"{tries}__lt": MOST_WRONG_CODES}))
    found = next((shipment for shipment in shipments if shipment.code == code), None)
    if found is None:
        keys = [shipment.pk for shipment in shipments]
        Shipment.objects.filter(pk__in=keys).update(**{tries: F(tries) + 1})
        return False
    if found.received_at is None:
        found.received_at = timezone.now()
        found.save(update_fields=["received_at"])
    is_complete = not locked.shipments.filter(received_at=None).exists()
    if is_complete and locked.state == VendorOrder.State.SHIPPED:
        deliver(locked, actor=None)
        tell_group(locked, "sale_received")
    return True
