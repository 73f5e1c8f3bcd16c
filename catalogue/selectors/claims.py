"""Claims: which certificates cover a listing today. Computed each time, never stored on the listing.

One queryset, covering(), is asked by cards, pages, filter, search and review, so that they cannot disagree.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Replace
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.expressions import IsOneOf, NamesGoods, StartsWith
from vendors.models import Certificate
from vendors.models.certificates import CertificateQuerySet

Category = get_model("catalogue", "Category")
ProductCategory = get_model("catalogue", "ProductCategory")

Kind = Certificate.Kind
# What a shopper may ask for, and the kinds that answer it, in the order in which a card shows one seal.
ASKED: Mapping[str, tuple[str, ...]] = {
    "gi": (Kind.GI,),
    "organic": (Kind.ORGANIC,),
    "other": (Kind.OTHER,),
    "food": Certificate.FOOD_LICENCES,
}
# A food licence is asked of all food, so it is no distinction on a card.
ON_CARDS: tuple[str, ...] = (Kind.GI, Kind.ORGANIC, Kind.OTHER)
MOST_FOUND = 500


@dataclass(frozen=True)
class Goods:
    """What a certificate must cover, each an expression or a value. is_food: a condition."""

    vendor: Any
    path: Any
    product: Any
    title: Any
    is_food: Any


@dataclass(frozen=True)
class Claim:
    """A certificate as shoppers see it. name: protected name, issuer or kind; seal: two or three letters."""

    kind: str
    seal: str
    name: str
    number: str
    holder: str
    issuer: str
    until: date
    gi_number: str = ""


def covering(
    goods: Goods | None = None, *, among: CertificateQuerySet | None = None
) -> QuerySet[Certificate]:
    """Certificates that hold today and cover these goods; without any those of the outer query's listing.

    among: other rows than all certificates, where expressions of goods name what these are annotated with.
    """
    goods = goods or _outer_listing()
    words = Replace(F("goods"), Value(","), Value(" or "))
    in_scope = Q(products=goods.product) | (~Q(goods="") & Q(NamesGoods(goods.title, words)))
    has_scope = ~Q(goods="") | Exists(Certificate.products.through.objects.filter(certificate=OuterRef("pk")))
    food = Q(kind__in=Certificate.FOOD_LICENCES)
    known = Certificate.objects.all() if among is None else among
    rows = known.valid_now().filter(StartsWith(goods.path, F("region__path")), vendor=goods.vendor)
    rows = rows.filter(~food | Q(goods.is_food))
    return rows.filter(in_scope | (food & ~Q(has_scope))).distinct().order_by()


def goods_of(listing: Product, *, is_food: bool) -> Goods:
    """One listing as it stands in memory, read with its region."""
    return Goods(
        vendor=listing.vendor_id,
        path=Value(listing.region.path),
        product=listing.identified_product_id or 0,
        title=Value(listing.title),
        is_food=Value(is_food),
    )


def claims_on(goods: Goods) -> list[Claim]:
    """What may be claimed of these goods today, in the order of the kinds; one query."""
    return _claims(covering(goods))


def claims_of_group(vendor_pk: int) -> list[Claim]:
    """All certificates of a group that hold today; one query."""
    return _claims(Certificate.objects.valid_now().filter(vendor=vendor_pk))


def claimed(rows: QuerySet[Product], asked: str) -> QuerySet[Product]:
    """Those of the listings of which this may be claimed today. asked: a key of ASKED; no query of its own."""
    kinds = ASKED[asked]
    return _of_holders(rows, kinds).filter(Exists(covering().filter(kind__in=kinds)))


def named_by_claim(
    rows: QuerySet[Product], *, names: Collection[int], certificates: Collection[int]
) -> QuerySet[Product]:
    """Those of the listings that a certificate of today lets somebody find; no query of its own, at most MOST_FOUND.

    names: keys of protected names that were asked for; certificates: keys of those whose number was.
    """
    wanted = Q(gi__in=names) | Q(pk__in=certificates)
    # Few groups hold any: the others' listings are not looked at one by one.
    holders = ArraySubquery(Certificate.objects.valid_now().filter(wanted).values("vendor"))
    covered = rows.filter(IsOneOf(F("vendor"), holders), Exists(covering().filter(wanted)))
    return Product.objects.filter(pk__in=covered.order_by().values("pk")[:MOST_FOUND])


def seal_of(kinds: Iterable[str]) -> str:
    """The letters of the first of these kinds that a card shows; empty for none."""
    found = set(kinds)
    return next((Certificate.SEALS[kind] for kind in ON_CARDS if kind in found), "")


def food_kinds() -> QuerySet[Any]:
    """Categories of food: those that the settings name, and all below them."""
    roots = Category.objects.filter(slug__in=settings.FOOD_CATEGORIES)
    within = roots.filter(StartsWith(OuterRef("path"), F("path")))
    rows: QuerySet[Any] = Category.objects.filter(Exists(within)).order_by()
    return rows


def in_food() -> QuerySet[Any]:
    """Rows of listings in categories of food, which are found once, however many listings are asked for."""
    kinds = ArraySubquery(food_kinds().values("pk"))
    rows: QuerySet[Any] = ProductCategory.objects.filter(IsOneOf(F("category"), kinds))
    return rows


def _of_holders(rows: QuerySet[Product], kinds: Sequence[str]) -> QuerySet[Product]:
    # Few groups hold any: the others' listings are not looked at one by one.
    return rows.filter(vendor__in=Certificate.objects.valid_now().filter(kind__in=kinds).values("vendor"))


def _outer_listing() -> Goods:
    return Goods(
        vendor=OuterRef("vendor"),
        path=OuterRef("region__path"),
        product=OuterRef("identified_product"),
        title=OuterRef("title"),
        is_food=Exists(in_food().filter(product=OuterRef(OuterRef("pk")))),
    )


def _claims(rows: QuerySet[Certificate]) -> list[Claim]:
    order = [str(kind) for kinds in ASKED.values() for kind in kinds]
    found = sorted(rows.select_related("gi"), key=lambda row: (order.index(row.kind), row.pk))
    return [_claim(row) for row in found]


def _claim(row: Certificate) -> Claim:
    kind = str(row.get_kind_display())
    name = row.gi.name if row.gi else kind
    if row.kind == Kind.OTHER and row.issuer:
        name = row.issuer
    serial = str(row.gi.serial or row.gi.application_number) if row.gi else ""
    return Claim(row.kind, row.seal, name, row.number, row.holder, row.issuer, row.valid_until, serial)
