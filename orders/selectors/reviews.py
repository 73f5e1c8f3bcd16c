"""Reviews as shoppers and groups read them."""

from django.db.models import QuerySet

from catalogue.models import Product
from orders.models import Review
from vendors.models import Partner


def reviews_of_listing(listing: Product) -> QuerySet[Review]:
    """Published reviews with their answers, the newest first; one query."""
    rows = Review.objects.published().filter(listing=listing)
    return rows.select_related("answer").order_by("-submitted_at", "-pk")


def reviews_of_group(vendor: Partner) -> QuerySet[Review]:
    """Published reviews of the goods of one group with its answers; one query."""
    rows = Review.objects.published().filter(listing__vendor=vendor)
    return rows.select_related("answer", "listing").order_by("-submitted_at", "-pk")
