"""What the page of one listing shows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.models import ListingChange, Product
from catalogue.selectors.claims import claims_on, goods_of
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
from catalogue.selectors.seasons import season_words
from catalogue.selectors.snapshots import OWN_TEXTS, text_values, translations_of
from orders.models import Review
from orders.selectors.reviews import reviews_of_listing
from orders.selectors.running_offers import running_offers
from regions.models import IdentifiedProduct, Region
from storefront import structured
from storefront.delivery import Destination
from storefront.offers import Offer, first_to_buy
from storefront.prices import shown_price
from storefront.problems import RefusedAdd
from storefront.rows import place_crumbs
from storefront.sharing.cards import listing_card
from storefront.size_rows import availability_words, size_rows
from vendors.models import StockRecord

MORE = 4
REVIEWS = 10


def listing_context(
    listing: Product, *, to: Destination, page: str | None = None, refused: RefusedAdd | None = None
) -> dict[str, Any]:
    """Values of the template for a listing read with its places, group and identified product; thirteen queries.

    One more where offers run.

    page: number of the page of reviews, which take two queries more where there are any. refused: what was to be put into the
    basket a moment ago; its size is chosen, as far as it can be had.
    """
    reviews = _reviews(listing, page)
    food = is_food(listing)
    claims = claims_on(goods_of(listing, is_food=food))
    offers = _offers(listing)
    photos = list(listing.images.order_by("display_order", "pk"))
    pictures = [picture_of(photo) for photo in photos]
    chosen = _sent(offers, refused) or first_to_buy(offers)
    closed = listing.vendor.is_closed_on(listing.vendor.today)
    licence = licence_of(listing) if food else ""
    may_sell = not closed and (bool(licence) or not food)
    return {
        "listing": listing,
        "crumbs": place_crumbs(listing.region, leaf=listing.said("title")),
        "pictures": pictures,
        "offers": offers,
        "chosen": chosen,
        "refused": refused,
        "problems": refused.problems if refused else [],
        "has_sold_out": any(not offer.units for offer in offers),
        "can_buy": bool(chosen and chosen.units and may_sell),
        "is_unlicensed": food and not licence,
        "closed_until": date_format(listing.vendor.closed_until, "j F") if closed else "",
        "sizes": size_rows(offers, chosen, vendor=listing.vendor, to=to),
        "availability": availability_words(listing.vendor, chosen.units if chosen else 0),
        "to": to,
        "facts": _facts(listing, licence=licence),
        "claims": claims,
        "more": _more(listing),
        "reviews": reviews,
        "card": listing_card(
            listing.said("title"),
            pk=listing.pk,
            region=listing.region,
            group=listing.vendor.name,
            photo=photos[0] if photos else None,
        ),
        "data": structured.product(
            listing,
            offers,
            pictures=pictures,
            claims=claims,
            reviews=reviews.object_list if reviews else (),
            may_sell=may_sell,
        )
        if offers
        else None,
        "section": "",
    }


def preview_context(listing: Product, *, to: Destination) -> dict[str, Any]:
    """The same for a listing as its open change would make it, whatever its state; nothing can be bought there."""
    change = ListingChange.objects.open().filter(listing=listing).first()
    values = change.proposed if change else {}
    texts = text_values(listing) | values
    for name in (*OWN_TEXTS, "words_language"):
        setattr(listing, name, texts[name])
    listing.translations = translations_of(texts)
    listing.season = values.get("season", listing.season)
    if "region" in values:
        listing.region = Region.objects.select_related("parent__parent").get(pk=values["region"])
    if "identified_product" in values:
        products = IdentifiedProduct.objects.select_related("scheme", "region")
        listing.identified_product = products.filter(pk=values["identified_product"]).first()
    sizes = Product.objects.filter(parent=listing, is_removed=False).select_related("region")
    listing._live_sizes = list(sizes.order_by("pk"))
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


def _sent(offers: Sequence[Offer], refused: RefusedAdd | None) -> Offer | None:
    """The size that was sent, where it can still be had."""
    return next((row for row in offers if refused and row.pk == refused.product and row.units), None)


def _offers(listing: Product) -> list[Offer]:
    sizes = _sizes(listing)
    stock = {record.product_id: record for record in StockRecord.objects.filter(product__in=sizes)}
    running = running_offers()
    categories = list(listing.categories.values_list("path", flat=True)) if running else []
    rows = []
    for size in sizes:
        record = stock.get(size.pk)
        if record is not None:
            units = max(record.num_in_stock - record.num_allocated, 0)
            words = size.size_label or content_words(size)
            price, currency = record.price, record.price_currency
            shown = shown_price(size, price, currency, categories=categories, running=running)
            per_unit = unit_price_words(size, shown.amount, currency=currency)
            rows.append(
                Offer(
                    size.pk,
                    words,
                    price,
                    currency,
                    per_unit,
                    units,
                    size.sent_grams,
                    listing.is_perishable,
                    shown,
                )
            )
    return rows


def _sizes(listing: Product) -> list[Product]:
    if not listing.is_parent:
        return [listing]
    if not hasattr(listing, "_live_sizes"):
        own = Product.objects.live().filter(parent=listing).select_related("region")
        # Read once a page.
        listing._live_sizes = list(own.order_by("price_from", "net_quantity", "pk"))
    return list(listing._live_sizes)


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
        (_("Season"), season_words(listing.season)),
        (_("Keep"), listing.storage),
        (_("Lot"), listing.lot_rule),
        (_("Food licence"), licence),
        (_("Country of origin"), country.shown_name),
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


def _reviews(listing: Product, page: str | None) -> Page[Review] | None:
    """A page of the published reviews; None without any, and then no query."""
    if not listing.rating_count:
        return None
    return Paginator(reviews_of_listing(listing), REVIEWS).get_page(page)
