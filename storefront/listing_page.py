"""What the page of one listing shows."""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.models import ListingChange, Product
from catalogue.selectors.claims import Claim, claims_on, goods_of
from catalogue.selectors.gaps import is_food
from catalogue.selectors.licences import licence_of
from catalogue.selectors.listings import (
    ListingCard,
    Picture,
    card_rows,
    cards,
    content_words,
    picture_of,
    unit_price_words,
)
from catalogue.selectors.snapshots import TEXTS
from orders.domain.delivery import Package
from orders.models import Review
from orders.selectors.reviews import reviews_of_listing
from orders.shipping.options import Offered
from regions.models import IdentifiedProduct, Region
from storefront.delivery import Destination, offered_by
from storefront.rows import place_crumbs
from vendors.models import StockRecord

MORE = 4
REVIEWS = 10
# These could end a script element or start a comment inside it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Offer:
    """One thing that can be bought: the listing itself or one of its sizes. units: how many can be bought now."""

    pk: int
    words: str
    price: Decimal
    currency: str
    per_unit: str
    units: int
    grams: int
    spoils: bool

    @property
    def package(self) -> Package:
        """One unit, to be sent alone."""
        return Package(self.price, self.grams, self.spoils)

    @property
    def note(self) -> str:
        """Size and price per unit, beside the price."""
        return " · ".join(part for part in (self.words, self.per_unit) if part)


def listing_context(listing: Product, *, to: Destination, page: str | None = None) -> dict[str, Any]:
    """Values of the template for a listing read with its places, group and identified product; twelve queries.

    page: number of the page of reviews, which take two queries more where there are any.
    """
    reviews = _reviews(listing, page)
    food = is_food(listing)
    claims = claims_on(goods_of(listing, is_food=food))
    offers = _offers(listing)
    pictures = [picture_of(photo) for photo in listing.images.order_by("display_order", "pk")]
    chosen = next((offer for offer in offers if offer.units), offers[0] if offers else None)
    offered = (
        offered_by(listing.vendor, chosen.package, currency=chosen.currency, to=to) if chosen else Offered([])
    )
    closed = listing.vendor.is_closed_on(listing.vendor.today)
    licence = licence_of(listing) if food else ""
    may_sell = not closed and (bool(licence) or not food)
    return {
        "listing": listing,
        "crumbs": place_crumbs(listing.region, leaf=listing.get_title()),
        "pictures": pictures,
        "offers": offers,
        "chosen": chosen,
        "can_buy": bool(chosen and chosen.units and may_sell),
        "is_unlicensed": food and not licence,
        "closed_until": date_format(listing.vendor.closed_until, "j F") if closed else "",
        "availability": _availability(listing, chosen),
        "to": to,
        "delivery": next(iter(offered.options), None),
        "refusal": offered.refusal,
        "facts": _facts(listing, licence=licence),
        "claims": claims,
        "more": _more(listing),
        "reviews": reviews,
        "data": _data(listing, offers, pictures, claims=claims, may_sell=may_sell, reviews=reviews),
        "section": "",
    }


def preview_context(listing: Product, *, to: Destination) -> dict[str, Any]:
    """The same for a listing as its open change would make it, whatever its state; nothing can be bought there."""
    change = ListingChange.objects.open().filter(listing=listing).first()
    values = change.proposed if change else {}
    for name in TEXTS:
        setattr(listing, name, values.get(name, getattr(listing, name)))
    if "region" in values:
        listing.region = Region.objects.select_related("parent__parent").get(pk=values["region"])
    if "identified_product" in values:
        products = IdentifiedProduct.objects.select_related("scheme", "region")
        listing.identified_product = products.filter(pk=values["identified_product"]).first()
    listing._live_sizes = list(Product.objects.filter(parent=listing, is_removed=False).order_by("pk"))
    context = listing_context(listing, to=to)
    if change is not None and "photos" in values:
        context["pictures"] = _pictures_of(listing, change)
    return {**context, "can_buy": False, "is_preview": True}


def _pictures_of(listing: Product, change: ListingChange) -> list[Picture]:
    """Photos as the change has them: those shown and those that wait."""
    shown = {photo.pk: photo for photo in listing.images.all()}
    waiting = {photo.pk: photo for photo in change.photos.all()}
    found = []
    for entry in change.proposed["photos"]:
        if entry.get("photo") in shown:
            found.append(replace(picture_of(shown[entry["photo"]]), alt=entry["alt"]))
        elif entry.get("new") in waiting:
            photo = waiting[entry["new"]]
            url = reverse("proposed-photo", args=[photo.pk])
            found.append(Picture(url, "", photo.width, photo.height, entry["alt"], url))
    return found


