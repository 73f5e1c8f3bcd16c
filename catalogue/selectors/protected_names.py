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
    """A protected name that may not stand there. field: as in a snapshot, such as title or "description:hi"."""

    field: str
    name: str


def names_to_hold() -> dict[int, str]:
    """The protected names that only authorised users may use, by key; one query."""
    rows = GeographicalIndication.objects.exclude(status=NOT_REGISTERED)
    return dict(rows.order_by("pk").values_list("pk", "name"))


def held_names(listing: Product) -> list[HeldName]:
    """Protected names that a listing uses without a valid certificate, each once and in every language.

    At most four queries, and two more for each text that uses one.

    listing: as it stands in memory, read with its region. In the title, and for a name that begins there and ends in the
    story, the certificate must cover the listing, as for a claim; in the story an authorised user may name what else the group makes. A name inside a longer one that may be
    used is free.
    """
    names = names_to_hold()
    found: dict[str, HeldName] = {}
    mine = Certificate.objects.valid_now().filter(kind=Certificate.Kind.GI, vendor=listing.vendor_id)
    covered = covering(goods_of(listing, is_food=False)).filter(kind=Certificate.Kind.GI)
    own = {"title": listing.title, "description": listing.description}
    for code, texts in (("", own), *sorted(listing.translations.items())):
        suffix = f":{code}" if code else ""
        title, story = texts.get("title", ""), texts.get("description", "")
        for text, field, free in ((title, "title", covered), (story, "description", mine)):
            for use in _held(text, names, free, is_title=field == "title"):
                found.setdefault(use.name, HeldName(f"{field}{suffix}", use.name))
        for use in _across(title, story, names, covered):
            found.setdefault(use.name, HeldName(f"description{suffix}", use.name))
    return list(found.values())


def _held(text: str, names: Mapping[int, str], free: QuerySet[Certificate], *, is_title: bool) -> list[Use]:
    """Names in a text that these certificates do not free."""
    if not uses(text, names, is_title=is_title):
        return []
    may_use = list(free.values_list("gi", flat=True))
    return uses(text, names, free=may_use, is_title=is_title)


def _across(title: str, story: str, names: Mapping[int, str], covered: QuerySet[Certificate]) -> list[Use]:
    """Names that begin in the title and end in the story; the certificate must cover the listing."""
    if not uses_across(title, story, names):
        return []
    may_use = list(covered.values_list("gi", flat=True))
    return uses_across(title, story, names, free=may_use)
