"""What the middleware knows about who is looking."""

from django.http import HttpRequest

from orders.basket.models import Basket


def visitor_basket(request: HttpRequest) -> Basket:
    """The visitor's open basket; not saved yet when nothing was put in."""
    basket: Basket = request.basket  # type: ignore[attr-defined]  # set by orders.basket.middleware
    return basket
