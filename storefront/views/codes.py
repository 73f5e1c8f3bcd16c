"""Codes of offers, given and taken out on the basket and on the last page of the checkout."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.lib.client_address import client_address
from marketplace.lib.page_address import shows_page_of
from marketplace.lib.words import plain_words
from orders.errors import OrderError
from orders.services.codes import give_code, take_code_out
from storefront.checkout.views import review_page
from storefront.foreign import filled
from storefront.views.basket import basket_page
from storefront.visitor import visitor_basket

REVIEW = "review"


@require_http_methods(["GET", "HEAD", "POST"])
def basket_code(request: HttpRequest) -> HttpResponse:
    """Give a code, or take one out ("remove"). What is refused comes back in its field, with the reason beside it.

    Looked at, as when a closed tab is opened again, it leads to the basket.
    """
    if request.method != "POST":
        return redirect("basket")
    at_review = request.POST.get("at") == REVIEW
    if "remove" in request.POST:
        return _take_out(request, request.POST["remove"], at_review=at_review)
    typed = plain_words(request.POST.get("code", ""))[:60]
    if not typed:
        return _refused(request, typed, _("Write the code first."), at_review=at_review)
    try:
        offer = give_code(visitor_basket(request), typed, address=client_address(request))
    except OrderError as error:
        return _refused(request, typed, str(error.message), at_review=at_review)
    messages.success(request, filled(_("Your code for “%(title)s” is kept."), title=offer.title))
    return _back(at_review=at_review)


def _take_out(request: HttpRequest, code: str, *, at_review: bool) -> HttpResponse:
    try:
        take_code_out(visitor_basket(request), code)
    except OrderError as error:
        messages.error(request, str(error.message))
    return _back(at_review=at_review)


def _refused(request: HttpRequest, typed: str, why: str, *, at_review: bool) -> HttpResponse:
    shows_page_of(request, reverse("checkout-review" if at_review else "basket"))
    page = review_page if at_review else basket_page
    return page(request, refused=(typed, why))


def _back(*, at_review: bool) -> HttpResponse:
    return redirect("checkout-review" if at_review else "basket")
