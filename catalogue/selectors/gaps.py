"""What a listing still lacks before anyone may buy it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.licences import licence_of
from catalogue.selectors.protected_names import held_names
from catalogue.selectors.snapshots import sizes_of
from marketplace.lib.words import is_blank
from vendors.models import StockRecord

Category = get_model("catalogue", "Category")
FOOD_FACTS: dict[str, str | Promise] = {
    "ingredients": _("ingredients"),
    "storage": _("how to keep it"),
    "lot_rule": _("how lots are marked"),
}


@dataclass(frozen=True)
class Gap:
    """One thing that is missing: field as in a snapshot ("price" for the price, "licence" and "address" of the group), and its words."""

    field: str
    words: str | Promise


def gaps(listing: Product) -> list[Gap]:
    """Everything that is missing, in the order of the form; at most thirteen queries.

    Food is sold only with licence, maker and address, content, ingredients, storage and lot rule, and a protected name
    is used only with the certificate. Source: PRODUCT, promises 6 and 7.
    """
    found = []
    if not listing.images.exists():
        found.append(Gap("photos", _("photo")))
    if is_blank(listing.title):
        found.append(Gap("title", _("title")))
    priced = StockRecord.objects.filter(
        Q(product=listing) | Q(product__parent=listing, product__is_removed=False), price__gt=0
    )
    if not priced.exists():
        found.append(Gap("price", _("price and stock")))
    if not listing.region_id:
        found.append(Gap("region", _("place of origin")))
    if listing.state != Product.State.LIVE and not listing.categories.exists():
        # Without it food would pass for something else. A change of what is on sale may not take it away.
        found.append(Gap("categories", _("kind of goods")))
    if is_food(listing):
        found += food_gaps(
            listing,
            facts={name: getattr(listing, name) for name in FOOD_FACTS},
            contents=[size.net_quantity for size in sizes_of(listing)],
        )
    return found + name_gaps(listing)


def name_gaps(listing: Product) -> list[Gap]:
    """What a listing lacks to use the protected names in its title and description; at most four queries."""
    words = _(
        "a certificate as authorised user of the protected name “%(name)s”, or other words instead of it"
    )
    return [Gap(held.field, words % {"name": held.name}) for held in held_names(listing)]


def is_food(listing: Product) -> bool:
    """Whether the listing stands in a category of food, or below one; two queries."""
    return bool(listing.categories.filter(_below_food()).exists())


def holds_food(category_pks: Collection[int]) -> bool:
    """Whether one of these categories is of food, or below one; two queries."""
    return bool(Category.objects.filter(_below_food(), pk__in=category_pks).exists())


def food_gaps(listing: Product, *, facts: Mapping[str, str], contents: Iterable[object]) -> list[Gap]:
    """What food lacks; at most three queries.

    listing: its group, place, title and product, as in licence_of. facts: texts by the names of FOOD_FACTS. contents: the net quantity of each size, empty where it is not known.
    """
    found = []
    if not licence_of(listing):
        found.append(Gap("licence", _("a valid food licence of the group for these goods")))
    if is_blank(listing.vendor.address):
        found.append(Gap("address", _("the postal address of the group, as maker")))
    if not all(contents):
        found.append(Gap("sizes", _("how much is in one")))
    return found + [Gap(name, words) for name, words in FOOD_FACTS.items() if is_blank(facts[name])]


def _below_food() -> Q:
    roots = Category.objects.filter(slug__in=settings.FOOD_CATEGORIES).values_list("path", flat=True)
    below = Q(pk__in=[])
    for path in roots:
        below |= Q(path__startswith=path)
    return below
