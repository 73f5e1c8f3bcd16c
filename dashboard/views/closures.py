"""Closing the shop for some days, and opening it again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.closure_forms import ClosureForm
from dashboard.desk import Desk, frame, member_page
from vendors.domain.rights import Right
from vendors.errors import ClosureError
from vendors.models import Partner
from vendors.services import closures

FIELDS = ("closed_from", "closed_until", "closure_message")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def closure(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Set, change or call off the closure of the own group. 404: members who do not close the shop, as the packer."""
    if not desk.may(Right.CLOSE_SHOP):
        raise Http404
    if request.method == "POST" and request.POST.get("do") == "open":
        closures.open_shop(desk.vendor)
        messages.success(request, _("Your shop is open."))
        return redirect("dashboard-closure")
    vendor = desk.vendor
    is_set = _is_set(vendor)
    initial = {name: getattr(vendor, name) for name in FIELDS} if is_set else {}
    form = ClosureForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            closures.close_shop(
                vendor,
                first=form.cleaned_data["closed_from"],
                last=form.cleaned_data["closed_until"],
                message=form.cleaned_data["closure_message"],
            )
        except ClosureError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, _("Saved. Shoppers see the days from now on."))
            return redirect("dashboard-closure")
    context = {
        **frame(desk, "group"),
        "form": form,
        "is_set": is_set,
        "is_closed": vendor.is_closed_on(vendor.today),
    }
    return render(request, "dashboard/closure.html", context)


def _is_set(vendor: Partner) -> bool:
    """Whether a closure runs or is to come; one that is over is forgotten."""
    return vendor.closed_until is not None and vendor.closed_until >= vendor.today
