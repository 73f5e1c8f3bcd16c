"""Signing in and out, joining, and a shopper's own orders."""

from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.lib.client_address import client_address
from orders.models import Order
from orders.services.claiming import claimable, with_another_contact
from people.backends import limited_contact
from people.models import OneTimeCode, User
from people.services.accounts import may_sign_in_by_code
from people.services.limits import PASSWORD_BY_ADDRESS, PASSWORD_BY_CONTACT, is_reached
from people.services.proofs import unproven_contacts
from storefront.account.codes import send
from storefront.account.forms import ContactForm, SignInForm
from storefront.account.order_rows import order_list_rows
from storefront.account.proof import Asked, onwards
from storefront.pressed import do_what_was_pressed
from storefront.recently_seen import forget_seen, seen_cards
from vendors.models import Partner

PAGE_SIZE = 20


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a contact and a password or a code, then go where ?next says; one answer for all that does not match."""
    target = account_target(request)
    if request.user.is_authenticated:
        return onwards(request, target)
    if request.method == "POST" and request.POST.get("by") == "code":
        return _by_code(request)
    form = SignInForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        person = authenticate(request, username=sent["contact"], password=sent["password"])
        if person is not None:
            login(request, person)
            do_what_was_pressed(request)
            return onwards(request, target)
        form.add_error(None, _refusal(request, sent["contact"]))
    return render(request, "account/sign_in.html", {"form": form, "next": target})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Begin an account with a contact, which a code proves; whether it has an account already is not said before."""
    target = account_target(request)
    if request.user.is_authenticated:
        return onwards(request, target)
    if request.method == "POST":
        return _by_code(request)
    return render(request, "account/join.html", {"form": ContactForm(label_suffix=""), "next": target})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; harmless when nobody is signed in. Whoever takes the phone next sees nothing of what was looked at."""
    logout(request)
    answer = redirect(settings.LOGOUT_REDIRECT_URL)
    forget_seen(answer)
    return answer


@never_cache
@login_required
@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """A shopper's own orders, the newest first; members find the way to the desk of their group."""
    person = cast("User", request.user)
    orders = Order.objects.filter(user=person).select_related("shipping_address")
    orders = orders.prefetch_related("vendor_orders__vendor")
    page = Paginator(orders.order_by("-date_placed"), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return render(
        request,
        "account/home.html",
        {
            "page": page,
            "orders": order_list_rows(page.object_list),
            "page_numbers": [number if isinstance(number, int) else None for number in numbers],
            "bought_as_guest": list(claimable(person)[:PAGE_SIZE]),
            "with_another": with_another_contact(person),
            "unproven": unproven_contacts(person) if may_sign_in_by_code(person) else [],
            "groups": list(Partner.objects.filter(memberships__user=request.user).order_by("name")),
            "seen": seen_cards(request),
        },
    )


def _by_code(request: HttpRequest) -> HttpResponse:
    """Send a code to the contact typed and go on to the page for it; else the page says what is wrong."""
    target = account_target(request)
    form = ContactForm(request.POST, label_suffix="")
    if form.is_valid():
        # Refused or not, the next page is the same: a code sent before may be typed there.
        send(request, Asked(form.cleaned_data["contact"], OneTimeCode.Purpose.SIGN_IN, target))
        return redirect("account-code")
    return render(request, "account/join.html", {"form": form, "next": target})


def _refusal(request: HttpRequest, contact: str) -> str:
    is_over = is_reached(PASSWORD_BY_CONTACT, limited_contact(contact))
    if is_over or is_reached(PASSWORD_BY_ADDRESS, client_address(request)):
        return _("Too many tries. Wait 15 minutes, or sign in by code.")
    return _("No account has this contact and this password.")


def account_target(request: HttpRequest) -> str:
    """Where a page of the account was asked to lead on to; not checked yet (proof.onwards does)."""
    return request.POST.get("next") or request.GET.get("next") or ""
