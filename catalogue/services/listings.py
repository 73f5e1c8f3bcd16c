"""Writing of listings: a draft may have gaps, which review then names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, count
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from oscar.core.loading import get_model

from catalogue.errors import ListingLocked, ProductNotNamed, ProductOfAnotherPlace
from catalogue.models import Product
from catalogue.services.prices import check_price, refresh_price_from
from marketplace.lib.translated import Translations, clean_translations, write_translations
from marketplace.lib.words import plain_words
from regions.models import IdentifiedProduct, Region
from vendors.domain.sku import sku_key
from vendors.models import Partner, StockRecord

ProductClass = get_model("catalogue", "ProductClass")
SLUG_LENGTH = 80
EDITABLE_STATES = frozenset({Product.State.DRAFT, Product.State.RETURNED, Product.State.WITHDRAWN})


@dataclass(frozen=True)
class SizeData:
    """One size: net_quantity is in net_unit; price in the listing's currency, tax included; units lie in store.

    sku: the group's own name of it, unique among its sizes; the shop gives one where it is empty. weight_grams: of one
    as it is sent, packing included; None while nobody has said it.
    """

    price: Decimal
    units: int = 0
    label: str = ""
    sku: str = ""
    net_quantity: Decimal | None = None
    net_unit: str = ""
    weight_grams: int | None = None


@dataclass(frozen=True)
class ListingData:
    """Texts and place of a listing. category_pks: keys of categories; translations: of its words, in other languages.

    season: as catalogue.domain.seasons writes it.
    """

    title: str
    region: Region
    description: str = ""
    identified_product: IdentifiedProduct | None = None
    ingredients: str = ""
    storage: str = ""
    lot_rule: str = ""
    is_perishable: bool = False
    season: str = ""
    category_pks: Sequence[int] = ()
    words_language: str = "en"
    translations: Translations = field(default_factory=dict)


@transaction.atomic
def create_listing(
    vendor: Partner,
    data: ListingData,
    *,
    sizes: Sequence[SizeData] = (),
    currency: str = "",
    stock_note: Mapping[str, Any] | None = None,
    actor: Any = None,
) -> Product:
    """Write a draft with its stock records; several sizes become children of one listing.

    currency: ISO 4217, the shop's when empty. stock_note: of vendors.services.stock.opening_note.
    actor: who writes it, where that is a person.
    Raises ProductOfAnotherPlace, ProductNotNamed, PriceOutOfRange.
    """
    check_place(data)
    check_named(data.identified_product)
    for size in sizes:
        check_price(size.price)
    structure = Product.PARENT if len(sizes) > 1 else Product.STANDALONE
    listing = Product(structure=structure, vendor=vendor, product_class=goods_class())
    _write_texts(listing, data, actor=actor)
    if len(sizes) == 1:
        _write_size(listing, sizes[0])
    listing.save()
    listing.categories.set(data.category_pks)
    _add_stock(listing, sizes, currency=currency or settings.CHARGE_CURRENCY, note=stock_note)
    refresh_price_from(listing.pk)
    listing.refresh_from_db()
    return listing


@transaction.atomic
def update_listing(listing: Product, data: ListingData, *, actor: Any = None) -> Product:
    """Change texts, place and categories of a draft, returned or withdrawn listing.

    Raises ListingLocked for one under review or on sale, ProductOfAnotherPlace, ProductNotNamed.
    """
    locked: Product = Product.objects.select_for_update(of=("self",), no_key=True).get(pk=listing.pk)
    if locked.state not in EDITABLE_STATES or locked.is_child:
        raise ListingLocked
    check_named(data.identified_product, held=[locked.identified_product_id])
    write_words(locked, data, actor=actor)
    return locked


def write_words(locked: Product, data: ListingData, *, actor: Any = None) -> None:
    """Write texts, place and categories of a listing whose row the caller holds. Raises ProductOfAnotherPlace."""
    check_place(data)
    _write_texts(locked, data, actor=actor)
    locked.save()
    locked.categories.set(data.category_pks)
    # A size has the place of its listing.
    Product.objects.filter(parent=locked).update(region=data.region, search_words=locked.search_words)


@transaction.atomic
def set_content(holder: Product, net_quantity: Decimal | None, *, net_unit: str) -> None:
    """Write the net content of a listing or size, in net_unit; None and "" when it is not known.

    Raises ListingLocked unless the listing is a draft, returned or withdrawn.
    """
    locked = Product.objects.select_for_update(of=("self",)).get(pk=holder.pk)
    if locked.state not in EDITABLE_STATES:
        raise ListingLocked
    locked.net_quantity, locked.net_unit = net_quantity, net_unit
    locked.save(update_fields=["net_quantity", "net_unit"])


def search_words(
    vendor: Partner,
    region: Region,
    *,
    product: IdentifiedProduct | None = None,
    translations: Translations | None = None,
) -> str:
    """Words under which a listing is found besides its own: group, places in both scripts, identified product, translations.

    product: read with its region; its name counts while it is that of its place.
    """
    places = [region, *region.ancestors()]
    words = [vendor.name, *(place.name for place in places), *(place.local_name for place in places)]
    if product is not None and product.is_standing:
        words.append(product.name)
    words += [text for said in (translations or {}).values() for text in said.values()]
    return " ".join(word for word in words if word)


def goods_class() -> Any:
    """Oscar's class of goods that are counted and sent; there is only this one."""
    found, _ = ProductClass.objects.get_or_create(
        slug="goods", defaults={"name": "Goods", "track_stock": True, "requires_shipping": True}
    )
    return found


