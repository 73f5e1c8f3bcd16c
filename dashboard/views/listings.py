"""Listings of the group: the list, a draft, and a listing that is on sale or under review."""

import secrets
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.errors import (
    ListingError,
    OnlySize,
    PhotoRefused,
    PriceOutOfRange,
    ProductNotNamed,
    ProductOfAnotherPlace,
)
from catalogue.models import Product
from catalogue.policies import can_work_on
from catalogue.services import review
from catalogue.services.arranging import REMOVE
from catalogue.services.changes import withdraw as withdraw_change
from catalogue.services.photos import arrange_photos
from catalogue.services.sizes import remove_size
from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.drafts import add_photos, create_draft, create_once, update_draft
from dashboard.listing_forms import ListingForm, photo_edit
from dashboard.listing_page import (
    Forms,
    listing_forms,
    listing_values,
    new_forms,
    only_record,
    open_change_of,
)
from dashboard.listing_rows import listed, listing_rows, own_listings
from dashboard.proposals import propose_change
from marketplace.lib.states import IllegalTransition
from vendors.services.stock import CountRefused

State = Product.State
PAGE_SIZE = 20
MOST_DIGITS = 16
SHOWN = {
    "sale": (State.LIVE,),
    "draft": (State.DRAFT, State.RETURNED),
    "review": (State.SUBMITTED,),
    "ended": (State.WITHDRAWN, State.REJECTED),
}


@require_safe
@member_page
def listing_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Listings of the group, changed last first, each with its stock. A constant number of queries."""
    show = request.GET.get("show", "")
    rows = own_listings(desk.user).filter(vendor=desk.vendor)
    if show in SHOWN:
        rows = rows.filter(state__in=SHOWN[show])
    paginator = Paginator(listed(rows).order_by("-date_updated", "-pk"), PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    values = {
        **frame(desk, "listings"),
        "show": show if show in SHOWN else "",
        "tabs": [
            ("", _("All")),
            ("sale", _("On sale")),
            ("draft", _("Drafts")),
            ("review", _("Under review")),
            ("ended", _("Not on sale")),
        ],
        "rows": listing_rows(page.object_list),
        "may_write": desk.writes_listings,
        "page": page,
        "page_numbers": [
            number if isinstance(number, int) else None
            for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }
    return render(request, "dashboard/listing_list.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def listing_create(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A new draft; the form sent twice makes one. 403: the packer, who writes no listings."""
    if not desk.writes_listings:
        raise PermissionDenied
    if request.method != "POST":
        return _new_page(request, desk, new_forms(desk))
    forms = new_forms(desk, request.POST, request.FILES)
    listing = None
    if forms.is_valid():
        try:
            listing = _created(desk, forms)
        except (ListingError, CountRefused) as error:
            _put_error(forms.main, error)
        else:
            if listing is None:
                # Another request handles the same form just now.
                return redirect("dashboard-listing-list")
    if listing is None:
        if forms.main.files:
            again = _("Choose the photos again: a page that comes back does not keep them.")
            forms.main.add_error("photos", again)
        return _new_page(request, desk, forms)
    try:
        add_photos(listing, request.FILES.getlist("photos"))
    except ListingError as error:
        messages.error(request, _("Saved, but without the photo. %(why)s") % {"why": error.message})
        return redirect("dashboard-listing-detail", pk=listing.pk)
    return _saved(request, desk, listing)


