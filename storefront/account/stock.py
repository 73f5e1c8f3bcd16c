"""What a person waits for."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.models import StockRequest
from catalogue.services.stock_requests import cancel_own

PAGE_SIZE = 40


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stock(request: HttpRequest) -> HttpResponse:
    """What one waits for and was told of lately; a press ends the wait for one thing (product)."""
    if request.method == "POST":
        product = request.POST.get("product", "")
        if product.isdecimal() and len(product) < 10:
            cancel_own(request.user, int(product))
        return redirect("account-stock")
    rows = StockRequest.objects.visible_to(request.user).select_related("product__parent", "product__vendor")
    page = Paginator(list(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    context = {
        "page": page,
        "page_numbers": [number if isinstance(number, int) else None for number in numbers],
        "section": "",
    }
    return render(request, "account/stock.html", context)
