"""Identified products with what the programme has reached for them: groups, listings, sales."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalogue.models import Product
from catalogue.selectors.expressions import StartsWith
from catalogue.selectors.places import paths_above
from orders.models import Line, VendorOrder
from programme.reports.fields import choices
from programme.reports.kind import ANY, FilterForm, Filters, ReportKind, above, chosen
from programme.selectors.coverage import SALE_WITHIN
from regions.models import IdentifiedProduct, Scheme
from vendors.models import Partner

_LACKS = (
    ("group", _("no group in its place")),
    ("listing", _("no live listing of it")),
    ("sale", _("no sale of it in 90 days")),
)


class ProductFilters(FilterForm):
    """Scheme, and what is missing."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.order_by("code"),
        label=_("Scheme"),
        required=False,
        empty_label=ANY[1],
        error_messages={"invalid_choice": _("This scheme is not there any more. Choose another.")},
    )
    lacks = choices(_LACKS, label=_("What is missing"))


def _rows(found: Filters) -> QuerySet[Any]:
    rows = IdentifiedProduct.objects.standing().filter(**chosen(found, scheme="scheme"))
    groups = Partner.objects.public().filter(StartsWith(F("home_region__path"), OuterRef("region__path")))
    own = {"identified_product": OuterRef("pk")}
    missing = {
        "group": groups,
        "listing": Product.objects.live().whole().filter(**own),
        "sale": _sold().filter(product__identified_product=OuterRef("pk")),
    }
    if found.get("lacks"):
        rows = rows.filter(~Exists(missing[found["lacks"]]))
    return rows.select_related("scheme", "region__parent")


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    keys = [row.pk for row in rows]
    groups = _groups_below()
    listings = _counted(Product.objects.live().whole(), "identified_product", keys)
    sales = _counted(_sold(), "product__identified_product", keys)
    for row in rows:
        yield [
            row.pk,
            row.scheme.short_name,
            row.name,
            row.category,
            row.sector,
            row.rank,
            row.year_of_source,
            row.region.code,
            row.region.name,
            row.region.get_level_display(),
            above(row.region),
            groups[row.region.path],
            listings[row.pk],
            sales[row.pk],
            row.named_on,
            row.listed_since,
            row.source,
        ]


def _sold() -> QuerySet[Any]:
    now = timezone.now()
    sold = Q(vendor_order__released_at__gt=now - SALE_WITHIN, vendor_order__released_at__lte=now)
    rows: QuerySet[Any] = Line.objects.filter(sold).exclude(vendor_order__state=VendorOrder.State.CANCELLED)
    return rows


def _counted(rows: QuerySet[Any], by: str, keys: Sequence[int]) -> Counter[int]:
    """How many rows there are of each of these products; one query."""
    found = rows.filter(**{f"{by}__in": keys}).order_by().values(by).annotate(found=Count("pk"))
    return Counter(dict(found.values_list(by, "found")))


def _groups_below() -> Counter[str]:
    """Approved groups at home at each place or below it, by path; one query."""
    rows = Partner.objects.public().order_by().values("home_region__path").annotate(found=Count("pk"))
    total: Counter[str] = Counter()
    for path, found in rows.values_list("home_region__path", "found"):
        for each in paths_above(path):
            total[each] += found
    return total


PRODUCTS = ReportKind(
    code="products",
    label=_("Identified products"),
    about=_(
        "Every product that a scheme names for a place, with groups there, listings and sales of 90 days."
    ),
    path="region__path",
    place_words=_("Products of"),
    filters=ProductFilters,
    headings=(
        _("Known product number"),
        _("Scheme"),
        _("Known product"),
        _("Kind of goods"),
        _("Sector in the source"),
        _("Rank in the list"),
        _("Year of the source"),
        _("Place code"),
        pgettext_lazy("column", "Place"),
        _("Level"),
        _("Part of"),
        _("Groups at home there"),
        _("Live listings"),
        _("Sales in 90 days"),
        _("Named from"),
        _("In the list since"),
        _("Source"),
    ),
    rows=_rows,
    cells=_cells,
)
