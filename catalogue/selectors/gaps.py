"""What a listing still lacks before anyone may buy it."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.protected_names import held_names
from catalogue.selectors.snapshots import sizes_of
from vendors.models import StockRecord
from vendors.selectors.certificates import food_licence_of

Category = get_model("catalogue", "Category")


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: field as in a snapshot ("price" for the price, "licence" and "address" of the group), and its words."""

    field: str
    words: str | Promise


def gaps(listing: Product) -> list[Gap]:
    """Everything that is missing, in the order of the form; at most eleven queries.

    Food is sold only with licence, maker and address, content, ingredients, storage and lot rule, and a protected name
    is used only with the certificate. Source: PRODUCT, promises 6 and 7.
    """
    found = []
    if not listing.images.exists():
        found.append(Gap("photos", _("photo")))
    if not listing.title.strip():
        found.append(Gap("title", _("title")))
    priced = StockRecord.objects.filter(
        Q(product=listing) | Q(product__parent=listing, product__is_removed=False), price__gt=0
    )
    if not priced.exists():
        found.append(Gap("price", _("price and stock")))
    if not listing.region_id:
        found.append(Gap("region", _("place of origin")))
    if is_food(listing):
        found += _food_gaps(listing)
    return found + name_gaps(listing)


def name_gaps(listing: Product) -> list[Gap]:
    """What a listing lacks to use the protected names in its title and description; at most three queries."""
    words = _(
        "a certificate as authorised user of the protected name “%(name)s”, or other words instead of it"
    )
    return [Gap(held.field, words % {"name": held.name}) for held in held_names(listing)]


def is_food(listing: Product) -> bool:
    """Whether the listing stands in a category of food, or below one; two queries."""
    roots = Category.objects.filter(slug__in=settings.FOOD_CATEGORIES).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in roots:
        below |= Q(path__startswith=path)
    return bool(listing.categories.filter(below).exists())


def _food_gaps(listing: Product) -> list[Gap]:
    found = []
    if not food_licence_of(listing.vendor):
        found.append(Gap("licence", _("a valid food licence of the group")))
    if not listing.vendor.address.strip():
        found.append(Gap("address", _("the postal address of the group, as maker")))
    if not all(size.net_quantity for size in sizes_of(listing)):
        found.append(Gap("sizes", _("how much is in one")))
    for name, words in (
        ("ingredients", _("ingredients")),
        ("storage", _("how to keep it")),
        ("lot_rule", _("how lots are marked")),
    ):
        if not getattr(listing, name).strip():
            found.append(Gap(name, words))
    return found
