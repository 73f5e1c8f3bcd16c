"""Goods that were received at a bus stop: whoever takes them says the hand-over code."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orders.domain.numbers import read_part_number
from orders.errors import WrongCode
from orders.models import Shipment, VendorOrder
from orders.services.fulfilment import deliver
from orders.services.notifying import tell_group
from orders.services.parts import lock_part

# After so many wrong codes a shipment hears no more of them; the buyer's page and the group remain.
MOST_WRONG_CODES = 10


def receive_by_code(typed_number: str, typed_code: str) -> VendorOrder:
    """Note that the goods of one shipment were received; returns its vendor order, also when that was noted before.

    With its last shipment the vendor order is delivered. The group knows the code too, so its share is kept back as
    for any delivery: only the buyer's own word makes it payable at once.
    Raises WrongCode for whatever does not match, CashFirst where the goods are paid at hand-over.
    """
    number = read_part_number(typed_number)
    code = "".join(sign for sign in typed_code if sign.isdigit())
    part = VendorOrder.objects.released().filter(number=number).first() if number else None
    if part is None or not _receive(part, code):
        raise WrongCode
    return part


@transaction.atomic
def _receive(part: VendorOrder, code: str) -> bool:
    locked = lock_part(part)
    shipments = list(locked.shipments.exclude(code="").filter(wrong_codes__lt=MOST_WRONG_CODES))
    found = next((shipment for shipment in shipments if shipment.code == code), None)
    if found is None:
        keys = [shipment.pk for shipment in shipments]
        Shipment.objects.filter(pk__in=keys).update(wrong_codes=F("wrong_codes") + 1)
        return False
    if found.received_at is None:
        found.received_at = timezone.now()
        found.save(update_fields=["received_at"])
    is_complete = not locked.shipments.filter(received_at=None).exists()
    if is_complete and locked.state == VendorOrder.State.SHIPPED:
        deliver(locked, actor=None)
        tell_group(locked, "sale_received")
    return True
