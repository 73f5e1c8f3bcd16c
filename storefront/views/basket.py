"""The basket: look, put in, change, take out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from catalogue.models import Product
from marketplace.lib.page_address import shows_page_of
from marketplace.lib.words import plain_words
from orders.basket.models import Line
from orders.errors import NotEnoughUnits, OrderError, QuantityOutOfRange
from orders.selectors.aside import set_aside_by
from orders.selectors.baskets import basket_view
from orders.services.aside import forget, put_back, set_aside
from orders.services.baskets import add_once, remove_line, set_quantity
from storefront.delivery import destination
from storefront.discounts import basket_rows, code_box, code_problems
from storefront.foreign import filled
from storefront.forms import AddForm, QuantityForm, first_error
from storefront.going_back import sign_in_first
from storefront.pressed import ASIDE, remember
from storefront.problems import QUANTITY_ID, Problem, RefusedAdd, blame, remember_refused_add
from storefront.recently_seen import seen_cards
from storefront.rows import BasketGroupRow, BasketRow, aside_rows, basket_groups
from storefront.visitor import visitor_basket, visitor_person


@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    """The basket group by group, with what stands in the way of ordering."""
    return basket_page(request)


@dataclass(frozen=True)
class WrongLine:
    """A number that was typed into a line of the basket, and why it is not taken."""

    pk: int
    typed: str
    error: str


def basket_page(
    request: HttpRequest, *, refused: tuple[str, str] = ("", ""), wrong: WrongLine | None = None
) -> HttpResponse:
    """The page itself. refused: a code that was typed, and why it is not taken."""
    to = destination(request)
    view = basket_view(visitor_basket(request), to_path=to.path, person=visitor_person(request))
    groups = basket_groups(view)
    if wrong is not None:
        groups = [
            replace(group, lines=[_with_error(line, wrong) for line in group.lines]) for group in groups
        ]
    ways = [group.delivery for group in groups if group.delivery]
    delivery_from = sum((way.price for way in ways), Decimal("0.00")) if len(ways) == len(groups) else None
    context = {
        "view": view,
        "groups": groups,
        "aside": aside_rows(set_aside_by(request.user)),
        "seen": [] if groups else seen_cards(request),
        "discounts": basket_rows(view),
        "code_box": code_box(view, "basket", refused),
        "to": to,
        "problems": _problems(groups, refused=refused),
        "delivery_from": delivery_from,
        # While a group has no way there, what is said is the sum of the goods, and that delivery is not in it.
        "to_pay": view.goods_after_offers + (delivery_from or Decimal("0.00")),
        "section": "",
    }
    return render(request, "storefront/basket.html", context)


@require_POST
def basket_add(request: HttpRequest) -> HttpResponse:
    """Put a listing or size in, then show the basket; a form sent twice puts in once.

    What cannot be had is said, and nothing is put in.
    """
    form = AddForm(request.POST)
    if not form.is_valid():
        return _refuse_add(request, *blame(form))
    try:
        line = add_once(
            visitor_basket(request),
            form.cleaned_data["product"],
            form.cleaned_data["quantity"],
            form_key=form.cleaned_data["form_key"],
        )
    except (NotEnoughUnits, QuantityOutOfRange) as error:
        return _refuse_add(request, str(error.message), QUANTITY_ID)
    except OrderError as error:
        return _refuse_add(request, str(error.message), "")
    title = line.product.called()
    messages.success(request, filled(_("In your basket: %(title)s."), title=title))
    return redirect("basket", permanent=False)


@require_POST
def basket_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the number of a line, take it out (0, or the button "remove"), or save it for later. 404: not of this basket."""
    if "remove" in request.POST:
        return _remove(request, pk)
    if "later" in request.POST:
        return _later(request, pk)
    form = QuantityForm(request.POST)
    if not form.is_valid():
        return _refuse_line(request, pk, first_error(form))
    if form.cleaned_data["quantity"] == 0:
        return _remove(request, pk)
    try:
        line = set_quantity(visitor_basket(request), pk, form.cleaned_data["quantity"])
    except Line.DoesNotExist:
        raise Http404(_("This is not in your basket.")) from None
    except OrderError as error:
        return _refuse_line(request, pk, str(error.message))
    words = ngettext("%(title)s: %(count)d now.", "%(title)s: %(count)d now.", line.quantity)
    messages.success(request, filled(words, title=line.product.called(), count=line.quantity))
    return redirect("basket")


