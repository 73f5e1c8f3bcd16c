"""Listings that were handed in."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from catalogue.models import ListingEvent, Product
from catalogue.selectors.changes import diffs_since_returned
from catalogue.selectors.claims import claims_on, goods_of
from catalogue.selectors.gaps import is_food
from catalogue.selectors.seasons import season_words
from catalogue.selectors.snapshots import FIELDS
from catalogue.services.review import missing_parts
from marketplace.lib.money import format_price
from programme.queue.kind import Kind, Photo, Sheet
from vendors.models import Partner, StockRecord

State = Product.State


def _read(listing: Product) -> Sheet:
    """The listing as it would go on sale."""
    group: Partner = listing.vendor
    checks = [str(gap) for gap in missing_parts(listing)]
    if group.state != Partner.State.APPROVED:
        words = _("The group has not been approved (%(state)s). Decide about the group first.")
        checks.insert(0, str(words % {"state": group.get_state_display()}))
    diffs = diffs_since_returned(listing)
    if listing.returned_as is not None and not diffs:
        checks.append(str(_("Nothing has changed since changes were asked for.")))
    return Sheet(
        facts=(
            (_("place of origin"), str(listing.region)),
            (_("product the place is known for"), str(listing.identified_product or "")),
            (_("kind of goods"), ", ".join(str(each) for each in listing.categories.all())),
            (_("price from"), _price(listing)),
            (_("sizes"), _sizes(listing)),
            (_("story"), listing.description),
            (_("ingredients or material"), listing.ingredients),
            (_("how to keep it"), listing.storage),
            (_("season"), season_words(listing.season)),
            (_("how lots are marked"), listing.lot_rule),
            (_("certificates that cover it"), _certificates(listing)),
        ),
        checks=checks,
        photos=[
            Photo(photo.rendition_url(320), photo.rendition_url(1280), photo.alt_text)
            for photo in listing.images.all()
        ],
        diffs=diffs,
        sides=(_("When changes were asked for"), _("Now")),
        fields=FIELDS,
    )


def _certificates(listing: Product) -> str:
    claims = claims_on(goods_of(listing, is_food=is_food(listing)))
    return "\n".join(f"{claim.name} · {claim.number} · {date_format(claim.until)}" for claim in claims)


def _price(listing: Product) -> str:
    if listing.price_from is None:
        return ""
    return str(format_price(listing.price_from, listing.price_currency))


def _sizes(listing: Product) -> str:
    sizes = list(listing.children.all()) or [listing]
    rows = [(size, record) for size in sizes for record in size.stockrecords.all()]
    return "\n".join(_size(size, record) for size, record in rows)


def _size(size: Product, record: StockRecord) -> str:
    content = f"{size.net_quantity.normalize():f} {size.get_net_unit_display()}" if size.net_quantity else ""
    price = format_price(record.price, record.price_currency)
    units = _("%(count)d in stock") % {"count": record.num_in_stock}
    return " · ".join(part for part in (size.size_label, content, price, units) if part)


def _version(listing: Any) -> str:
    return listing.submitted_at.isoformat() if listing.submitted_at else ""


LISTINGS = Kind(
    code="listing",
    names=_("listings"),
    model=Product,
    rows=lambda: Product.objects.whole(),
    state=State.SUBMITTED,
    since="submitted_at",
    titles=("title",),
    place="vendor__home_region",
    group="vendor",
    event=ListingEvent,
    subject="listing",
    decided=frozenset({State.LIVE, State.RETURNED, State.REJECTED}),
    read=_read,
    version=_version,
    right="catalogue.review_product",
    bulk=frozenset({"approve"}),
)
