"""Where the office corrects what stands on a certificate that it has verified."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from vendors.errors import ApplicationError, CertificateMoved, ReasonMissing
from vendors.forms import CorrectionForm
from vendors.models import Certificate
from vendors.policies import can_decide_certificate
from vendors.selectors.corrections import standing_words
from vendors.services.corrections import correct


def correction_page(model_admin: Any, request: HttpRequest, object_id: int) -> HttpResponse:
    """What stands on the certificate, and a form to correct it with a reason. 403: without the right.

    404: of a group outside of the person's places, or none. One that is not verified leads back to its page.
    """
    if not can_decide_certificate(request.user):
        raise PermissionDenied
    certificate = _read(model_admin, request, object_id)
    page = reverse("admin:partner_certificate_change", args=[certificate.pk])
    if request.method != "POST" and certificate.state != Certificate.State.VERIFIED:
        words = _("Only a verified certificate is corrected. Nothing has been changed.")
        model_admin.message_user(request, words, messages.ERROR)
        return HttpResponseRedirect(page)
    form = CorrectionForm(request.POST if request.method == "POST" else None, certificate=certificate)
    if request.method == "POST" and form.is_valid() and _correct(request, form):
        model_admin.message_user(
            request, _("Corrected. The group is told what has changed."), messages.SUCCESS
        )
        return HttpResponseRedirect(page)
    values = {
        **model_admin.admin_site.each_context(request),
        "title": _("Correct %(certificate)s") % {"certificate": certificate},
        "opts": model_admin.opts,
        "certificate": certificate,
        "standing": standing_words(certificate),
        "form": form,
    }
    return TemplateResponse(request, "admin/partner/correct.html", values)


def _read(model_admin: Any, request: HttpRequest, pk: int) -> Certificate:
    found: Certificate | None = model_admin.get_object(request, str(pk))
    if found is None or not can_decide_certificate(request.user, found.vendor):
        raise Http404
    return found


def _correct(request: HttpRequest, form: CorrectionForm) -> bool:
    typed = form.cleaned_data
    try:
        correct(
            form.certificate,
            form.certificate_data(),
            actor=request.user,
            reason=typed["reason"],
            seen_version=typed["version"],
            form_key=typed["form_key"],
        )
    except CertificateMoved as error:
        form.add_error(None, str(error.message))
        form.read_again()
    except ReasonMissing:
        form.add_error("reason", _("Write the reason."))
    except ApplicationError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
    return not form.errors