def check_place(data: ListingData) -> None:
    """Raise ProductOfAnotherPlace when the identified product is named for a place that does not hold this one."""
    if data.identified_product is not None and not fits(data.identified_product, data.region):
        raise ProductOfAnotherPlace


def check_named(product: IdentifiedProduct | None, *, held: Collection[int | None] = ()) -> None:
    """Raise ProductNotNamed when it is not that of its place today. held: keys of what the listing has, and may keep.

    product: read with its region.
    """
    if product is not None and product.pk not in held and not product.is_standing:
        raise ProductNotNamed


def fits(product: IdentifiedProduct, region: Region) -> bool:
    """Whether goods of this place may belong to the product: one place holds the other. product: read with its region."""
    return product.region.contains(region) or region.contains(product.region)


def _write_texts(listing: Product, data: ListingData, *, actor: Any) -> None:
    before = (listing.title, listing.description)
    listing.title = plain_words(data.title)
    # Addresses with an earlier name lead to this one: the number in them decides.
    listing.slug = _slug(listing.title)
    listing.description = plain_words(data.description)
    listing.region = data.region
    listing.identified_product = data.identified_product
    listing.ingredients, listing.storage = plain_words(data.ingredients), plain_words(data.storage)
    listing.lot_rule = plain_words(data.lot_rule)
    listing.is_perishable = data.is_perishable
    listing.season = data.season
    listing.words_language = data.words_language
    kept = clean_translations(data.translations, own=data.words_language, fields=Product.TRANSLATED)
    is_changed = before != (listing.title, listing.description)
    write_translations(listing, kept, is_changed=is_changed, actor=actor)
    listing.search_words = search_words(
        listing.vendor, data.region, product=data.identified_product, translations=kept
    )


def _slug(title: str) -> str:
    # Oscar spells other scripts letter by letter ("u0f60"), which soon is longer than its column, and leaves
    # nothing of a title without letters, which no address can hold. The number in the address tells listings apart.
    return slugify(title)[:SLUG_LENGTH].strip("-_") or "listing"


def _write_size(listing: Product, size: SizeData) -> None:
    listing.size_label, listing.net_quantity = plain_words(size.label), size.net_quantity
    listing.net_unit, listing.weight_grams = size.net_unit, size.weight_grams


def _add_stock(
    listing: Product, sizes: Sequence[SizeData], *, currency: str, note: Mapping[str, Any] | None
) -> None:
    for size in sizes:
        holder = listing if len(sizes) == 1 else add_child(listing, size)
        StockRecord.objects.create(
            product=holder,
            partner=listing.vendor,
            partner_sku=size.sku or given_sku(holder),
            price=size.price,
            price_currency=currency,
            num_in_stock=size.units,
            move_note=note,
        )


def given_sku(holder: Product) -> str:
    """The name that the shop gives to what holds price and stock; another one where the group uses that already."""
    name = f"L{holder.pk}"
    taken = set(
        StockRecord.objects.filter(partner=holder.vendor_id, sku_key__startswith=sku_key(name)).values_list(
            "sku_key", flat=True
        )
    )
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(free for free in names if sku_key(free) not in taken)


def add_child(listing: Product, size: SizeData) -> Product:
    """A size as a child of a listing, in the listing's own state, without its stock record."""
    child = Product(
        structure=Product.CHILD,
        parent=listing,
        state=listing.state,
        is_public=listing.is_public,
        published_at=listing.published_at,
        submitted_at=listing.submitted_at,
        vendor=listing.vendor,
        region=listing.region,
        slug=listing.slug,
        search_words=listing.search_words,
        is_example=listing.is_example,
    )
    _write_size(child, size)
    child.save()
    return child
