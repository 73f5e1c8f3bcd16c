"""Showing once more who it is, by password or code, before something that a borrowed phone must not do."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from marketplace.lib.client_address import client_address
from people.errors import TooManyTries
from people.models import OneTimeCode, User
from people.services.accounts import is_password, may_sign_in_by_code
from people.services.proofs import note_proof
from storefront.account.codes import is_proven, send
from storefront.account.forms import CodeForm, ConfirmForm
from storefront.account.proof import Asked, asked_code, is_confirmed, onwards, remember_confirmed
from storefront.account.views import account_target

View = Callable[..., HttpResponseBase]


def confirmed(view: View) -> View:
    """Let a signed-in person into a page only within minutes of a password or code; others are led to where it is typed."""

    @wraps(view)
    def inner(request: HttpRequest, **named: Any) -> HttpResponseBase:
        if not is_confirmed(request):
            return to_confirm(request)
        return view(request, **named)

    return login_required(inner)


def to_confirm(request: HttpRequest) -> HttpResponse:
    """The way to where the password is typed, and back to this address."""
    back = urlencode({"next": request.path})
    return redirect(f"{reverse('account-confirm')}?{back}")


@sensitive_post_parameters("password")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Type the password, or choose a contact of the account to which a code is sent; then go where ?next says."""
    person, target = _person(request), account_target(request)
    contacts = own_contacts(person)
    contact = request.POST.get("contact", "")
    if request.method == "POST" and contact in contacts:
        # Refused or not, the next page is the same: a code sent before may be typed there.
        send(request, Asked(contact, OneTimeCode.Purpose.CONFIRM, target))
        return redirect("account-confirm-code")
    has_password = person.has_usable_password()
    form = ConfirmForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and has_password and _is_right(request, person, form):
        remember_confirmed(request, person)
        return onwards(request, target)
    return render(
        request,
        "account/confirm.html",
        {"form": form, "next": target, "contacts": contacts, "has_password": has_password},
    )


@sensitive_post_parameters("code")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Type the code that was sent to a contact of the account. Who waits for none is led to where one is asked for."""
    person, asked = _person(request), asked_code(request)
    is_own = asked is not None and asked.contact in own_contacts(person)
    if asked is None or not is_own or asked.purpose != OneTimeCode.Purpose.CONFIRM:
        return redirect("account-confirm")
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and is_proven(request, asked, form):
        note_proof(person, asked.contact)
        remember_confirmed(request, person)
        return onwards(request, asked.target)
    # Whom the code is for is said by the account: there is no other address to use instead.
    return render(
        request, "account/code.html", {"form": form, "contact": asked.contact, "is_invitation": True}
    )


def own_contacts(person: User) -> list[str]:
    """Contacts to which a code may be sent; none for staff, who type their password."""
    if not may_sign_in_by_code(person):
        return []
    return [contact for contact in (person.phone, person.email) if contact]


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required lets nobody else in")
    return request.user


def _is_right(request: HttpRequest, person: User, form: ConfirmForm) -> bool:
    if not form.is_valid():
        return False
    try:
        is_right = is_password(person, form.cleaned_data["password"], address=client_address(request))
    except TooManyTries:
        form.add_error(None, _("Too many tries. Wait 15 minutes, or let us send you a code."))
        return False
    if not is_right:
        form.add_error("password", _("This is not your password."))
    return is_right
