"""Returns that buyers ask for, at the desk of the group: the list, one of them, its photos."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.desk import Desk, frame, member_page, move_to
from marketplace.lib.downloads import private_picture
from marketplace.lib.photos import PictureRefused
from marketplace.lib.states import IllegalTransition
from orders.errors import OrderError
from orders.models import Return
from orders.policies import can_answer_return
from orders.selectors.returns import listed_returns, own_returns, return_page
from orders.services import returns
from orders.services.return_photos import photo_storage

PAGE_SIZE = 20


@require_safe
@member_page
def return_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Returns of the group, newest first. A constant number of queries."""
    rows = listed_returns(own_returns(desk.user).filter(vendor_order__vendor=desk.vendor))
    paginator = Paginator(rows, PAGE_SIZE)
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "dashboard/return_list.html", {**frame(desk, "group"), "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def return_detail(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One return, to answer. 404: of another group, or none. 403 for the packer who would answer."""
    case = _own(desk, pk)
    desk = move_to(request, desk, case.vendor_order.vendor_id)
    values: dict[str, Any] = {**frame(desk, "group"), "typed": "", "error": ""}
    may_answer = can_answer_return(desk.user, case)
    if request.method == "POST":
        if not may_answer:
            raise PermissionDenied
        values["typed"] = request.POST.get("reason", "").replace("\0", "")
        values["error"] = _do(request, desk, case, values["typed"])
        if not values["error"]:
            return redirect("dashboard-return", pk=pk)
    page = return_page(case)
    pictures = [(photo, reverse("dashboard-return-photo", args=[pk, photo.pk])) for photo in page.photos]
    values |= {"page": page, "pictures": pictures, "may_answer": may_answer}
    return render(request, "dashboard/return_detail.html", values)


@require_safe
@member_page
def return_photo(request: HttpRequest, desk: Desk, pk: int, photo: int) -> HttpResponse:
    """One photo of a return. 404: of another group, or none."""
    return private_picture(photo_storage(), get_object_or_404(_own(desk, pk).photos, pk=photo).name)


def _own(desk: Desk, pk: int) -> Return:
    rows = own_returns(desk.user).select_related("vendor_order__order", "vendor_order__vendor")
    return get_object_or_404(rows, pk=pk)


def _do(request: HttpRequest, desk: Desk, case: Return, reason: str) -> str:
    """Carry out what a button names; the words of an error, empty when it was done, now or before."""
    do = request.POST.get("do", "")
    try:
        if do in ("send-back", "keep"):
            returns.agree(case, goods_stay=do == "keep", actor=desk.user)
        elif do == "refuse":
            returns.refuse(case, reason=reason, actor=desk.user)
        elif do == "received":
            returns.receive(case, actor=desk.user)
        elif do == "contest":
            photos = request.FILES.getlist("photos")
            returns.contest(case, words=reason, photos=photos, actor=desk.user)
        else:
            raise Http404
    except (OrderError, PictureRefused) as error:
        return str(error.message)
    except IllegalTransition:
        messages.error(request, _("This has changed meanwhile. See below how it stands; nothing was done."))
    else:
        messages.success(request, _("Noted. The buyer is told."))
    return ""
