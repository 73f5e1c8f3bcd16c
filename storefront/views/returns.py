"""Returns of the buyer: asking, seeing how it stands, sending, objecting, giving up."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.lib.downloads import private_picture
from marketplace.lib.photos import PictureRefused
from marketplace.lib.states import IllegalTransition
from orders.errors import OrderError
from orders.models import Order, Return, VendorOrder
from orders.policies import returnable_until
from orders.selectors.returns import return_page, returnable_lines, returns_of_order
from orders.services import returns
from orders.services.return_photos import photo_storage
from people.models import User
from storefront.foreign import filled
from storefront.order_page import on_the_clock_of
from storefront.return_forms import ReturnForm
from storefront.views.orders import admit_by_key, is_buyer, own_order


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def return_ask(request: HttpRequest, number: str, part: str) -> HttpResponse:
    """Ask to give goods of one group back. What is wrong is said beside its field, and nothing typed is lost.

    The form sent twice asks once. 404 for anybody but the buyer, staff included. Where all that the buyer has is being
    given back already that return is shown, and when it is too early or too late, the page of the order says so.
    """
    order = _buyers_order(request, number)
    row = get_object_or_404(VendorOrder.objects.select_related("vendor"), order=order, number=part)
    until = returnable_until(row)
    typed_key = request.POST.get("form_key", "")
    lines = returnable_lines(row)
    there = row.returns.filter(form_key=typed_key).first() if typed_key else None
    if there is None and not lines:
        there = row.returns.unfinished().first()
    if there is not None:
        return redirect("order-return", number=number, pk=there.pk)
    if until is None or timezone.now() > until:
        messages.error(
            request,
            _("A return can be asked for once the goods are with you, and only for some days after that."),
        )
        return redirect(order)
    form = ReturnForm(request.POST or None, lines=lines, form_key=secrets.token_urlsafe(16))
    if request.method == "POST" and form.is_valid():
        case = _asked(request, row, form)
        if case is not None:
            messages.success(
                request, filled(_("Thank you. %(group)s is told, and answers."), group=row.vendor.name)
            )
            return redirect("order-return", number=number, pk=case.pk)
    values = {"order": order, "part": row, "form": form, "until": until, "section": ""}
    with on_the_clock_of(order):
        return render(request, "storefront/return_ask.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def return_detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """How a return stands, and what the buyer can do. 404 for anybody but the buyer; staff who read orders may look."""
    if admit_by_key(request, number):
        return redirect("order-return", number=number, pk=pk)
    order = own_order(request, number)
    case = _case(order, pk)
    values: dict[str, Any] = {"order": order, "section": "", "typed": "", "error": ""}
    if request.method == "POST":
        if not is_buyer(request, order):
            raise Http404
        values["typed"] = request.POST.get("words", "").replace("\0", "")
        values["error"] = _do(request, case, values["typed"])
        if not values["error"]:
            return redirect("order-return", number=number, pk=pk)
    page = return_page(case)
    pictures = [(photo, reverse("order-return-photo", args=[number, pk, photo.pk])) for photo in page.photos]
    values |= {"page": page, "pictures": pictures, "may_act": is_buyer(request, order)}
    with on_the_clock_of(order):
        return render(request, "storefront/return_detail.html", values)


@never_cache
@require_safe
def return_photo(request: HttpRequest, number: str, pk: int, photo: int) -> HttpResponse:
    """One photo of a return, for whoever may see the order. 404 for everybody else."""
    case = _case(own_order(request, number), pk)
    return private_picture(photo_storage(), get_object_or_404(case.photos, pk=photo).name)


def _buyers_order(request: HttpRequest, number: str) -> Order:
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404
    return order


def _case(order: Order, pk: int) -> Return:
    return get_object_or_404(returns_of_order(order).select_related("vendor_order__vendor"), pk=pk)


def _actor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _asked(request: HttpRequest, part: VendorOrder, form: ReturnForm) -> Return | None:
    """The return, or None with the form saying why there is none."""
    try:
        return returns.ask(
            part,
            form.data_of_return(),
            photos=request.FILES.getlist("photos"),
            actor=_actor(request),
        )
    except PictureRefused as error:
        form.add_error("photos", str(error.message))
    except OrderError as error:
        form.add_error(None, str(error.message))
    return None


def _do(request: HttpRequest, case: Return, words: str) -> str:
    """Carry out what a button names; the words of an error, empty when it was done, now or before."""
    actor, do = _actor(request), request.POST.get("do", "")
    try:
        if do == "sent":
            returns.send_back(case, how=words, actor=actor)
        elif do == "object":
            returns.object_to(case, words=words, actor=actor)
        elif do == "withdraw":
            returns.withdraw(case, actor=actor)
        else:
            raise Http404
    except OrderError as error:
        return str(error.message)
    except IllegalTransition:
        messages.error(request, _("This has changed meanwhile. See below how it stands; nothing was done."))
    else:
        messages.success(request, _("Noted."))
    return ""
