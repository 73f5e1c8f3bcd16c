"""Parts of the form of a listing that follow what is typed, and the copy of a listing."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from oscar.core.loading import get_model

from catalogue.errors import ListingError
from catalogue.models import Product
from catalogue.policies import can_work_on
from catalogue.services.copying import copy_listing
from dashboard.desk import Desk, member_page
from dashboard.drafts import create_once, products_of
from dashboard.forms import PriceForm
from dashboard.listing_rows import own_listings
from dashboard.receives import receives_while_typing
from regions.models import Region

Category = get_model("catalogue", "Category")


@require_safe
@member_page
def receives(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the group receives at the price typed; empty while it is none. listing: the one that is written."""
    listing = _named_listing(desk, request.GET.get("listing", ""))
    if not desk.writes_listings:
        raise PermissionDenied
    currency = (listing.price_currency if listing else "") or settings.CHARGE_CURRENCY
    form = PriceForm({"price": _typed_price(request)}, currency=currency)
    values: dict[str, Any] = {"price": None, "currency": currency}
    if form.is_valid():
        price: Decimal = form.cleaned_data["price"]
        vendor = listing.vendor if listing else desk.vendor
        share = receives_while_typing(vendor, price, listing=listing, category=_named_category(request))
        values.update(price=price, share=share)
    return render(request, "dashboard/parts/receives.html", values)


@require_safe
@member_page
def known_products(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Identified products of the place that is chosen."""
    key = _key(request.GET.get("region", ""))
    place = get_object_or_404(Region, pk=key)
    values = {"products": products_of(place), "chosen": request.GET.get("identified_product", "")}
    return render(request, "dashboard/parts/known_choices.html", values)


@require_POST
@member_page
def listing_copy(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Copy a listing as a new draft; the same button pressed twice copies once. 404: of another group."""
    listing = get_object_or_404(own_listings(desk.user).select_related("vendor"), pk=pk)
    if not can_work_on(desk.user, listing):
        raise PermissionDenied
    token = f"copy:{listing.pk}:{request.POST.get('token', '')[:40]}"
    try:
        made, _is_new = create_once(token, lambda: copy_listing(listing))
    except ListingError as error:
        messages.error(request, str(error.message))
        return redirect("dashboard-listing-detail", pk=listing.pk)
    if made is None:
        return redirect("dashboard-listing-list")
    messages.success(request, _("This is the copy. Change what differs and write how many there are."))
    return redirect("dashboard-listing-detail", pk=made)


def _named_listing(desk: Desk, key: str) -> Product | None:
    if not key:
        return None
    return get_object_or_404(own_listings(desk.user).select_related("vendor__home_region"), pk=_key(key))


def _named_category(request: HttpRequest) -> Any:
    key = request.GET.get("category", "")
    return Category.objects.filter(pk=_key(key)).first() if key else None


def _typed_price(request: HttpRequest) -> str:
    """The price under whatever name its field has."""
    return next((str(value) for name, value in request.GET.items() if name.endswith("price")), "")


def _key(typed: str) -> int:
    if not typed.isdecimal() or len(typed) > 9:
        raise Http404
    return int(typed)