def _offers(listing: Product) -> list[Offer]:
    stock = {record.product_id: record for record in StockRecord.objects.filter(product__in=_sizes(listing))}
    rows = []
    for size in _sizes(listing):
        record = stock.get(size.pk)
        if record is not None:
            units = max(record.num_in_stock - record.num_allocated, 0)
            words = size.size_label or content_words(size)
            per_unit = unit_price_words(size, record.price, currency=record.price_currency)
            rows.append(
                Offer(
                    size.pk,
                    words,
                    record.price,
                    record.price_currency,
                    per_unit,
                    units,
                    size.sent_grams,
                    listing.is_perishable,
                )
            )
    return rows


def _sizes(listing: Product) -> list[Product]:
    if not listing.is_parent:
        return [listing]
    if not hasattr(listing, "_live_sizes"):
        own = Product.objects.live().filter(parent=listing).order_by("price_from", "net_quantity", "pk")
        listing._live_sizes = list(own)  # read once a page
    return list(listing._live_sizes)


def _availability(listing: Product, chosen: Offer | None) -> str:
    if chosen is None or not chosen.units:
        return _("Sold out for now.")
    place = listing.vendor.home_region.name
    words = ngettext(
        "%(count)d ready to send from %(place)s.", "%(count)d ready to send from %(place)s.", chosen.units
    )
    return words % {"count": chosen.units, "place": place}


def _facts(listing: Product, *, licence: str) -> list[tuple[str, str]]:
    """What the packet says, without what is not known."""
    vendor = listing.vendor
    country = listing.region
    while country.parent is not None:
        country = country.parent
    maker = ", ".join(part for part in (vendor.name, vendor.address or vendor.home_region.name) if part)
    rows = [
        (_("Maker and packer"), maker),
        (_("Sizes"), _sizes_words(listing) if listing.is_parent else ""),
        (_("Net content"), "" if listing.is_parent else content_words(listing)),
        (_("Ingredients or material"), listing.ingredients),
        (_("Keep"), listing.storage),
        (_("Lot"), listing.lot_rule),
        (_("Food licence"), licence),
        (_("Country of origin"), country.name),
    ]
    return [(words, value) for words, value in rows if value]


def _sizes_words(listing: Product) -> str:
    return ", ".join(size.size_label or content_words(size) for size in _sizes(listing))


def _more(listing: Product) -> list[ListingCard]:
    """Others of the same group first, then of the same dzongkhag or state."""
    house = "/".join(listing.region.codes[:2]) + "/"
    live = Product.objects.live().whole().exclude(pk=listing.pk)
    near = card_rows(live.filter(region__path__startswith=house)).order_by("-published_at", "-pk")[: MORE * 3]
    rows = sorted(near, key=lambda row: row.vendor_id != listing.vendor_id)[:MORE]
    return cards(rows)


def _data(
    listing: Product,
    offers: list[Offer],
    pictures: list[Picture],
    *,
    claims: list[Claim],
    may_sell: bool,
    reviews: Page[Review] | None,
) -> SafeString:
    """The listing as schema.org data, safe inside a script element."""
    origin = {"@type": "Place", "name": listing.region.name}
    data = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": listing.get_title(),
        "description": listing.description,
        "image": [f"{settings.SITE_URL}{picture.large}" for picture in pictures],
        "brand": {"@type": "Brand", "name": listing.vendor.name},
        "countryOfOrigin": {"@type": "Country", "name": listing.region.country_code},
        "additionalProperty": {"@type": "PropertyValue", "name": "place of origin", "value": origin["name"]},
        **({"hasCertification": [_certification(claim) for claim in claims]} if claims else {}),
        **(_rated(listing, reviews) if reviews else {}),
        "offers": [
            {
                "@type": "Offer",
                "name": offer.words or listing.get_title(),
                "price": str(offer.price),
                "priceCurrency": offer.currency,
                "availability": f"https://schema.org/{'InStock' if offer.units and may_sell else 'OutOfStock'}",
                "url": f"{settings.SITE_URL}{listing.get_absolute_url()}",
                "seller": {"@type": "Organization", "name": listing.vendor.name},
            }
            for offer in offers
        ],
    }
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - escaped above


def _reviews(listing: Product, page: str | None) -> Page[Review] | None:
    """A page of the published reviews; None without any, and then no query."""
    if not listing.rating_count:
        return None
    return Paginator(reviews_of_listing(listing), REVIEWS).get_page(page)


def _rated(listing: Product, reviews: Page[Review]) -> dict[str, Any]:
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": round(listing.rating or 0, 1),
            "reviewCount": listing.rating_count,
        },
        "review": [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": review.by},
                "datePublished": review.submitted_at.date().isoformat(),
                "inLanguage": review.language,
                "reviewBody": review.words,
                "reviewRating": {"@type": "Rating", "ratingValue": review.stars},
            }
            for review in reviews.object_list
        ],
    }


def _certification(claim: Claim) -> dict[str, Any]:
    return {
        "@type": "Certification",
        "name": claim.name,
        "certificationIdentification": claim.number,
        "certificationStatus": "https://schema.org/CertificationActive",
        "expires": claim.until.isoformat(),
        **({"issuedBy": {"@type": "Organization", "name": claim.issuer}} if claim.issuer else {}),
    }
