"""Example listings as rows: those of the plan with all their history, and any number of others."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.text import slugify

from catalogue.models import ListingEvent, Product, ProductImage
from marketplace.demo.bulk import copy_rows, new_keys
from marketplace.demo.elsewhere import names_elsewhere
from marketplace.demo.pictures import HEIGHT, WIDTH, Drawing
from marketplace.demo.plan import Group, Offer, Size, Trade, price_of, size_price
from regions.models import IdentifiedProduct, Region
from vendors.models import Partner, StockRecord

State = Product.State
# Goods that must arrive within days, by trade.
SPOILING = frozenset({"fresh-fruit", "spice-fresh", "cheese", "butter", "sweets"})
# Months of harvest, first and last.
SEASONS = {
    "fresh-fruit": "11-2",
    "spice-fresh": "6-8",
    "saffron": "10-11",
    "honey": "4-6",
    "fine-tea": "3-5",
    "mushroom": "7-9",
    "cardamom": "9-12",
}
# What one piece of a category weighs, in grams; heavier pieces by trade.
PIECE_GRAMS = {
    "sarees": 600,
    "shawls": 350,
    "home": 1500,
    "baskets": 450,
    "wood": 700,
    "pottery": 900,
    "metal": 800,
    "jewellery": 60,
    "painting": 200,
    "care": 120,
    "sweets": 900,
}
HEAVY_GRAMS = {"furniture": 14000, "carpet": 4000, "rug": 2200, "sword": 1600, "yarn": 110}
REASON = "Example: please add the weight and a photo of the label."


@dataclass(frozen=True)
class Spec:
    """One listing to be written. region carries its ancestors' names in place_words."""

    number: int
    title: str
    trade: Trade
    vendor: Partner
    region: Region
    place_words: str
    product: IdentifiedProduct | None
    category_pk: int
    photos: tuple[Drawing, ...]
    description: str
    state: Product.State


@dataclass
class Rows:
    """Rows of one batch, table by table, in the order in which they must be written."""

    products: list[Product] = field(default_factory=list)
    categories: list[Any] = field(default_factory=list)
    stock: list[StockRecord] = field(default_factory=list)
    photos: list[ProductImage] = field(default_factory=list)
    events: list[ListingEvent] = field(default_factory=list)

    def write(self) -> None:
        """Write all of them; the caller holds the transaction."""
        for rows in (self.products, self.categories, self.stock, self.photos, self.events):
            copy_rows(rows)


def write_listings(specs: list[Spec], *, class_pk: int, now: datetime, moderator_pk: int | None) -> None:
    """Write a batch of listings with sizes, stock, categories and photos, with their history when a moderator is named."""
    keys = iter(new_keys(Product, sum(1 + _children(spec) for spec in specs)))
    rows = Rows()
    for spec in specs:
        lot = random.Random(f"listing {spec.number}")
        whole = _product(spec, next(keys), class_pk=class_pk, now=now, lot=lot)
        _add_sizes(rows, spec, whole, keys=keys, lot=lot)
        rows.categories.append(Product.categories.through(product_id=whole.pk, category_id=spec.category_pk))
        rows.photos += _photos(spec, whole)
        if moderator_pk is not None:
            rows.events += _events(spec, whole, moderator_pk)
    _give_keys(rows)
    rows.write()


def description_of(group: Group, offer: Offer, place: Region, trade: Trade) -> str:
    """The text of a listing of the plan, marked as an example."""
    return (
        f"Example: {offer.title} from {group.name} in {place.name}, {group.households} households known for "
        f"{group.about}.\n\n{trade.making}"
    )


def place_words(place: Region, above: Mapping[str, Region]) -> str:
    """Names of a place and of those above it, in both scripts; above: countries, dzongkhags and states by code."""
    chain = [place, *(above[code] for code in reversed(place.codes[:-1]))]
    return " ".join(word for each in chain for word in (each.name, each.local_name) if word)


def _children(spec: Spec) -> int:
    return len(spec.trade.sizes) if len(spec.trade.sizes) > 1 else 0


def _is_food(spec: Spec) -> bool:
    return spec.trade.unit != "piece" or spec.trade.name == "gift-box"


def _product(spec: Spec, pk: int, *, class_pk: int, now: datetime, lot: random.Random) -> Product:
    published = max(
        now - timedelta(minutes=lot.randint(60, 400 * 24 * 60)),
        (spec.vendor.approved_at or now) + timedelta(minutes=lot.randint(5, 300)),
    )
    was_sold = spec.state in (State.LIVE, State.WITHDRAWN)
    if not was_sold:
        # What waits has not waited for months.
        published = now + timedelta(days=2) - timedelta(minutes=lot.randint(90, 9 * 24 * 60))
    elsewhere = names_elsewhere(spec.title)
    return Product(
        pk=pk,
        structure=Product.PARENT if _children(spec) else Product.STANDALONE,
        product_class_id=class_pk,
        title=spec.title,
        slug=slugify(spec.title),
        description=spec.description,
        translations=elsewhere,
        state=spec.state,
        is_public=spec.state == State.LIVE,
        vendor=spec.vendor,
        region=spec.region,
        identified_product=spec.product,
        ingredients=spec.trade.material,
        storage=spec.trade.storage,
        is_perishable=spec.trade.name in SPOILING,
        season=SEASONS.get(spec.trade.name, ""),
        lot_rule="Lot and date stand on the label, as 2026-31-A." if _is_food(spec) else "",
        submitted_at=None if spec.state == State.DRAFT else published - timedelta(days=2),
        published_at=published if was_sold else None,
        search_words=" ".join(
            word
            for word in (
                spec.vendor.name,
                spec.place_words,
                spec.product.name if spec.product else "",
                *(words["title"] for words in elsewhere.values()),
            )
            if word
        ),
        is_example=True,
        date_created=published - timedelta(days=3),
        date_updated=published,
    )


