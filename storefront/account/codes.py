"""Pages of one-time codes: typing a code, a new account, a password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.lib.client_address import client_address
from people.errors import CodeRefused, TooManyTries
from people.models import OneTimeCode, User
from people.services import accounts, codes
from storefront.account.forms import CodeForm, NewAccountForm, PasswordForm
from storefront.account.proof import (
    PROVEN,
    Asked,
    ask,
    asked_code,
    onwards,
    proven_contact,
    proven_target,
    remember_proof,
    sign_in_proven,
)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code. A visitor who waits for none is led to the sign-in; the right one leads on."""
    asked = asked_code(request)
    if asked is None or asked.purpose != OneTimeCode.Purpose.SIGN_IN:
        return onwards(request, "") if request.user.is_authenticated else redirect("account-login")
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and is_proven(request, asked, form):
        return _come_in(request, asked)
    return code_page(request, asked, form)


@require_POST
def code_again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same contact; the one before ends."""
    asked = asked_code(request)
    if asked is None:
        return redirect("account-login")
    send(request, asked)
    if asked.order:
        return redirect("order-keep-code", asked.order)
    if asked.purpose == OneTimeCode.Purpose.CONFIRM:
        return redirect("account-confirm-code")
    return redirect("invitation-code", asked.token) if asked.token else redirect("account-code")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Make the account of somebody who has proven a contact that nobody has; sent twice makes one."""
    contact = proven_contact(request)
    if request.user.is_authenticated:
        return onwards(request, proven_target(request))
    if not contact:
        return redirect("account-join")
    form = NewAccountForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        person = accounts.join(
            contact,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"] or None,
            language=get_language() or settings.LANGUAGE_CODE,
        )
        return _let_in(request, person, Asked(contact, OneTimeCode.Purpose.SIGN_IN, proven_target(request)))
    return render(request, "account/new.html", {"form": form, "contact": contact})


@sensitive_post_parameters("old", "new")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set a password: by the one until now, or within minutes of a code. Other sessions of the person end."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    proven = proven_contact(request)
    is_fresh = bool(proven) and proven in (user.email, user.phone)
    form = PasswordForm(request.POST or None, user=user, is_proven=is_fresh)
    if request.method == "POST" and form.is_valid():
        try:
            is_set = accounts.set_password(
                user,
                form.cleaned_data["new"],
                old=None if is_fresh else form.cleaned_data["old"],
                address=client_address(request),
            )
        except TooManyTries:
            is_set = False
            form.add_error(None, _("Too many tries. Wait 15 minutes, or sign in by code."))
        else:
            if not is_set:
                form.add_error("old", _("This is not your password until now."))
        if is_set:
            update_session_auth_hash(request, user)
            request.session.pop(PROVEN, None)
            messages.success(request, _("The new password holds from now on."))
            return redirect("account-home")
    return render(request, "account/password.html", {"form": form})


def send(request: HttpRequest, asked: Asked) -> bool:
    """Send a code and say so; False, with a word to the visitor, where a limit is reached."""
    try:
        ask(request, asked)
    except TooManyTries:
        messages.error(
            request, _("A code was sent a moment ago, or too many were. Wait a little, then try again.")
        )
        return False
    return True


def is_proven(request: HttpRequest, asked: Asked, form: CodeForm) -> bool:
    """Whether the code typed proves the contact; if not, the form says what to do."""
    if not form.is_valid():
        return False
    try:
        codes.prove(asked.contact, asked.purpose, form.cleaned_data["code"], address=client_address(request))
    except CodeRefused:
        form.add_error(
            "code", _("This code is not right, or no longer valid. Look again, or let us send another.")
        )
        return False
    except TooManyTries:
        form.add_error("code", _("Too many tries. Wait an hour, then let us send another code."))
        return False
    return True


def code_page(request: HttpRequest, asked: Asked, form: CodeForm) -> HttpResponse:
    """The page that asks for the code."""
    return render(request, "account/code.html", {"form": form, "contact": asked.contact})


def _come_in(request: HttpRequest, asked: Asked) -> HttpResponse:
    person = User.objects.by_contact(asked.contact).first()
    if person is None:
        remember_proof(request, asked)
        return redirect("account-new")
    return _let_in(request, person, asked)


def _let_in(request: HttpRequest, person: User, asked: Asked) -> HttpResponse:
    if not accounts.may_sign_in_by_code(person):
        messages.error(
            request, _("This account cannot be opened by code. Staff sign in with their password.")
        )
        return redirect("account-login")
    sign_in_proven(request, person, asked)
    return onwards(request, asked.target)
