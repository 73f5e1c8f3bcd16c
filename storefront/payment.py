"""The way from an order to where it is paid."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect

from orders.models import Order
from payments.errors import PaymentError
from payments.models import PaymentAttempt
from payments.services.attempts import start_payment


def go_to_payment(request: HttpRequest, order: Order, way: str = "") -> HttpResponseRedirect:
    """Lead to where it is paid; when that cannot be opened, to the order's own page, which says so and offers it again.

    way: one of PaymentAttempt.Provider, a card where none was sent.
    """
    try:
        attempt = start_payment(order, way or PaymentAttempt.Provider.STRIPE)
    except PaymentError as error:
        messages.error(request, str(error.message))
        return redirect(order)
    answer = HttpResponseRedirect(attempt.page_url)
    answer.status_code = 303  # the next request is a GET, also for browsers that repeat a POST after 302
    return answer
