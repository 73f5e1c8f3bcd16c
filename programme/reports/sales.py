"""Lines of orders that were handed to groups. Who bought is not in it, nor where it was sent."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.lib.dates import TIME_ZONES, local_day
from orders.models import Line, VendorOrder
from programme.reports.fields import CategoryField, ProductField, choices
from programme.reports.kind import DaysForm, Filters, ReportKind, above, chosen, money_cells
from programme.reports.listings import goods_names, within
from vendors.models import Partner


class SalesFilters(DaysForm):
    """Days, money, state, product, kind of goods, group."""

    is_paid = forms.BooleanField(label=_("Only what was paid"), required=False)
    state = choices(VendorOrder.State.choices, label=_("State of the order"))
    product = ProductField()
    category = CategoryField()
    group_kind = choices(Partner.Kind.choices, label=_("Kind of group"))


def _rows(found: Filters) -> QuerySet[Any]:
    named = chosen(
        found,
        state="vendor_order__state",
        product="product__identified_product",
        group_kind="vendor_order__vendor__kind",
    )
    rows = Line.objects.filter(vendor_order__released_at__isnull=False, **named)
    if found.get("is_paid"):
        rows = rows.filter(order__paid_at__isnull=False)
    if found.get("category"):
        goods = within(found["category"])
        rows = rows.filter(Q(product__in=goods) | Q(product__parent__in=goods))
    days = between(found, "vendor_order__released_at", path="vendor_order__vendor__home_region__path")
    return rows.filter(days).select_related(
        "order", "vendor_order__vendor__home_region__parent", "product__identified_product__scheme"
    )


def between(found: Filters, field: str, *, path: str) -> Q:
    """What is true of rows whose moment lies in the days that were asked for, each in the country of its place."""
    if not (found.get("first") or found.get("last")):
        return Q()
    holds, elsewhere = Q(pk__in=()), Q()
    for country, zone in TIME_ZONES.items():
        here = Q(**{f"{path}__startswith": f"{country}/"})
        holds |= here & _days(found, field, zone)
        elsewhere &= ~here
    return holds | (elsewhere & _days(found, field, UTC))


def _days(found: Filters, field: str, zone: tzinfo) -> Q:
    days = Q()
    if found.get("first"):
        days &= Q(**{f"{field}__gte": datetime.combine(found["first"], time.min, zone)})
    if found.get("last"):
        end = datetime.combine(found["last"] + timedelta(days=1), time.min, zone)
        days &= Q(**{f"{field}__lt": end})
    return days


def _cells(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    wholes = {row.pk: row.product and (row.product.parent_id or row.product.pk) for row in rows}
    goods = goods_names([pk for pk in wholes.values() if pk])
    for row in rows:
        part, group = row.vendor_order, row.vendor_order.vendor
        home, known = group.home_region, row.product and row.product.identified_product
        day = local_day(part.released_at, home.country_code)
        yield [
            part.number,
            row.pk,
            day,
            day.strftime("%Y-%m"),
            row.order.paid_at and local_day(row.order.paid_at, home.country_code),
            part.get_state_display(),
            group.code,
            group.name,
            group.get_kind_display(),
            home.code,
            home.name,
            above(home),
            wholes[row.pk],
            row.title,
            row.size_label,
            goods.get(wholes[row.pk] or 0, ""),
            known and known.pk,
            known and known.name,
            row.quantity,
            row.cancelled_quantity,
            row.returned_quantity,
            row.unit_price_incl_tax,
            *money_cells(row.line_price_incl_tax, part.currency)[:2],
            *money_cells(row.commission + row.commission_tax, part.currency),
        ]


SALES = ReportKind(
    code="sales",
    label=_("Sales"),
    about=_(
        "Every line of an order that was handed to a group: goods, units, money, by day and place. It names no buyer."
    ),
    path="vendor_order__vendor__home_region__path",
    place_words=_("Groups at home in"),
    filters=SalesFilters,
    headings=(
        pgettext_lazy("column", "Order"),
        _("Line number"),
        _("Handed to the group on"),
        _("Month"),
        _("Paid on"),
        pgettext_lazy("column", "State"),
        _("Group code"),
        pgettext_lazy("column", "Group"),
        _("Kind of group"),
        _("Home place code"),
        _("Home place"),
        _("Part of"),
        _("Listing number"),
        _("Goods"),
        _("Size"),
        _("Kind of goods"),
        _("Known product number"),
        _("Known product"),
        _("Units"),
        _("Not supplied"),
        _("Returned"),
        _("Price of one"),
        _("Price of the line"),
        _("Price of the line, smallest units"),
        _("Commission with tax"),
        _("Commission with tax, smallest units"),
        _("Currency"),
    ),
    rows=_rows,
    cells=_cells,
)
