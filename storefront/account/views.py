"""Signing in and out, joining, and a shopper's own orders."""

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orders.models import Order
from people.models import User
from storefront.forms import JoinForm, SignInForm
from vendors.models import Partner

PAGE_SIZE = 20


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a contact and a password, then go where ?next says; one answer for all that does not match."""
    if request.user.is_authenticated:
        return _onwards(request)
    form = SignInForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        person = authenticate(request, username=sent["contact"], password=sent["password"])
        if person is not None:
            login(request, person)
            return _onwards(request)
        form.add_error(None, _("No account has this contact and this password."))
    return render(request, "account/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in to it."""
    if request.user.is_authenticated:
        return _onwards(request)
    form = JoinForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        field = "email" if "@" in sent["contact"] else "phone"
        language = get_language() or settings.LANGUAGE_CODE
        person = User.objects.create_person(
            name=sent["name"],
            password=sent["password"],
            preferred_language=language,
            **{field: sent["contact"]},
        )
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        return _onwards(request)
    return render(request, "account/join.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; harmless when nobody is signed in."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@login_required
@require_GET
def account_home(request: HttpRequest) -> HttpResponse:
    """A shopper's own orders, the newest first; members find the way to the desk of their group."""
    orders = Order.objects.filter(user=request.user).prefetch_related("vendor_orders__vendor")
    page = Paginator(orders.order_by("-date_placed"), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return render(
        request,
        "account/home.html",
        {
            "page": page,
            "page_numbers": [number if isinstance(number, int) else None for number in numbers],
            "groups": list(Partner.objects.filter(memberships__user=request.user).order_by("name")),
        },
    )


def _onwards(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url(settings.LOGIN_REDIRECT_URL)
    return HttpResponseRedirect(target)
