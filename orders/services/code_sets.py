"""Sets of codes for one order each: drawn with their offer, handed out in one file, used once."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orders.domain.codes import draw_codes
from orders.errors import CodesFetched
from orders.offers.models import ConditionalOffer
from orders.selectors.code_sets import AGAIN
from orders.vouchers.models import Voucher, VoucherSet

MOST_CODES = 1000


def make_code_set(offer: ConditionalOffer, count: int) -> VoucherSet:
    """Draw the codes of an offer, in the caller's transaction. count: 1 to MOST_CODES."""
    days = {"start_datetime": offer.start_datetime, "end_datetime": offer.end_datetime}
    made: VoucherSet = VoucherSet.objects.create(offer=offer, name=offer.name[:100], count=count, **days)
    vouchers = Voucher.objects.bulk_create(
        Voucher(name=code, code=code, usage=Voucher.SINGLE_USE, voucher_set=made, **days)
        for code in draw_codes(count)
    )
    offer.vouchers.add(*vouchers)
    return made


@transaction.atomic
def fetch_codes(codes: VoucherSet) -> list[str]:
    """The codes, for the one file that is handed out; again within AGAIN of the first time. Raises CodesFetched."""
    now = timezone.now()
    # Test and write in one statement: PostgreSQL tests again after waiting for the row.
    VoucherSet.objects.filter(pk=codes.pk, fetched_at=None).update(fetched_at=now)
    may_have = VoucherSet.objects.filter(Q(fetched_at__gt=now - AGAIN), pk=codes.pk)
    if not may_have.exists():
        raise CodesFetched
    return list(Voucher.objects.filter(voucher_set=codes).order_by("pk").values_list("code", flat=True))


def take_code(pk: int) -> bool:
    """Use a code for an order, in the caller's transaction; False where another order has it. Others than those of sets are free."""
    of_set = Voucher.objects.filter(pk=pk, voucher_set__isnull=False)
    # Test and write in one statement: PostgreSQL tests again after waiting for the row.
    return bool(of_set.filter(num_orders=0).update(num_orders=1)) or not of_set.exists()


def give_code_back(pk: int) -> None:
    """Let the code of an order that came to nothing be used again, in the caller's transaction."""
    Voucher.objects.filter(pk=pk, voucher_set__isnull=False).update(num_orders=0)
