"""Protected names in the texts of a listing that its group may not use, because no certificate covers them."""

from catalogue.models import Product
from catalogue.selectors.claims import covering, goods_of
from regions.domain.protected_names import Use, uses
from regions.models import GeographicalIndication
from vendors.models import Certificate

# A name that is tried out has no authorised users yet, so nobody could ever be one of them.
NOT_REGISTERED = "pilot"


def held_names(listing: Product, *, texts: tuple[str, ...] | None = None) -> list[Use]:
    """Protected names that a listing, or texts proposed for it, use without a valid certificate; at most two queries.

    listing: as it stands in memory, read with its region. The certificate must cover the listing as claims do, and a
    name that is inside a longer one that may be used is free.
    """
    if texts is None:
        texts = (listing.title, listing.description)
    rows = GeographicalIndication.objects.exclude(status=NOT_REGISTERED)
    names = dict(rows.order_by("pk").values_list("pk", "name"))
    text = "\n".join(texts)
    if not uses(text, names):
        return []
    own = covering(goods_of(listing, is_food=False)).filter(kind=Certificate.Kind.GI)
    return uses(text, names, free=list(own.values_list("gi", flat=True)))