def _created(desk: Desk, forms: Forms) -> Product | None:
    """The draft that these forms make; None while another request handles the same form."""
    typed = forms.main.cleaned_data
    token = typed["token"] or secrets.token_urlsafe(16)
    pk, is_new = create_once(token, lambda: create_draft(desk.vendor, typed, actor=desk.user))
    listing: Product | None = own_listings(desk.user).filter(pk=pk).first()
    if listing is not None:
        # The page may have been gone back to: what was changed on it since is not lost.
        record = None if is_new and not forms.typed_sizes() else only_record(listing)
        if not is_new or forms.typed_sizes():
            update_draft(listing, typed, record=record, sizes=forms.typed_sizes(), actor=desk.user)
    return listing


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def listing_detail(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One listing of the group: its draft or change to write, or how it stands. 404: of another group, or none."""
    listing = own_listing(desk, pk)
    desk = move_to(request, desk, listing.vendor_id)
    if request.method != "POST":
        return listing_page(request, desk, listing)
    if not can_work_on(desk.user, listing):
        raise PermissionDenied
    forms = listing_forms(listing, request.POST, request.FILES)
    if listing.state == State.LIVE:
        return _propose(request, desk, listing, forms)
    is_valid = forms.is_valid()
    # Photos are kept even when words are wrong: a page that comes back cannot hold them.
    try:
        add_photos(listing, request.FILES.getlist("photos"))
        if is_valid:
            sizes = forms.typed_sizes()
            record = only_record(listing)
            update_draft(listing, forms.main.cleaned_data, record=record, sizes=sizes, actor=desk.user)
    except PhotoRefused as error:
        forms.main.add_error("photos", str(error.message))
    except (ListingError, CountRefused) as error:
        _put_error(forms.main, error)
    if forms.has_errors:
        return listing_page(request, desk, listing, forms=forms)
    return _saved(request, desk, listing)


def _propose(request: HttpRequest, desk: Desk, listing: Product, forms: Forms) -> HttpResponse:
    """Keep the change of a listing on sale, and send it when the button says so."""
    send = request.POST.get("do") == "send"
    if not forms.is_valid():
        return listing_page(request, desk, listing, forms=forms)
    try:
        change = propose_change(
            listing,
            forms,
            uploads=request.FILES.getlist("photos"),
            photos=photo_edit(request.POST),
            actor=desk.user,
            send=send,
        )
    except ListingError as error:
        _put_error(forms.main, error)
        listing.refresh_from_db()
        return listing_page(request, desk, listing, forms=forms)
    if change is None:
        messages.success(request, _("Nothing differs from what is on sale, so nothing waits."))
    elif send:
        messages.success(request, _("The change is at the office. Until it is approved the old one sells."))
    else:
        messages.success(request, _("The change is saved. Send it to the office when it is ready."))
    return _back(request, listing)


@require_POST
@member_page
def listing_move(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Take a listing back from review or from sale, give up its change, or take a size out. Sent twice it is done once."""
    listing = own_listing(desk, pk)
    if not can_work_on(desk.user, listing):
        raise PermissionDenied
    try:
        if request.POST.get("do") == "take_back":
            review.take_back(listing, desk.user)
            messages.success(request, _("It is a draft again."))
        elif request.POST.get("do") == "withdraw":
            review.withdraw(listing, desk.user)
            messages.success(request, _("Nobody can buy it any more. Orders that were paid go on."))
        elif request.POST.get("do") == "drop_change":
            _drop_change(request, desk, listing)
        elif request.POST.get("do") == "remove_size":
            _remove_size(request, listing)
    except IllegalTransition:
        messages.error(request, _not_now(listing))
    return redirect("dashboard-listing-detail", pk=listing.pk)


def own_listing(desk: Desk, pk: int) -> Product:
    """A whole listing of one of this person's groups. Raises Http404."""
    rows = own_listings(desk.user).select_related(
        "vendor__home_region__parent", "region__parent", "identified_product__scheme"
    )
    return get_object_or_404(rows, pk=pk)


def listing_page(request: HttpRequest, desk: Desk, listing: Product, **refused: Any) -> HttpResponse:
    """The page of a listing; refused: forms that come back with their errors, as listing_values takes them."""
    values = {**frame(desk, "listings"), **listing_values(desk, listing, **refused)}
    template = "dashboard/listing_form.html" if values["form"] else "dashboard/listing_detail.html"
    return render(request, template, values)


def count_refused(refused: CountRefused, *, seen: int | None) -> str:
    """Why a number could not be written, and what to do. seen: the number that stood on the page."""
    if refused.in_stock == seen:
        return _("%(reserved)d are sold and not yet sent, so there must be at least %(reserved)d.") % {
            "reserved": refused.reserved
        }
    return _(
        "The number has changed meanwhile: %(in_store)d are there now, %(reserved)d of them sold and not yet "
        "sent. Count again."
    ) % {"in_store": refused.in_stock, "reserved": refused.reserved}


def _remove_size(request: HttpRequest, listing: Product) -> None:
    """Take one size out, by the key of its stock record; one that is out already stays so."""
    pk = request.POST.get("size", "")
    record_pk = int(pk) if pk.isascii() and pk.isdigit() and len(pk) < MOST_DIGITS else 0
    size = Product.objects.filter(parent=listing, stockrecords=record_pk).first()
    try:
        if size is not None:
            remove_size(size)
    except OnlySize as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The size is taken out. Orders that were placed go on."))


def _drop_change(request: HttpRequest, desk: Desk, listing: Product) -> None:
    change = open_change_of(listing)
    if change is not None:
        withdraw_change(change, desk.user)
    messages.success(request, _("The change is given up. The listing sells as it is."))


def _new_page(request: HttpRequest, desk: Desk, forms: Forms) -> HttpResponse:
    values = {
        **frame(desk, "listings"),
        "forms": forms,
        "form": forms.main,
        "listing": None,
        "photos": [],
        "gaps": [],
        "offers": [],
    }
    return render(request, "dashboard/listing_form.html", values)


def _saved(request: HttpRequest, desk: Desk, listing: Product) -> HttpResponse:
    """What a saved draft asks for besides: photos ordered or removed, or sending it to the office."""
    edit = photo_edit(request.POST)
    arrange_photos(listing, edit)
    if edit.do == REMOVE:
        messages.success(request, _("The photo is gone, everything else is saved."))
    elif request.POST.get("do") == "send":
        _send(request, desk, listing)
    else:
        messages.success(request, _("Saved."))
    return _back(request, listing)


def _back(request: HttpRequest, listing: Product) -> HttpResponse:
    """The listing's page, at the part that the button belongs to."""
    where = {"find": "#id_region", "size": "#sizes"}.get(request.POST.get("do", ""), "")
    if request.POST.get("photo-do"):
        where = "#photos"
    return redirect(reverse("dashboard-listing-detail", args=[listing.pk]) + where)


def _send(request: HttpRequest, desk: Desk, listing: Product) -> None:
    try:
        review.submit(listing, desk.user)
    except ListingError as error:
        messages.error(request, _("Saved, but not sent. %(why)s") % {"why": error.message})
    except IllegalTransition:
        messages.error(request, _not_now(listing))
    else:
        messages.success(request, _("Sent to the office. You are told when it is on sale."))


def _put_error(form: ListingForm, error: ListingError | CountRefused) -> None:
    if isinstance(error, CountRefused):
        form.add_error("units", count_refused(error, seen=form.cleaned_data["seen"]))
        # The number to compare with is the one that the message names.
        form.data = {**form.data.dict(), "seen": str(error.in_stock)}  # type: ignore[attr-defined]
        return
    fields: dict[type[ListingError], str] = {
        ProductOfAnotherPlace: "identified_product",
        ProductNotNamed: "identified_product",
        PriceOutOfRange: "price",
        PhotoRefused: "photos",
    }
    field = fields.get(type(error))
    form.add_error(field if field in form.fields else None, str(error.message))


def _not_now(listing: Product) -> str:
    listing.refresh_from_db(fields=["state"])
    return _("It is “%(state)s” by now, so this cannot be done. Nothing has been changed.") % {
        "state": listing.get_state_display()
    }
