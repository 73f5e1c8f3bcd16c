"""The stock of the group on one screen, and the history of one size."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.listing_rows import own_stock, row_of
from dashboard.stock_desk import NoticeForm, StockLine, act, chosen, line_of, stock_rows
from vendors.models import StockMovement
from vendors.policies import can_count_stock
from vendors.services.low_stock import set_default

PAGE_SIZE = 20
SHOWN = ("", "low", "out")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def stock_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All sizes of the group, and the changes that their forms ask for. A constant number of queries.

    A form that was sent by the script (X-Live) is answered with its line alone. 404: another group's stock record.
    """
    if request.method != "POST":
        return _page(request, desk)
    if request.POST.get("do") == "default":
        return _set_default(request, desk)
    wanted = request.POST.get("record", "")
    pk = int(wanted) if wanted.isdecimal() and len(wanted) < 19 else 0
    record = get_object_or_404(stock_rows(desk), pk=pk)
    if not can_count_stock(desk.user, desk.vendor):
        raise PermissionDenied
    show = act(desk, record, request.POST)
    line = line_of(stock_rows(desk).get(pk=pk))
    show(line)
    if request.headers.get("X-Live"):
        values = {"line": line, "may_write": desk.writes_listings}
        return render(request, "dashboard/parts/stock_row.html", values)
    if line.said:
        words = _("%(title)s: %(count)d in the store now.")
        title = f"{line.row.title} {line.row.size}".strip()
        messages.success(request, f"{line.said} {words % {'title': title, 'count': line.row.in_store}}")
        return redirect(f"{request.get_full_path()}#stock-{pk}")
    return _page(request, desk, refused=line)


@require_safe
@member_page
def stock_history(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Every movement of one size, newest first. 404: of another group."""
    rows = own_stock(desk.user).select_related("product__parent", "partner")
    record = get_object_or_404(rows, pk=pk)
    desk = move_to(request, desk, record.partner_id)
    movements = StockMovement.objects.filter(stock_record=record).select_related("actor").order_by("-pk")
    paginator = Paginator(movements, 50)
    page = paginator.get_page(request.GET.get("page"))
    values = {
        **frame(desk, "listings"),
        "row": row_of(record),
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }
    return render(request, "dashboard/stock_history.html", values)


def _page(
    request: HttpRequest,
    desk: Desk,
    *,
    refused: StockLine | None = None,
    default: NoticeForm | None = None,
) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    paginator = Paginator(chosen(stock_rows(desk), show=show, words=words), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    lines = [line_of(record) for record in page.object_list]
    if refused is not None:
        others = [line for line in lines if line.row.pk != refused.row.pk]
        place = next((at for at, line in enumerate(lines) if line.row.pk == refused.row.pk), 0)
        lines = [*others[:place], refused, *others[place:]]
    values = {
        **frame(desk, "listings"),
        "tabs": [("", _("All")), ("low", _("Little left")), ("out", _("Sold out"))],
        "show": show,
        "words": words,
        "lines": lines,
        "refused": refused,
        "may_write": desk.writes_listings,
        "default": default or NoticeForm(initial={"threshold": desk.vendor.low_stock_default}),
        "page": page,
        "page_numbers": paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
    }
    return render(request, "dashboard/stock_list.html", values)


def _set_default(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not desk.writes_listings:
        raise PermissionDenied
    form = NoticeForm({"threshold": request.POST.get("threshold", "") or "0"})
    if not form.is_valid() or form.cleaned_data["threshold"] > 1000:
        form.add_error("threshold", _("Write a number from 0 to 1000."))
        return _page(request, desk, default=form)
    set_default(desk.vendor, form.cleaned_data["threshold"])
    messages.success(request, _("Saved."))
    return redirect(request.get_full_path())
