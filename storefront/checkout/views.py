"""The three pages of the checkout, and the button that places the order."""

from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.lib.page_address import shows_page_of
from orders.basket.models import Basket
from orders.errors import NoDelivery, OrderError, TotalChanged
from orders.models import Order
from orders.selectors.baskets import BasketView, basket_view
from orders.services.kept_addresses import keep_address
from orders.services.placed_rows import CheckoutData
from orders.services.placing import place_order
from payments.models import PaymentAttempt
from payments.selectors.ways import Address, ways_to_pay
from storefront.checkout.address_fields import country_choices
from storefront.checkout.address_page import choices_of, first_form, kept_of, path_of, sent_form
from storefront.checkout.forms import AddressForm, DeliveryForm
from storefront.checkout.session import (
    CheckoutSession,
    newest_order,
    read_basket,
    remember_order,
    sign_basket,
)
from storefront.checkout.summary import checkout_summary
from storefront.discounts import code_box, code_problems, read_shown, sign_shown
from storefront.pay_box import way_rows
from storefront.payment import go_to_payment
from storefront.problems import Problem
from storefront.visitor import visitor_basket, visitor_person

_TOTAL = Signer(salt="checkout.total")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Page 1: who and where to. What was typed is kept, right or wrong; another country brings its own fields."""
    session = CheckoutSession(request)
    view = basket_view(visitor_basket(request), person=visitor_person(request))
    if not view.can_check_out:
        return _to_basket(request, view)
    kept = kept_of(request)
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:300] for name in AddressForm.field_order}
        if "change_country" in request.POST:
            session.keep_typed({**typed, "kept": ""}, basket_pk=visitor_basket(request).pk)
            return redirect("checkout-address")
        session.keep_typed(typed, basket_pk=visitor_basket(request).pk)
        form = sent_form(request, kept)
        if form.is_valid():
            session.keep_address(form.cleaned_data)
            _keep_in_account(request, session, form, typed=typed)
            return redirect("checkout-delivery")
    else:
        form = first_form(request, session, kept)
    summary = checkout_summary(
        basket_view(
            visitor_basket(request),
            to_path=path_of(form, session, kept),
            person=visitor_person(request),
        ),
        session.delivery,
    )
    context = {"form": form, "kept": choices_of(form, kept), "summary": summary, "step": 1}
    return render(request, "checkout/address.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest) -> HttpResponse:
    """Page 2: how each group sends its goods, priced for the address of page 1."""
    session = CheckoutSession(request)
    if not session.address:
        return _begin_again(request)
    view = _view(request, session)
    if not view.can_check_out:
        return _to_basket(request, view)
    form = DeliveryForm(request.POST if request.method == "POST" else None, groups=view.groups)
    unreachable = [group for group in view.groups if not group.delivery]
    if request.method == "POST" and form.is_valid() and not unreachable:
        session.keep_delivery(form.chosen())
        return redirect("checkout-review")
    summary = checkout_summary(view, {**session.delivery, **_sent(form)}, _errors(form))
    context = {
        "form": form,
        "summary": summary,
        "unreachable": unreachable,
        "address": session.address,
        "step": 2,
    }
    return render(request, "checkout/delivery.html", context)


@never_cache
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Page 3: everything once more, with what will be charged and in which currency."""
    return review_page(request)


def review_page(
    request: HttpRequest, *, refused: tuple[str, str] = ("", ""), way_error: str = ""
) -> HttpResponse:
    """The page itself. refused: a code that was typed, and why it is not taken; way_error: what is wrong about the way to pay."""
    session = CheckoutSession(request)
    if not session.address:
        return _begin_again(request)
    view = _view(request, session)
    if not view.can_check_out:
        return _to_basket(request, view)
    summary = checkout_summary(view, session.delivery)
    if not session.delivery or not summary.is_complete:
        return redirect("checkout-delivery")
    context = {
        "summary": summary,
        "ways": way_rows(
            _ways(view, session),
            amount=summary.total,
            currency=summary.currency,
            chosen=session.way,
            group_count=len(summary.groups),
        ),
        "address": session.address,
        "country": dict(country_choices()).get(session.country_code, session.country_code),
        "basket_key": sign_basket(visitor_basket(request).pk),
        "total_key": _TOTAL.sign(str(summary.total)),
        "offers_key": sign_shown(view),
        "code_box": code_box(view, "review", refused),
        "way_error": way_error,
        "problems": [
            *code_problems(refused),
            *([Problem(way_error, "id_way", _("How do you want to pay?"))] if way_error else []),
        ],
        "step": 3,
    }
    return render(request, "checkout/review.html", context)


