"""Listings of groups, a row for each with its sizes counted together."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.claims import ASKED, claimed, covering
from marketplace.lib.dates import local_day
from programme.reports.fields import CategoryField, ProductField, choices
from programme.reports.kind import FilterForm, Filters, ReportKind, above, chosen, money_cells
from vendors.models import Certificate, Partner, StockRecord

ProductCategory = get_model("catalogue", "ProductCategory")
_CLAIMS = {
    "gi": _("GI"),
    "organic": _("organic"),
    "other": _("another certificate"),
    "food": _("food licence"),
}


class ListingFilters(FilterForm):
    """State, claim, product, kind of goods, kind of group."""

    state = choices(Product.State.choices, label=_("State of the listing"))
    claim = choices([(key, _CLAIMS[key]) for key in ASKED], label=_("Certificate that covers it today"))
    product = ProductField()
    category = CategoryField()
    group_kind = choices(Partner.Kind.choices, label=_("Kind of group"))


def _rows(found: Filters) -> QuerySet[Any]:
    named = chosen(found, state="state", product="identified_product", group_kind="vendor__kind")
    rows = Product.objects.whole().filter(**named)
    if found.get("category"):
        rows = rows.filter(pk__in=within(found["category"]))
    if found.get("claim"):
        rows = claimed(rows, found["claim"])
    own = StockRecord.objects.filter(Q(product=OuterRef("pk")) | Q(product__parent=OuterRef("pk")))
    units = (
        own.order_by()
        .values(one=F("partner"))
        .annotate(units=Sum(F("num_in_stock") - Coalesce("num_allocated", 0)))
    )
    return rows.select_related(
        "vendor__home_region__parent", "region__parent", "identified_product__scheme"
    ).annotate(
        free_units=Subquery(units.values("units")[:1]),
        claim_kinds=ArraySubquery(covering().values("kind")),
    )


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    kinds = dict(Certificate.Kind.choices)
    goods = goods_names([row.pk for row in rows])
    for row in rows:
        group, home, known = row.vendor, row.vendor.home_region, row.identified_product
        yield [
            row.pk,
            row.title,
            row.get_state_display(),
            group.code,
            group.name,
            home.code,
            home.name,
            above(home),
            row.region.code,
            row.region.name,
            known and known.pk,
            known and known.name,
            known and known.scheme.short_name,
            goods.get(row.pk, ""),
            *money_cells(row.price_from, row.price_currency),
            row.free_units,
            ", ".join(sorted({str(kinds[kind]) for kind in row.claim_kinds})),
            row.rating_count,
            row.submitted_at and local_day(row.submitted_at, home.country_code),
            row.published_at and local_day(row.published_at, home.country_code),
        ]


def within(category: Any) -> QuerySet[Any]:
    """Keys of whole listings in a kind of goods or below it."""
    rows: QuerySet[Any] = ProductCategory.objects.filter(category__path__startswith=category.path)
    return rows.values("product")


def goods_names(keys: Sequence[int]) -> dict[int, str]:
    """The kinds of goods of these whole listings, in words; one query."""
    pairs = ProductCategory.objects.filter(product__in=keys).order_by("category__path")
    found: dict[int, list[str]] = {}
    for pk, name in pairs.values_list("product", "category__name"):
        found.setdefault(pk, []).append(name)
    return {pk: ", ".join(names) for pk, names in found.items()}


LISTINGS = ReportKind(
    code="listings",
    label=_("Listings"),
    about=_(
        "Every listing with its group, place, state, price, stock and the certificates that cover it today."
    ),
    path="vendor__home_region__path",
    place_words=_("Groups at home in"),
    filters=ListingFilters,
    headings=(
        _("Listing number"),
        _("Listing"),
        pgettext_lazy("column", "State"),
        _("Group code"),
        pgettext_lazy("column", "Group"),
        _("Home place code"),
        _("Home place"),
        _("Part of"),
        _("Origin code"),
        _("Origin"),
        _("Known product number"),
        _("Known product"),
        _("Scheme"),
        _("Kind of goods"),
        _("Price from"),
        _("Price from, smallest units"),
        _("Currency"),
        _("Free units"),
        _("Certificates today"),
        _("Reviews"),
        _("Handed in on"),
        _("On sale since"),
    ),
    rows=_rows,
    cells=_cells,
)
