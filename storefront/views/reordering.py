"""Order again: the things of an order go into the basket."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.lib.money import format_price
from orders.errors import OrderError
from orders.services.reordering import Again, Missing, Reordered, reorder
from storefront.foreign import filled
from storefront.views.orders import is_buyer, own_order
from storefront.visitor import visitor_basket


@require_POST
def order_again(request: HttpRequest, number: str) -> HttpResponse:
    """Put what can still be bought into the basket, and say by name what costs something else, and what is missing and why.

    404 for anybody but the buyer, staff who may read the order included. Sent twice it puts in nothing more.
    """
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404(_("No order has this number, or it is not yours."))
    try:
        became = reorder(visitor_basket(request), order)
    except OrderError as error:
        messages.error(request, str(error.message))
        return redirect("basket")
    _say(request, became)
    return redirect("basket" if became.there else order)


def _say(request: HttpRequest, became: Reordered) -> None:
    if became.there:
        names = ", ".join(f"{each.units} x {each.title}" for each in became.there)
        messages.success(request, filled(_("In your basket: %(title)s."), title=names))
    for each in became.there:
        if words := _changes(each):
            messages.warning(request, words)
    for gone in became.missing:
        messages.error(request, _missing(gone))


def _changes(each: Again) -> str:
    """What is not as it was in the order; empty where all is."""
    said = []
    if each.before is not None:
        prices = {
            "title": each.title,
            "before": format_price(each.before, each.currency),
            "now": format_price(each.price, each.currency),
        }
        said.append(filled(_("%(title)s cost %(before)s then, and costs %(now)s today."), **prices))
    if each.units < each.ordered:
        counts = {"title": each.title, "left": each.units, "ordered": each.ordered}
        said.append(filled(_("%(title)s: only %(left)d are left; you had ordered %(ordered)d."), **counts))
    return SafeString(" ".join(said))


def _missing(gone: Missing) -> str:
    return filled(_("Not in your basket: %(title)s, %(reason)s."), title=gone.title, reason=gone.reason)
