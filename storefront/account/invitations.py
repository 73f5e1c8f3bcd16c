"""Pages of an invitation into a group: what it is, the code that proves the contact, and in."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marketplace.lib.session_keys import CHOSEN_GROUP
from people.models import OneTimeCode
from people.services.accounts import may_sign_in_by_code
from storefront.account.codes import is_proven, send
from storefront.account.forms import CodeForm
from storefront.account.proof import Asked, asked_code, sign_in_proven
from vendors.errors import InvitationOver
from vendors.models import Invitation, Membership, Partner, pk_of_token
from vendors.services import invitations
from vendors.services.invitations import Accepted

PURPOSE = OneTimeCode.Purpose.INVITATION


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, as what; a press sends the code to the invited contact. 404: no link of ours; 410: it is over."""
    found = _find(token)
    if not _can_go_on(found):
        return _over(request, found)
    if request.method == "POST":
        # Refused or not, the next page is the same: a code sent before may be typed there.
        send(request, Asked(found.contact, PURPOSE, reverse("dashboard-home"), token))
        return redirect("invitation-code", token)
    return render(request, "account/invitation.html", {"invitation": found})


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_code(request: HttpRequest, token: str) -> HttpResponse:
    """Type the code; the right one makes a member and signs in. Who has not asked for one is led back to the invitation."""
    found = _find(token)
    asked = asked_code(request)
    if asked is None or asked.purpose != PURPOSE or asked.token != token:
        return redirect("invitation", token)
    if not _can_go_on(found):
        return _over(request, found)
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and is_proven(request, asked, form):
        return _come_in(request, found, asked)
    return render(
        request, "account/code.html", {"form": form, "contact": found.masked_contact, "is_invitation": True}
    )


def _find(token: str) -> Invitation:
    pk = pk_of_token(token)
    if pk is None:
        raise Http404
    return get_object_or_404(Invitation.objects.select_related("vendor", "invited_by"), pk=pk)


def _can_go_on(found: Invitation) -> bool:
    # Accepted: whoever lost the page before it loaded types a code again and comes in.
    if found.vendor.state == Partner.State.CLOSED:
        return False
    return found.is_open or found.state == Invitation.State.ACCEPTED


def _over(request: HttpRequest, found: Invitation, text: str = "") -> HttpResponse:
    values = {"invitation": found, "text": text or InvitationOver.message}
    return render(request, "account/invitation_over.html", values, status=410)


def _come_in(request: HttpRequest, found: Invitation, asked: Asked) -> HttpResponse:
    try:
        accepted = invitations.accept(found, language=get_language() or settings.LANGUAGE_CODE)
    except InvitationOver as error:
        return _over(request, found, str(error.message))
    if not may_sign_in_by_code(accepted.person):
        messages.success(request, _words(found, accepted))
        messages.error(
            request, _("This account cannot be opened by code. Staff sign in with their password.")
        )
        return redirect("account-login")
    sign_in_proven(request, accepted.person, asked)
    request.session[CHOSEN_GROUP] = found.vendor_id
    messages.success(request, _words(found, accepted))
    return redirect("dashboard-home")


def _words(found: Invitation, accepted: Accepted) -> str:
    values = {"group": found.vendor.name, "role": Membership.Role(accepted.role).label}
    if not accepted.was_member:
        return _("Welcome. You work for %(group)s now, as %(role)s.") % values
    if accepted.role != accepted.role_before:
        return _("You worked for %(group)s already. Your role is now: %(role)s.") % values
    return (
        _("You work for %(group)s already, as %(role)s. That stays; a chair can change your role.") % values
    )
