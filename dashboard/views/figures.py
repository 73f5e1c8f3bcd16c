"""What the group has sold, for its chair and bookkeeper: bars, tables, CSV."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.desk import Desk, frame, member_page
from dashboard.figures import figures_csv, month_bars, row_bars
from marketplace.lib.downloads import csv_response
from orders.selectors.figures import Figures, figures
from vendors.domain.rights import Right


@require_safe
@member_page
def figures_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Sales of twelve months by month, listing and place. 403 for packers. A constant number of queries."""
    shown = _figures(request, desk)
    values = {
        **frame(desk, "group"),
        "figures": shown,
        "months": month_bars(shown.months),
        "tables": [("listings", row_bars(shown.listings)), ("places", row_bars(shown.places))],
    }
    return render(request, "dashboard/figures.html", values)


@require_safe
@member_page
def figures_download(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as CSV."""
    shown = _figures(request, desk)
    return csv_response(figures_csv(shown), f"sales-{desk.vendor.code}-{shown.first}-{shown.currency}")


def _figures(request: HttpRequest, desk: Desk) -> Figures:
    if not desk.may(Right.SEE_FIGURES):
        raise PermissionDenied
    currency = request.GET.get("currency", "")
    return figures(desk.vendor, now=timezone.now(), zone=desk.time_zone, currency=currency)
