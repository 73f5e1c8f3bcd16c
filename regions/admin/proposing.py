"""Where a product is proposed for a place, and handed in anew; what was typed is shown again whatever happens."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.lib.photos import PictureRefused
from marketplace.lib.states import IllegalTransition
from regions.admin.nomination_forms import ProposalForm, WhereForm
from regions.errors import NominationError, NotYourPlace, ProposalFormUsed
from regions.models import Nomination, Region, Scheme
from regions.policies import can_propose
from regions.services import nominations
from regions.services.proposals import refuse_unfit_place


def propose_page(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """?scheme, ?region (code or name): first these are asked, then the product with its grounds. 403: without the right."""
    asked = request.GET if request.GET else None
    where = WhereForm(asked)
    is_asked = asked is not None and where.is_valid() and _fits(request, where)
    # Who has lost the right while typing gets the form back, with what was typed.
    if not can_propose(request.user) and not (is_asked and request.method == "POST"):
        raise PermissionDenied
    if not is_asked:
        return _page(model_admin, request, "propose_where", form=where, title=_("Propose a product"))
    scheme, region = where.cleaned_data["scheme"], where.cleaned_data["region"]
    form = ProposalForm(*_sent(request), scheme=scheme, region=region)

    def propose() -> Nomination:
        return nominations.propose(
            scheme,
            region,
            form.proposed(),
            actor=request.user,
            form_key=form.cleaned_data["form_key"],
            papers=form.cleaned_data["papers"],
        )

    title = _("Propose a product for %(place)s") % {"place": region.name}
    return _answer(model_admin, request, form, propose, title=title, scheme=scheme, region=region)


def revise_page(model_admin: Any, request: HttpRequest, object_id: int) -> HttpResponse:
    """A returned nomination is handed in anew, as its next version. 404: none in the person's places."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    nomination = model_admin.get_object(request, str(object_id))
    if nomination is None:
        raise Http404
    if not can_propose(request.user, nomination.region) and request.method != "POST":
        raise PermissionDenied
    scheme, region = nomination.scheme, nomination.region
    form = ProposalForm(*_sent(request), scheme=scheme, region=region, nomination=nomination)

    def revise() -> Nomination:
        return nominations.revise(
            nomination,
            form.proposed(),
            actor=request.user,
            version=form.cleaned_data["version"] or 0,
            form_key=form.cleaned_data["form_key"],
            papers=form.cleaned_data["papers"],
        )

    title = _("Hand in anew: %(product)s") % {"product": nomination.name}
    values = {"title": title, "scheme": scheme, "region": region, "nomination": nomination}
    return _answer(model_admin, request, form, revise, **values)


def _fits(request: HttpRequest, where: WhereForm) -> bool:
    scheme: Scheme = where.cleaned_data["scheme"]
    region: Region = where.cleaned_data["region"]
    try:
        refuse_unfit_place(scheme, region)
    except NominationError as error:
        where.add_error(error.field or None, str(error.message))
        return False
    if request.method != "POST" and not can_propose(request.user, region):
        where.add_error("region", str(NotYourPlace.message))
        return False
    return True


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _answer(
    model_admin: Any, request: HttpRequest, form: ProposalForm, write: Callable[[], Nomination], **values: Any
) -> HttpResponse:
    is_allowed = can_propose(request.user, values["region"])
    status = 200 if is_allowed else 403
    if request.method == "POST" and form.is_valid():
        try:
            made = write()
        except PictureRefused as error:
            form.add_error("papers", str(error.message))
        except IllegalTransition:
            form.add_error(None, _("It has been decided about or withdrawn by now. Look at its page."))
        except NominationError as error:
            field = error.field if error.field in form.fields else None
            form.add_error(field, str(error.message))
            if isinstance(error, ProposalFormUsed):
                form.send_again()
        else:
            words = _("“%(product)s” is handed in for %(place)s.")
            said = words % {"product": made.name, "place": made.region.name}
            model_admin.message_user(request, said, messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:regions_nomination_change", args=[made.pk]))
    return _page(model_admin, request, "propose", form=form, status=status, **values)


def _page(
    model_admin: Any, request: HttpRequest, template: str, *, status: int = 200, **values: Any
) -> HttpResponse:
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, **values}
    return TemplateResponse(request, f"admin/regions/{template}.html", context, status=status)
