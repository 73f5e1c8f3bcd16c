"""Finds the visitor's basket."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from oscar.apps.basket.middleware import BasketMiddleware as OscarBasketMiddleware


class BasketMiddleware(OscarBasketMiddleware):
    """Oscar's middleware without offers: none are sold, and one with a global limit could be used twice."""

    def apply_offers_to_basket(self, request: HttpRequest, basket: Any) -> None:
        """Apply nothing, and so ask the database for no offers on every page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the cookie from being sent along with other sites' requests; Oscar's middleware does not say."""
        response = super().process_response(request, response)
        cookie = response.cookies.get(self.get_cookie_key(request))
        if cookie is not None:
            cookie["samesite"] = "Lax"
        return response
