"""Saying how goods were, by whoever bought them and has them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders.errors import OrderError
from orders.models import Line, Review
from orders.policies import can_be_reviewed
from orders.services.reviews import ReviewData, write
from people.models import User
from storefront.review_forms import ReviewForm
from storefront.review_words import words_of_review
from storefront.views.orders import is_buyer, own_order


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_review(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Write about one line of an order, or otherwise while it waits or was refused. 404 for anybody but the buyer.

    Sent twice it is one review. What has not come yet leads back to the order; what was shown once is only read.
    """
    order = own_order(request, number)
    if not is_buyer(request, order):
        raise Http404
    lines = Line.objects.select_related("product__parent", "vendor_order__order__shipping_address")
    line = get_object_or_404(lines, pk=pk, order=order)
    review = Review.objects.filter(line=line).first()
    if not can_be_reviewed(line.vendor_order, line):
        messages.error(request, _("You can write about goods once they are with you."))
        return redirect(order)
    form = ReviewForm(request.POST or None, review=review)
    if request.method == "POST" and form.is_valid():
        data = ReviewData(**form.cleaned_data, language=get_language() or "en")
        try:
            write(line, data, actor=request.user if isinstance(request.user, User) else None)
        except OrderError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Thank you. It is shown once the office has read it."))
            return redirect(order)
    values = {
        "order": order,
        "line": line,
        "form": form,
        "review": review,
        "stands": words_of_review(review) if review else "",
        "section": "",
    }
    return render(request, "storefront/review.html", values)
