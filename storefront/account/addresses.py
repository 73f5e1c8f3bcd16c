"""The addresses that a person keeps for orders to come."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.addresses.models import UserAddress
from orders.errors import AddressesTooMany, AddressKept
from orders.services.kept_addresses import (
    MOST,
    change_address,
    choose_default,
    keep_address,
    remove_address,
)
from people.models import User
from storefront.checkout.address_fields import AddressFields, as_typed, known_country
from storefront.checkout.address_page import words_of
from storefront.foreign import filled, marked

# In the session: the address that was removed last.
_REMOVED = "address-removed"


@dataclass(frozen=True)
class AddressRow:
    """A kept address as the list shows it."""

    pk: int
    name: str
    words: str
    phone: str
    is_default: bool


@never_cache
@login_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """All of them, which are few; the default first."""
    rows = [
        AddressRow(
            row.pk, row.first_name, words_of(row), str(row.phone_number or ""), row.is_default_for_shipping
        )
        for row in UserAddress.objects.visible_to(request.user)
    ]
    context = {"rows": rows, "most": MOST, "is_full": len(rows) >= MOST}
    return render(request, "account/addresses.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest) -> HttpResponse:
    """Keep one more; sent twice, it is kept once."""
    form = _form(request, {"name": _person(request).name})
    if form.is_bound and form.is_valid():
        try:
            keep_address(_person(request), form.words())
        except AddressesTooMany as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The address is kept in your account."))
            return redirect("account-addresses")
    return render(request, "account/address.html", {"form": form, "is_new": True})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one. 404: it is not the person's."""
    row = get_object_or_404(UserAddress.objects.visible_to(request.user), pk=pk)
    form = _form(request, as_typed(row))
    if form.is_bound and form.is_valid():
        try:
            change_address(_person(request), row.pk, form.words())
        except AddressKept as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The address is changed. Orders that were placed keep theirs."))
            return redirect("account-addresses")
    return render(request, "account/address.html", {"form": form, "is_new": False})


@require_POST
@login_required
def address_default(request: HttpRequest, pk: int) -> HttpResponse:
    """Let orders begin with it; twice is once. 404: it is not the person's."""
    row = get_object_or_404(UserAddress.objects.visible_to(request.user), pk=pk)
    choose_default(_person(request), row.pk)
    messages.success(request, _("Orders begin with this address from now on."))
    return redirect("account-addresses")


@require_POST
@login_required
def address_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep it no longer; pressed twice, it is the same. 404: it is not the person's."""
    row = UserAddress.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None and request.session.get(_REMOVED) != pk:
        raise Http404
    if row is not None:
        words = format_html("{}, {}", marked(row.first_name), words_of(row))
        try:
            remove_address(_person(request), row.pk)
        except UserAddress.DoesNotExist:
            # Pressed twice at once: the other press was a moment quicker.
            return redirect("account-addresses")
        request.session[_REMOVED] = pk
        messages.success(request, filled(_("The address is removed: %(words)s."), words=words))
    return redirect("account-addresses")


def _form(request: HttpRequest, known: dict[str, str]) -> AddressFields:
    """The form as it was sent; with known before that. Another country brings its own fields and keeps what was typed."""
    sent = request.POST
    if request.method != "POST":
        return AddressFields(initial=dict(known), country_code=known_country(known.get("country", "")))
    country = known_country(sent.get("country", ""))
    if "change_country" in sent:
        typed = {name: sent.get(name, "")[:300] for name in AddressFields.field_order}
        return AddressFields(initial=typed, country_code=country)
    return AddressFields(sent, country_code=country)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("login_required lets nobody else in")
    return request.user
