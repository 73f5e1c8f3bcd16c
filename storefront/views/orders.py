"""The status page of an order, and the ways of a guest to it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.lib.client_address import client_address
from marketplace.lib.states import IllegalTransition
from orders.domain.numbers import read_order_number
from orders.errors import OrderError
from orders.models import Order, VendorOrder
from orders.services.cancelling import cancel_by_buyer
from orders.services.fulfilment import confirm_received
from orders.services.notifying import status_key
from orders.services.receiving import receive_by_code
from payments.errors import PaymentError
from payments.models import PaymentAttempt
from payments.services.receipts import note_buyer_reference
from payments.services.settling import settle_order
from people.backends import limited_contact
from people.models import User, normal_phone
from people.services.limits import (
    ORDER_BY_ADDRESS,
    ORDER_BY_CONTACT,
    RETURN_BY_ADDRESS,
    forget,
    give_back,
    take,
)
from storefront.checkout.session import known_orders, knows_order, remember_order
from storefront.forms import JournalForm, OrderFindForm, ReceivedForm
from storefront.order_page import on_the_clock_of, order_context
from storefront.papers import order_papers
from storefront.payment import go_to_payment


@never_cache
@require_safe
def order_detail(request: HttpRequest, number: str) -> HttpResponse:
    """What happened to an order, group by group. 404 for anybody but the buyer.

    A guest comes from the checkout of this session, with a signed link (?key=), or by order_find.
    """
    if admit_by_key(request, number):
        # Without the key in the address it can be shown to others by mistake, and leads them nowhere.
        return redirect("order-detail", number=number)
    return _order_page(request, own_order(request, number), form=None)


@require_POST
def order_pay(request: HttpRequest, number: str) -> HttpResponse:
    """Go to the payment page of an order that was not paid yet; any other order only shows itself.

    404 for anybody but the buyer, staff who may read the order included.
    """
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404(_("No order has this number, or it is not yours."))
    if order.status != Order.Status.AWAITING_PAYMENT:
        return redirect(order)
    return go_to_payment(request, order, request.POST.get("way", ""))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_journal(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the journal number of the buyer's transfer, or correct it. What is typed wrong is said beside the field.

    404 for anybody but the buyer, staff who may read the order included.
    """
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404(_("No order has this number, or it is not yours."))
    transfer = order.attempts.unfinished().filter(provider=PaymentAttempt.Provider.BANK_TRANSFER).first()
    if request.method != "POST" or transfer is None:
        return redirect(order)
    form = JournalForm(request.POST)
    if form.is_valid():
        try:
            note_buyer_reference(transfer, form.cleaned_data["journal"])
        except PaymentError as error:
            form.add_error("journal", str(error.message))
        else:
            messages.success(request, _("Thank you. We look for this transfer and write to you."))
            return redirect(order)
    return _order_page(request, order, form=form)


@never_cache
@require_safe
def order_return(request: HttpRequest, number: str) -> HttpResponse:
    """Where the payment page sends the buyer back to: settle if the money is there, then show the order.

    Nothing depends on it: the provider's message or the sweeper settles an order whose buyer never returns. It tells a
    stranger nothing: every number leads to the page of the order, which is there for the buyer alone.
    """
    order = Order.objects.filter(number=number).first()
    if order is not None and take(RETURN_BY_ADDRESS, client_address(request)):
        settle_order(order)
    return redirect("order-detail", number=number)


