"""How the own group sends its goods: list, add, change, switch off. Another group's way of sending is not found."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dashboard.delivery_forms import MethodForm, new_values, values_of
from dashboard.delivery_words import method_row
from dashboard.desk import Desk, frame, member_page
from orders.errors import DeliveryMethodError
from orders.services import delivery_methods
from orders.shipping.models import DeliveryMethod
from vendors.domain.rights import Right

Carrier = DeliveryMethod.Carrier


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def methods(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The group's ways of sending, or the programme's while it has none, to be taken over. 404: the packer."""
    _may(desk)
    if request.method == "POST":
        count = delivery_methods.take_over(desk.vendor)
        if count:
            words = ngettext(
                "%(count)d way of sending is yours now. Change what is different with you.",
                "%(count)d ways of sending are yours now. Change what is different with you.",
                count,
            )
            messages.success(request, words % {"count": count})
        return redirect("dashboard-delivery")
    own = [method_row(method) for method in delivery_methods.own_methods(desk.vendor)]
    context = {
        **frame(desk, "group"),
        "offered": [row for row in own if row.is_active],
        "switched_off": [row for row in own if not row.is_active],
        "programme": [method_row(method) for method in delivery_methods.programme_methods()],
        "carriers": Carrier.choices,
    }
    return render(request, "dashboard/delivery_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def method_create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Add a way of sending; ?carrier says which kind. Sent twice it adds one. 404: the packer."""
    _may(desk)
    carrier = request.GET.get("carrier", Carrier.POST)
    if carrier not in Carrier.values:
        raise Http404
    form = MethodForm(
        request.POST if request.method == "POST" else None,
        carrier=carrier,
        currency=settings.CHARGE_CURRENCY,
        initial=new_values(carrier, desk.vendor),
    )
    if request.method == "POST" and form.is_valid():
        try:
            key = form.cleaned_data["form_key"]
            delivery_methods.create_method(desk.vendor, carrier, form.data_of(), key=key)
        except DeliveryMethodError as error:
            _say(form, error)
        else:
            messages.success(request, _("Saved. Shoppers can choose it from now on."))
            return redirect("dashboard-delivery")
    return _form_page(request, desk, form, carrier=carrier)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def method_detail(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Change one way of sending, or switch it off and on. 404: of another group or of the programme; the packer."""
    _may(desk)
    method = get_object_or_404(delivery_methods.own_methods(desk.vendor), pk=pk)
    if request.method == "POST" and request.POST.get("do") in ("on", "off"):
        is_offered = request.POST["do"] == "on"
        delivery_methods.switch_method(method, is_offered=is_offered)
        words = _("%(name)s is offered again.") if is_offered else _("%(name)s is not offered any more.")
        messages.success(request, words % {"name": method.name})
        return redirect("dashboard-delivery")
    form = MethodForm(
        request.POST if request.method == "POST" else None,
        carrier=method.carrier,
        currency=method.currency,
        initial=values_of(method),
    )
    if request.method == "POST" and form.is_valid():
        try:
            delivery_methods.change_method(method, form.data_of(), seen=form.cleaned_data["form_key"])
        except DeliveryMethodError as error:
            _say(form, error)
        else:
            messages.success(request, _("Saved. Orders that you have already stay as they are."))
            return redirect("dashboard-delivery")
    return _form_page(request, desk, form, carrier=method.carrier, method=method)


def _may(desk: Desk) -> None:
    if not desk.may(Right.DELIVERY_METHODS):
        raise Http404


def _say(form: MethodForm, error: DeliveryMethodError) -> None:
    field = "step_1_weight" if error.field == "steps" else error.field
    form.add_error(field if field in form.fields else None, str(error.message))


def _form_page(
    request: HttpRequest, desk: Desk, form: MethodForm, *, carrier: str, method: DeliveryMethod | None = None
) -> HttpResponse:
    context = {
        **frame(desk, "group"),
        "form": form,
        "method": method,
        "carrier_words": Carrier(carrier).label,
        "step_rows": form.step_rows(),
    }
    return render(request, "dashboard/delivery_form.html", context)