@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Place the order and go to the payment page. Sent again, it leads to the same order and makes nothing new."""
    basket_pk = read_basket(request.POST.get("basket", ""))
    basket = Basket.objects.filter(pk=basket_pk).first() if basket_pk else None
    if basket is None:
        return _begin_again(request)
    order = Order.objects.filter(basket=basket).first()
    session = CheckoutSession(request)
    if order is None:
        if not session.address or not session.delivery:
            return _begin_again(request)
        session.keep_way(_way(request))
        view = basket_view(basket, to_path=session.to_path, person=visitor_person(request))
        if session.way not in _ways(view, session):
            shows_page_of(request, reverse("checkout-review"))
            return review_page(request, way_error=_("Choose how you want to pay."))
        try:
            order = place_order(basket, _data(request, session))
        except (NoDelivery, TotalChanged) as error:
            messages.error(request, str(error.message))
            return redirect("checkout-review" if isinstance(error, TotalChanged) else "checkout-delivery")
        except OrderError as error:
            messages.error(request, str(error.message))
            return redirect("basket")
        session.end_gift()
    elif session.is_about(basket.pk):
        # Pressed twice at once: what this request has read of the session must not bring the gift back.
        session.end_gift()
    remember_order(request, order.number)
    if order.status != Order.Status.AWAITING_PAYMENT:
        return redirect(order)
    return go_to_payment(request, order, _way(request))


def _way(request: HttpRequest) -> str:
    """The way to pay that was sent; a card by a page that is older than the choice."""
    return request.POST.get("way", "")[:20] or PaymentAttempt.Provider.STRIPE


def _ways(view: BasketView, session: CheckoutSession) -> list[PaymentAttempt.Provider]:
    sent = session.address
    address = Address(session.country_code, sent.get("state", ""), sent.get("town", ""))
    gives = any(discount.is_from_programme for discount in view.offers.discounts)
    groups = [group.vendor.pk for group in view.groups]
    return ways_to_pay(groups, address, currency=view.currency, programme_gives=gives)


def _data(request: HttpRequest, session: CheckoutSession) -> CheckoutData:
    sent = session.address
    return CheckoutData(
        contact_name=sent["name"],
        email=sent["email"],
        phone=sent["phone"],
        country_code=sent["country"],
        state=sent["state"],
        town=sent["town"],
        street=sent["street"],
        postcode=sent["postcode"],
        is_gift=bool(sent.get("is_gift")),
        gift_message=sent.get("gift_message", ""),
        receiver_phone=sent.get("receiver_phone", ""),
        delivery=session.delivery,
        expected_total=_shown_total(request.POST.get("total", "")),
        shown_offers=read_shown(request.POST.get("offers", "")),
        language=get_language() or settings.LANGUAGE_CODE,
        user=visitor_person(request),
    )


def _view(request: HttpRequest, session: CheckoutSession) -> BasketView:
    return basket_view(visitor_basket(request), to_path=session.to_path, person=visitor_person(request))


def _shown_total(signed: str) -> Decimal:
    """The total that page 3 showed; a text that somebody changed matches no total."""
    try:
        return Decimal(_TOTAL.unsign(signed))
    except BadSignature:
        return Decimal("-1.00")


def _sent(form: DeliveryForm) -> dict[int, str]:
    """Choices in a form that was sent, right or wrong, so that none is lost."""
    if not form.is_bound:
        return {}
    return {int(name.partition("-")[2]): form.data.get(name, "") for name in form.fields}


def _errors(form: DeliveryForm) -> dict[int, str]:
    """What is wrong about the choice for each group."""
    return {int(name.partition("-")[2]): str(found[0]) for name, found in form.errors.items()}


def _keep_in_account(
    request: HttpRequest, session: CheckoutSession, form: AddressForm, *, typed: dict[str, str]
) -> None:
    """Keep the address that was written, where its tick is set; the page begins with it from now on."""
    person = visitor_person(request)
    if person is None or not form.cleaned_data.get("keep") or form.cleaned_data.get("kept"):
        return
    try:
        row = keep_address(person, form.words())
    except OrderError as error:
        messages.warning(request, str(error.message))
    else:
        chosen = {**typed, "kept": str(row.pk), "keep": ""}
        session.keep_typed(chosen, basket_pk=visitor_basket(request).pk)


def _to_basket(request: HttpRequest, view: BasketView) -> HttpResponseRedirect:
    if view.groups:
        messages.error(request, _("Something in the basket cannot be ordered as it is. Put it right first."))
        return redirect("basket")
    # Back from the payment page: the goods have gone from the basket into an order, which offers to pay again.
    number = newest_order(request)
    unpaid = Order.objects.filter(number=number, status=Order.Status.AWAITING_PAYMENT).first()
    return redirect(unpaid) if unpaid is not None else redirect("basket")


def _begin_again(request: HttpRequest) -> HttpResponseRedirect:
    messages.warning(
        request, _("We do not know your address any more, because the session ended. Please write it again.")
    )
    return redirect("checkout-address")