@require_POST
def order_part_received(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """The buyer's word that the goods of one group are there and right. 404 for anybody but the buyer."""
    row = _own_part(request, number, part)
    _do(
        request,
        lambda: confirm_received(row, actor=_person(request)),
        done=_("Thank you. The group is told, and is paid."),
        before=_("You had said so already. Thank you."),
    )
    return redirect("order-detail", number=number)


@require_POST
def order_part_cancel(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Cancel the part of one group that has not said yes. 404 for anybody but the buyer."""
    row = _own_part(request, number, part)
    _do(
        request,
        lambda: cancel_by_buyer(row, actor=_person(request)),
        done=_("Cancelled. What you have paid for it goes back to you."),
        before=_("It had been cancelled already."),
    )
    return redirect("order-detail", number=number)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_received(request: HttpRequest) -> HttpResponse:
    """Take the word of whoever has the goods and knows their hand-over code; one answer for all that does not match.

    It says nothing about buyer or goods, so that nobody needs to sign in at a bus stop.
    """
    form = ReceivedForm(request.POST or None)
    part = None
    if form.is_bound and form.is_valid():
        try:
            part = receive_by_code(
                form.cleaned_data["number"],
                form.cleaned_data["code"],
                viewer=request.user,
                proved=known_orders(request),
            )
        except OrderError as error:
            form.add_error(None, str(error.message))
        else:
            form = ReceivedForm()
    return render(request, "storefront/order_received.html", {"form": form, "part": part, "section": ""})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_find(request: HttpRequest) -> HttpResponse:
    """Lead a guest who knows number and contact to the order; one answer for all that does not match."""
    form = OrderFindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        contact, address = limited_contact(form.cleaned_data["contact"]), client_address(request)
        if not take(ORDER_BY_CONTACT, contact) or not take(ORDER_BY_ADDRESS, address):
            form.add_error(
                None, _("Too many tries. Wait 15 minutes, or use the link in the message we sent you.")
            )
            return render(request, "storefront/order_find.html", {"form": form}, status=429)
        order = _matching(form.cleaned_data["number"], form.cleaned_data["contact"])
        if order is not None:
            forget(ORDER_BY_CONTACT, contact)
            give_back(ORDER_BY_ADDRESS, address)
            remember_order(request, order.number)
            return redirect(order)
        form.add_error(None, _("No order has this number and this contact. Look at the message we sent you."))
    return render(request, "storefront/order_find.html", {"form": form})


def _order_page(request: HttpRequest, order: Order, *, form: JournalForm | None) -> HttpResponse:
    values = order_context(order)
    values["papers"] = order_papers(order)
    values["own_number"] = order.number if is_buyer(request, order) else ""
    values["offers_keeping"] = bool(values["own_number"]) and not (
        request.user.is_authenticated and order.user_id == request.user.pk
    )
    if not values["own_number"]:
        values["pay"] = None
    elif values["pay"] and values["pay"].transfer:
        typed = {"journal": values["pay"].transfer.journal}
        values["journal_form"] = form if form is not None else JournalForm(initial=typed)
    with on_the_clock_of(order):
        return render(request, "storefront/order_detail.html", values)


def _own_part(request: HttpRequest, number: str, part: str) -> VendorOrder:
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404(_("No order has this number, or it is not yours."))
    return get_object_or_404(VendorOrder.objects.released(), order=order, number=part)


def _do(request: HttpRequest, step: Callable[[], bool], *, done: str, before: str) -> None:
    """Take one step of the buyer and say what came of it."""
    try:
        is_new = step()
    except OrderError as error:
        messages.error(request, str(error.message))
    except IllegalTransition:
        messages.error(request, _("That cannot be done any more, or not yet. See below how it stands."))
    else:
        (messages.success if is_new else messages.info)(request, done if is_new else before)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def is_buyer(request: HttpRequest, order: Order) -> bool:
    """Whether this visitor placed the order, or has proved its contact; staff who may read it are not."""
    is_account = request.user.is_authenticated and order.user_id == request.user.pk
    return is_account or knows_order(request, order.number)


def admit_by_key(request: HttpRequest, number: str) -> bool:
    """Let the bearer of an order's signed link (?key=) see it in this session; False without a right key."""
    key = request.GET.get("key")
    order = Order.objects.filter(number=number, user__closed_at=None).first() if key else None
    if order is None or not key or not constant_time_compare(key, status_key(order)):
        return False
    remember_order(request, number)
    return True


def own_order(request: HttpRequest, number: str) -> Order:
    """The order if this visitor may see it: the buyer, who knows it in this session, staff. Raises Http404."""
    orders = Order.objects.select_related("shipping_address__country", "user")
    if knows_order(request, number):
        # Whoever closes an account leaves no way to its orders behind.
        orders = orders.filter(user__closed_at=None)
    else:
        orders = orders.visible_to(request.user)
    order = orders.filter(number=number).first()
    if order is None:
        raise Http404(_("No order has this number, or it is not yours."))
    return order


def _matching(typed_number: str, contact: str) -> Order | None:
    number = read_order_number(typed_number)
    order = Order.objects.select_related("user").filter(number=number).first() if number else None
    if order is None:
        return None
    word = contact.strip()
    if "@" in word:
        return (
            order
            if order.contact_email and constant_time_compare(order.contact_email.lower(), word.lower())
            else None
        )
    return (
        order
        if order.contact_phone and constant_time_compare(order.contact_phone, normal_phone(word))
        else None
    )