def _add_sizes(rows: Rows, spec: Spec, whole: Product, *, keys: Iterator[int], lot: random.Random) -> None:
    base = price_of(spec.trade, lot)
    rows.products.append(whole)
    prices = []
    is_sold_out, is_last = lot.random() < 0.05, lot.random() < 0.06
    for number, size in enumerate(spec.trade.sizes):
        holder = whole
        if _children(spec):
            holder = _child(whole, next(keys), number)
            rows.products.append(holder)
        _write_content(holder, spec.trade, size)
        prices.append(size_price(base, spec.trade, size))
        units = 0 if is_sold_out else 1 if is_last else lot.randint(4, 90)
        rows.stock.append(_stock(holder, spec.vendor, price=prices[-1], units=units))
    whole.price_from, whole.price_currency = min(prices), "INR"


def _child(whole: Product, pk: int, number: int) -> Product:
    return Product(
        pk=pk,
        structure=Product.CHILD,
        parent_id=whole.pk,
        slug=f"{whole.slug}-{number + 1}",
        state=whole.state,
        is_public=whole.is_public,
        vendor_id=whole.vendor_id,
        region_id=whole.region_id,
        submitted_at=whole.submitted_at,
        published_at=whole.published_at,
        # COPY writes what is set: a default of the database would be its expression.
        season="",
        is_example=True,
        date_created=whole.date_created,
        date_updated=whole.date_updated,
    )


def _write_content(holder: Product, trade: Trade, size: Size) -> None:
    holder.size_label = size.label
    holder.net_quantity = size.content
    holder.net_unit = trade.unit
    holder.weight_grams = _grams(trade, size)


def _grams(trade: Trade, size: Size) -> int:
    """Weight of one unit with its packing; a jar or bottle adds more than a bag."""
    if trade.unit == "piece":
        return int(HEAVY_GRAMS.get(trade.name, PIECE_GRAMS.get(trade.category, 500)) * size.factor)
    packing = 250 if trade.unit == "ml" or trade.category == "honey" else 40
    return int(size.content * Decimal("1.05")) + packing


def _stock(holder: Product, vendor: Partner, *, price: Decimal, units: int) -> StockRecord:
    return StockRecord(
        product_id=holder.pk,
        partner=vendor,
        partner_sku=f"L{holder.pk}",
        price=price,
        price_currency="INR",
        num_in_stock=units,
        num_allocated=0,
        date_created=holder.date_created,
        date_updated=holder.date_updated,
    )


def _photos(spec: Spec, whole: Product) -> list[ProductImage]:
    return [
        ProductImage(
            product_id=whole.pk,
            original=drawing.original,
            caption="",
            display_order=order,
            date_created=whole.date_created,
            alt_text=f"Drawing: {spec.title}, on the cloth of {spec.region.name}"[:200],
            width=WIDTH,
            height=HEIGHT,
            has_renditions=True,
        )
        for order, drawing in enumerate(spec.photos)
    ]


def _events(spec: Spec, whole: Product, moderator_pk: int) -> list[ListingEvent]:
    moves: list[tuple[str, str, str]] = []
    if spec.state != State.DRAFT:
        moves.append((State.DRAFT, State.SUBMITTED, ""))
    if spec.state in (State.LIVE, State.WITHDRAWN):
        moves.append((State.SUBMITTED, State.LIVE, ""))
    if spec.state == State.WITHDRAWN:
        moves.append((State.LIVE, State.WITHDRAWN, "Example: out of season."))
    if spec.state in (State.RETURNED, State.REJECTED):
        moves.append((State.SUBMITTED, spec.state, REASON))
    start = whole.submitted_at or whole.date_created
    return [
        ListingEvent(
            listing_id=whole.pk,
            from_state=source,
            to_state=target,
            actor_id=None if target in (State.SUBMITTED, State.WITHDRAWN) else moderator_pk,
            reason=reason,
            created_at=start + timedelta(days=step * 2),
        )
        for step, (source, target, reason) in enumerate(moves)
    ]


def _give_keys(rows: Rows) -> None:
    for table in (rows.categories, rows.stock, rows.photos, rows.events):
        if table:
            for row, key in zip(table, new_keys(type(table[0]), len(table)), strict=True):
                row.pk = key
