"""What buyers say of the group's goods, and its answers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.desk import Desk, frame, member_page
from orders.errors import OrderError
from orders.selectors.reviews import reviews_of_group
from orders.services.reviews import answer
from vendors.domain.rights import Right

PAGE_SIZE = 20


@require_safe
@member_page
def review_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Published reviews of the group's goods, newest first. A constant number of queries."""
    page = Paginator(reviews_of_group(desk.vendor), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "dashboard/review_list.html", {**frame(desk, "group"), "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def review_answer(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One review, to answer once. 404: of another group's goods. 403 for the packer who would answer."""
    review = get_object_or_404(reviews_of_group(desk.vendor), pk=pk)
    there = getattr(review, "answer", None)
    may_answer = desk.may(Right.ANSWER_REVIEWS)
    typed, error = (there.words if there else ""), ""
    if request.method == "POST":
        if not may_answer:
            raise PermissionDenied
        typed = request.POST.get("words", "")
        try:
            answer(review, typed, actor=desk.user)
        except OrderError as refusal:
            error = str(refusal.message)
        else:
            messages.success(request, _("Thank you. Your answer is shown once the office has read it."))
            return redirect("dashboard-review-list")
    values = {"review": review, "there": there, "may_answer": may_answer, "typed": typed, "error": error}
    return render(request, "dashboard/review_answer.html", {**frame(desk, "group"), **values})
