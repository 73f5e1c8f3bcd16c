"""Names of identified products among the words under which listings are found, true when a day has come."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from catalogue.models import Product
from catalogue.services.places import refresh_rows
from regions.models import IdentifiedProduct

_BATCH = 500


def refresh_known_names() -> int:
    """Let listings be found under a product from its first day to its last; returns how many rows were written.

    Finds its work by query, so that a run that was missed is made up for. A row that somebody holds is left to the next
    run; safe to repeat, and beside itself.
    """
    stale = list(_stale().order_by("pk").values_list("pk", flat=True))
    return sum(_refresh(stale[start : start + _BATCH]) for start in range(0, len(stale), _BATCH))


def _stale() -> "QuerySet[Product]":
    """Listings whose words have the name though the product does not stand, or lack it though it does."""
    stands = IdentifiedProduct.objects.standing().filter(pk=OuterRef("identified_product"))
    dated = Q(identified_product__named_on__isnull=False) | Q(identified_product__ended_on__isnull=False)
    has_name = Q(search_words__icontains=F("identified_product__name"))
    rows = Product.objects.filter(dated).exclude(structure=Product.CHILD)
    # A name that also stands there for another reason is looked at each time, and nothing is written.
    return rows.filter((Exists(stands) & ~has_name) | (~Exists(stands) & has_name))


@transaction.atomic
def _refresh(keys: list[int]) -> int:
    held = Product.objects.filter(pk__in=keys).select_for_update(of=("self",), no_key=True, skip_locked=True)
    found = list(held.order_by("pk").values_list("pk", flat=True))
    return refresh_rows(Product.objects.filter(Q(pk__in=found) | Q(parent__in=found)))
