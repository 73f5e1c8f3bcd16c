"""Protected names in the texts of a listing that its group may not use, because no certificate covers them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from catalogue.models import Product
from catalogue.selectors.claims import covering, goods_of
from regions.domain.protected_names import Use, uses, uses_across
from regions.models import GeographicalIndication
from vendors.models import Certificate

# A name that is tried out has no authorised users yet, so nobody could ever be one of them.
NOT_REGISTERED = "pilot"


@dataclass(frozen=True)
class HeldName:
    """A protected name that may not stand there. field: title or description."""

    field: str
    name: str


def names_to_hold() -> dict[int, str]:
    """The protected names that only authorised users may use, by key; one query."""
    rows = GeographicalIndication.objects.exclude(status=NOT_REGISTERED)
    return dict(rows.order_by("pk").values_list("pk", "name"))


def held_names(listing: Product) -> list[HeldName]:
    """Protected names that a listing uses without a valid certificate, each once; at most four queries.

    listing: as it stands in memory, read with its region. In the title, and for a name that begins there and ends in the
    story, the certificate must cover the listing, as for a claim; in the story an authorised user may name what else the group makes. A name inside a longer one that may be
    used is free.
    """
    names = names_to_hold()
    found: dict[str, HeldName] = {}
    mine = Certificate.objects.valid_now().filter(kind=Certificate.Kind.GI, vendor=listing.vendor_id)
    covered = covering(goods_of(listing, is_food=False)).filter(kind=Certificate.Kind.GI)
    for field, free in (("title", covered), ("description", mine)):
        text, is_title = getattr(listing, field), field == "title"
        if uses(text, names, is_title=is_title):
            may_use = list(free.values_list("gi", flat=True))
            for use in uses(text, names, free=may_use, is_title=is_title):
                found.setdefault(use.name, HeldName(field, use.name))
    for use in _across(listing, names, covered):
        found.setdefault(use.name, HeldName("description", use.name))
    return list(found.values())


def _across(listing: Product, names: Mapping[int, str], covered: QuerySet[Certificate]) -> list[Use]:
    """Names that begin in the title and end in the story; the certificate must cover the listing."""
    if not uses_across(listing.title, listing.description, names):
        return []
    may_use = list(covered.values_list("gi", flat=True))
    return uses_across(listing.title, listing.description, names, free=may_use)
