"""Certificates of the group: how each stands, handing one in, giving one up. Another group's are not found."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.certificate_forms import WithdrawForm
from dashboard.desk import Desk, frame, group_page
from marketplace.lib.photos import PictureRefused
from marketplace.lib.states import IllegalTransition
from vendors.errors import ApplicationError, CertificateMoved, FormUsed
from vendors.forms import CertificateForm
from vendors.models import Certificate
from vendors.selectors.certificates import standing
from vendors.selectors.corrections import history
from vendors.services import certificates


@require_safe
@group_page
def certificate_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All certificates of the group with their state, those that count first."""
    rows = standing(desk.vendor)
    return render(request, "dashboard/certificate_list.html", {**frame(desk, "group"), "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def certificate_create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Hand in a certificate with a photo of the paper; sent twice it is one."""
    form = CertificateForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        vendor=desk.vendor,
        initial={"kind": request.GET["kind"]} if request.GET.get("kind") else None,
    )
    if request.method == "POST" and form.is_valid() and _hand_in(desk, form):
        messages.success(request, _("Handed in. The office looks at it and writes to you."))
        return redirect("dashboard-certificates")
    form.ask_for_photo()
    return render(request, "dashboard/certificate_form.html", {**frame(desk, "group"), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def certificate_detail(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One certificate with its history; posting a reason gives it up. 404: of another group, or none."""
    rows = Certificate.objects.filter(vendor=desk.vendor)
    rows = rows.select_related("vendor__home_region", "gi", "region", "document")
    row = get_object_or_404(rows, pk=pk)
    sent = request.POST if request.method == "POST" else None
    form = WithdrawForm(sent, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        try:
            certificates.withdraw(
                row,
                actor=desk.user,
                reason=form.cleaned_data["reason"],
                on_behalf_of=desk.on_behalf_of,
                seen_version=form.cleaned_data["version"],
            )
        except CertificateMoved as error:
            messages.error(request, str(error.message))
        except IllegalTransition:
            messages.error(request, _("This cannot be done any more. Nothing has been changed."))
        else:
            messages.success(request, _("Withdrawn. Shoppers do not see it any more."))
        return redirect("dashboard-certificate", row.pk)
    context: dict[str, Any] = {
        **frame(desk, "group"),
        "certificate": row,
        "events": history(row),
        "form": form,
        "can_withdraw": row.state in Certificate.COUNTING,
    }
    return render(request, "dashboard/certificate_detail.html", context)


def _hand_in(desk: Desk, form: CertificateForm) -> bool:
    typed = form.cleaned_data
    try:
        certificates.propose(
            desk.vendor,
            form.certificate_data(),
            actor=desk.user,
            form_key=typed["form_key"],
            paper=typed["paper"],
            on_behalf_of=desk.on_behalf_of,
        )
    except PictureRefused as error:
        form.add_error("paper", str(error.message))
    except FormUsed as error:
        form.add_error(None, str(error.message))
        form.send_again()
    except ApplicationError as error:
        form.add_error(error.field or None, str(error.message))
    return not form.errors