def _refuse_line(request: HttpRequest, pk: int, why: str) -> HttpResponse:
    """The basket once more, with the number as it was typed. A line that is gone has no place for it: then it is told above."""
    if not Line.objects.filter(pk=pk, basket=visitor_basket(request).pk).exists():
        messages.error(request, why)
        return redirect("basket")
    shows_page_of(request, reverse("basket"))
    return basket_page(request, wrong=WrongLine(pk, plain_words(request.POST.get("quantity", ""))[:10], why))


def _with_error(line: BasketRow, wrong: WrongLine) -> BasketRow:
    return replace(line, typed=wrong.typed, error=wrong.error) if line.pk == wrong.pk else line


def _remove(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        remove_line(visitor_basket(request), pk)
    except OrderError as error:
        messages.error(request, str(error.message))
    return redirect("basket")


@require_POST
def basket_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """Put what was saved for later back into the basket, or take it off that list (do=drop). pk: of the listing or size."""
    if not request.user.is_authenticated:
        return sign_in_first(reverse("basket"))
    if request.POST.get("do") == "drop":
        forget(request.user, pk)
        return redirect("basket")
    try:
        back = put_back(visitor_basket(request), request.user, pk)
    except OrderError as error:
        messages.error(request, str(error.message))
        return redirect("basket")
    if back is not None and back.left:
        words = ngettext(
            "%(title)s: %(units)d in your basket, %(count)d stays saved for later, since no more are there.",
            "%(title)s: %(units)d in your basket, %(count)d stay saved for later, since no more are there.",
            back.left,
        )
        messages.warning(request, filled(words, title=back.title, units=back.units, count=back.left))
    elif back is not None:
        messages.success(request, filled(_("In your basket: %(title)s."), title=back.title))
    return redirect("basket")


def _later(request: HttpRequest, pk: int) -> HttpResponse:
    """A visitor is led to the sign-in; until then it stays in the basket."""
    basket = visitor_basket(request)
    line = Line.objects.filter(pk=pk, basket=basket.pk).select_related("product__parent").first()
    if line is None:
        return redirect("basket")
    if not request.user.is_authenticated:
        remember(request, ASIDE, line.product_id)
        title = line.product.called()
        messages.info(
            request,
            filled(
                _("Sign in, and “%(title)s” is saved for later. Until then it stays in your basket."),
                title=title,
            ),
        )
        return sign_in_first(reverse("basket"))
    try:
        aside = set_aside(basket, request.user, line.product_id)
    except OrderError as error:
        messages.error(request, str(error.message))
    else:
        if aside is not None:
            messages.success(request, filled(_("Saved for later: %(title)s."), title=aside))
    return redirect("basket")


def _refuse_add(request: HttpRequest, why: str, field_id: str) -> HttpResponse:
    """To the listing whose form was sent, with number and size as they were; to the basket where it is not on sale any more."""
    sent = request.POST.get("product", "")
    listing = (
        Product.objects.live().filter(pk=int(sent)).first() if sent.isdecimal() and len(sent) < 10 else None
    )
    if listing is None:
        messages.error(request, why)
        return redirect("basket")
    typed = plain_words(request.POST.get("quantity", ""))[:10]
    remember_refused_add(
        request, RefusedAdd(listing.parent_id or listing.pk, listing.pk, typed, why, field_id)
    )
    return redirect(listing.get_absolute_url())


def _problems(groups: Sequence[BasketGroupRow], *, refused: tuple[str, str]) -> list[Problem]:
    """What is wrong about a number of a line, or about the code."""
    wrong = [line for group in groups for line in group.lines if line.error]
    found = [Problem(line.error, line.field_id, line.title) for line in wrong]
    return [*found, *code_problems(refused)]
