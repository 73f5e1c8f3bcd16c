"""The button that saves a listing, and its page for those who press it without an account or a script."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.errors import ListingError
from catalogue.models import Product
from catalogue.services.saving import save_listing, unsave_listing
from storefront.foreign import filled
from storefront.going_back import page_of_ours, sign_in_first
from storefront.pressed import SAVE, remember


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a listing, or take it off the list (do=drop), then go back to "next". 404: not on sale.

    A visitor is led to the sign-in first, and then it is saved. A script that asks for the button gets it alone.
    """
    person = request.user
    if request.method == "POST" and request.POST.get("do") == "drop" and person.is_authenticated:
        unsave_listing(person, pk)
        return _answer(request, pk, said="")
    listing = Product.objects.live().whole().filter(pk=pk).first()
    if listing is None:
        raise Http404(_("This is not on sale."))
    if request.method != "POST":
        return render(request, "storefront/listing_save.html", {"listing": listing, "section": ""})
    if not person.is_authenticated:
        remember(request, SAVE, pk)
        messages.info(request, filled(_("Sign in, and “%(title)s” is on your list."), title=listing.called()))
        return sign_in_first(reverse("account-saved"))
    try:
        save_listing(person, pk)
    except ListingError as error:
        messages.error(request, str(error.message))
        return redirect("account-saved")
    return _answer(request, pk, said=filled(_("Saved: %(title)s."), title=listing.called()))


def _answer(request: HttpRequest, pk: int, *, said: str) -> HttpResponse:
    if "X-Live" in request.headers:
        context = {"pk": pk, "title": request.POST.get("title", ""), "look": request.POST.get("look", "")}
        return render(request, "storefront/parts/save.html", context)
    if said:
        messages.success(request, said)
    return redirect(page_of_ours(request, request.POST.get("next", "")) or "account-saved")
