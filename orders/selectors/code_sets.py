"""How the sets of codes of offers stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from orders.offers.models import ConditionalOffer
from orders.vouchers.models import VoucherSet

# A press that was sent twice, or a line that broke, must not cost the codes.
AGAIN = timedelta(minutes=15)


@dataclass(frozen=True)
class CodeSetState:
    """A set of codes. count: how many there are; used: how many orders have one; fetched_at: when its file was first had."""

    pk: int
    count: int
    used: int
    fetched_at: datetime | None

    @property
    def can_be_fetched(self) -> bool:
        """Whether its file can be had now."""
        return self.fetched_at is None or timezone.now() < self.fetched_at + AGAIN


def code_sets(offers: Iterable[ConditionalOffer]) -> Mapping[int, CodeSetState]:
    """Key of the offer -> its set of codes, for those that have one; one query."""
    used = Count("vouchers", filter=Q(vouchers__num_orders__gt=0))
    rows = VoucherSet.objects.filter(offer__in=[offer.pk for offer in offers]).order_by().annotate(used=used)
    return {row.offer_id: CodeSetState(row.pk, row.count, row.used, row.fetched_at) for row in rows}
