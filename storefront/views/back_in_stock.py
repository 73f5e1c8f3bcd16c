"""Asking to be told when something sold out is there again, and a guest's yes or no to that."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.errors import InStock, ListingError
from catalogue.models import Product, stock_request_of
from catalogue.services import stock_requests
from marketplace.lib.client_address import client_address
from people.errors import TooManyTries
from storefront.stock_forms import StockForm
from vendors.models import StockRecord


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing_stock(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask about a sold-out listing or size: a person at once, a guest by a message that is answered first.

    404: not on sale. What is there already leads back to the listing.
    """
    listing = Product.objects.live().whole().select_related("vendor").filter(pk=pk).first()
    if listing is None:
        raise Http404(_("This is not on sale."))
    sold_out = _sold_out(listing)
    if not sold_out:
        messages.info(request, str(InStock().message))
        return redirect(listing)
    is_guest = not request.user.is_authenticated
    form = StockForm(request.POST if request.method == "POST" else None, sold_out=sold_out, is_guest=is_guest)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _asked(request, form))
        except TooManyTries:
            form.add_error(None, _("Too many requests from here or for this contact. Try again tomorrow."))
            status = 429
        except (Product.DoesNotExist, ListingError) as error:
            messages.info(request, str(getattr(error, "message", _("This is not on sale."))))
            return redirect(listing)
        else:
            return redirect(listing)
    values = {"form": form, "listing": listing, "is_guest": is_guest, "section": ""}
    return render(request, "storefront/listing_stock.html", values, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stock_request(request: HttpRequest, token: str) -> HttpResponse:
    """What a guest asked for: say yes, or be forgotten (do=cancel). 404: no link of ours, or it is over.

    Reading changes nothing, since programs of mail look into links before people do.
    """
    found = stock_request_of(token)
    if request.method == "POST" and request.POST.get("do") == "cancel":
        if found is not None and found.told_at is None:
            stock_requests.cancel(found)
        messages.success(request, _("You are not told, and we keep your contact no more."))
        return redirect("home")
    if found is None:
        raise Http404(_("This link is over. Ask again on the page of the listing."))
    if request.method == "POST":
        stock_requests.confirm(found)
        return redirect("stock-request", token)
    return render(request, "storefront/stock_request.html", {"asked": found, "section": ""})


def _asked(request: HttpRequest, form: StockForm) -> str:
    product: int = form.cleaned_data["product"]
    if request.user.is_authenticated:
        stock_requests.ask(request.user, product)
        return _("We tell you once, as soon as it is there again.")
    contact = form.cleaned_data["contact"]
    stock_requests.ask_as_guest(
        contact,
        product,
        language=get_language() or settings.LANGUAGE_CODE,
        address=client_address(request),
    )
    # The same for every contact, so that nobody learns who waits for what.
    return _("Look into your messages: press the link in ours to %(contact)s, then we tell you.") % {
        "contact": contact
    }


def _sold_out(listing: Product) -> list[Product]:
    """The listing itself or its sizes, of which nothing is free."""
    free = StockRecord.objects.filter(product=OuterRef("pk"), num_in_stock__gt=F("num_allocated"))
    live = Product.objects.live().filter(~Exists(free))
    own = live.filter(parent=listing) if listing.is_parent else live.filter(pk=listing.pk)
    return list(own.order_by("price_from", "net_quantity", "pk"))
