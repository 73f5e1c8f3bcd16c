"""Where somebody of the office hands in a certificate on behalf of a group."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.lib.photos import PictureRefused
from vendors.errors import ApplicationError, FormUsed
from vendors.forms import OfficeCertificateForm
from vendors.models import Certificate, Partner
from vendors.policies import can_apply_for_group, can_hand_in_certificate
from vendors.services.certificates import hand_in_on_behalf


def hand_in_page(model_admin: Any, request: HttpRequest, object_id: int) -> HttpResponse:
    """The group's own form, for the office; sent twice it is one certificate. 403: without the right.

    404: a group outside of the person's places, or none. One that is closed is refused in words.
    """
    if not can_apply_for_group(request.user):
        raise PermissionDenied
    found = Partner.objects.visible_to(request.user).select_related("home_region")
    vendor = found.filter(pk=object_id).first()
    if vendor is None or not can_hand_in_certificate(request.user, vendor):
        raise Http404
    form = OfficeCertificateForm(
        request.POST if request.method == "POST" else None, request.FILES or None, vendor=vendor
    )
    if request.method == "POST" and form.is_valid():
        certificate = _hand_in(request, vendor, form)
        if certificate is not None:
            words = _("Handed in on behalf of %(group)s, who is told. Another person verifies it.")
            model_admin.message_user(request, words % {"group": vendor.name}, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:partner_certificate_change", args=[certificate.pk]))
    form.ask_for_photo()
    values = {
        **model_admin.admin_site.each_context(request),
        "title": _("Hand in a certificate on behalf of %(group)s") % {"group": vendor.name},
        "opts": model_admin.opts,
        "vendor": vendor,
        "form": form,
    }
    return TemplateResponse(request, "admin/partner/hand_in.html", values)


def _hand_in(request: HttpRequest, vendor: Partner, form: OfficeCertificateForm) -> Certificate | None:
    officer: Any = request.user
    typed = form.cleaned_data
    try:
        return hand_in_on_behalf(
            vendor,
            form.certificate_data(),
            officer=officer,
            form_key=typed["form_key"],
            paper=typed["paper"],
        )
    except PictureRefused as error:
        form.add_error("paper", str(error.message))
    except FormUsed as error:
        form.add_error(None, str(error.message))
        form.send_again()
    except ApplicationError as error:
        form.add_error(error.field or None, str(error.message))
    return None
