"""Orders that were bought without an account: into the account."""

from collections.abc import Collection

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.lib.contacts import masked
from orders.errors import ContactNotProven, KeptByOther
from orders.models import Order
from orders.services.claiming import claim, claim_all
from people.models import OneTimeCode, User
from people.services.proofs import proven_contacts
from storefront.account.codes import is_proven, send
from storefront.account.confirming import own_contacts
from storefront.account.forms import CodeForm
from storefront.account.proof import ASKED, Asked, asked_code
from storefront.going_back import sign_in_first
from storefront.views.orders import is_buyer, own_order


@require_POST
def order_keep(request: HttpRequest, number: str) -> HttpResponse:
    """Keep this order in the account of whoever is signed in. 404 for anybody but who has proven to have placed it.

    A contact of the order that no code has proven yet gets one first: one of the account, after which the order's page offers
    it again, then the other one.
    """
    order, person = _bought(request, number), request.user
    if not isinstance(person, User):
        messages.info(request, _("Sign in, and keep the order from its page."))
        return sign_in_first(order.get_absolute_url())
    try:
        return _keep(request, order, person)
    except ContactNotProven as error:
        return _prove(request, order, person, str(error.message))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_keep_code(request: HttpRequest, number: str) -> HttpResponse:
    """Type the code that was sent to the order's other contact, and keep the order. Who waits for none is led to the order.

    404 for anybody but who has proven to have placed it. The contact is not said in full: who has the link may not know it.
    """
    order, person, asked = _bought(request, number), request.user, asked_code(request)
    if not isinstance(person, User):
        return redirect("account-login")
    if asked is None or asked.order != number or asked.contact not in order.guest_contacts:
        return redirect(order)
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and is_proven(request, asked, form):
        request.session.pop(ASKED, None)
        try:
            return _keep(request, order, person, shown_now=[asked.contact])
        except ContactNotProven as error:
            messages.error(request, str(error.message))
            return redirect(order)
    shown = {"form": form, "contact": masked(asked.contact), "is_invitation": True}
    return render(request, "account/code.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def keep_orders(request: HttpRequest) -> HttpResponse:
    """Keep every order that was bought without an account with a proven contact of this one.

    Looked at, as after signing in again where the session had ended, it leads to the button.
    """
    if request.method != "POST":
        return redirect("account-home")
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


def _bought(request: HttpRequest, number: str) -> Order:
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404(_("No order has this number, or it is not yours."))
    return order


def _keep(
    request: HttpRequest, order: Order, person: User, *, shown_now: Collection[str] = ()
) -> HttpResponse:
    """Keep it, say so, and show it. Raises ContactNotProven."""
    try:
        is_new = claim(order, person, shown_now=shown_now)
    except KeptByOther as error:
        messages.error(request, str(error.message))
        return redirect(order)
    if is_new:
        messages.success(request, _("This order is in your account from now on."))
    else:
        messages.info(request, _("This order was in your account already."))
    return redirect(order)


def _prove(request: HttpRequest, order: Order, person: User, refusal: str) -> HttpResponse:
    own = order.guest_contacts.intersection(own_contacts(person))
    if not own:
        other = _("Sign in with that phone number or e-mail address to keep the order there.")
        messages.error(request, f"{refusal} {other}")
        return redirect(order)
    proven = proven_contacts(person)
    if unproven := sorted(own - proven):
        send(request, Asked(unproven[0], OneTimeCode.Purpose.CONFIRM, order.get_absolute_url()))
        return redirect("account-confirm-code")
    other = next(iter(order.guest_contacts - proven), "")
    if not other:
        # The account was closed, or a contact of it changed, at this very moment.
        messages.error(request, refusal)
        return redirect(order)
    messages.info(
        request,
        _("This order was placed with another contact too. It is kept once you read a code sent there."),
    )
    send(request, Asked(other, OneTimeCode.Purpose.CONFIRM, order=order.number))
    return redirect("order-keep-code", order.number)
