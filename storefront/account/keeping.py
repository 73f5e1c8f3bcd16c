"""Orders that were bought without an account: into the account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from orders.errors import ContactNotProven, OrderError
from orders.models import Order
from orders.services.claiming import claim, claim_all
from people.models import OneTimeCode, User
from storefront.account.codes import send
from storefront.account.confirming import own_contacts
from storefront.account.proof import Asked
from storefront.views.orders import is_buyer, own_order


@require_POST
def order_keep(request: HttpRequest, number: str) -> HttpResponse:
    """Keep this order in the account of whoever is signed in. 404 for anybody but who has proven to have placed it.

    A contact of the account that no code has proven yet gets one first; then the order's page offers it again.
    """
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404(_("No order has this number, or it is not yours."))
    person = request.user
    if not isinstance(person, User):
        return redirect("account-login")
    try:
        is_new = claim(order, person)
    except ContactNotProven as error:
        return _prove(request, order, person, str(error.message))
    except OrderError as error:
        messages.error(request, str(error.message))
        return redirect(order)
    if is_new:
        messages.success(request, _("This order is in your account from now on."))
    else:
        messages.info(request, _("This order was in your account already."))
    return redirect(order)


@require_POST
@login_required
def keep_orders(request: HttpRequest) -> HttpResponse:
    """Keep every order that was bought without an account with a proven contact of this one."""
    kept = claim_all(request.user) if isinstance(request.user, User) else 0
    if kept:
        words = ngettext(
            "%(count)d order is in your account from now on.",
            "%(count)d orders are in your account from now on.",
            kept,
        )
        messages.success(request, words % {"count": kept})
    else:
        messages.info(request, _("There is no other order to keep."))
    return redirect("account-home")


def _prove(request: HttpRequest, order: Order, person: User, refusal: str) -> HttpResponse:
    of_order = {order.guest_phone, order.guest_email.lower()}
    contact = next((own for own in own_contacts(person) if own in of_order), "")
    if not contact:
        other = _("Sign in with that phone number or e-mail address to keep the order there.")
        messages.error(request, f"{refusal} {other}")
        return redirect(order)
    send(request, Asked(contact, OneTimeCode.Purpose.CONFIRM, order.get_absolute_url()))
    return redirect("account-confirm-code")
