"""What the middleware knows about who is looking."""

from django.http import HttpRequest

from catalogue.selectors.follows import Followed, followed_keys
from catalogue.selectors.saved import saved_keys
from orders.basket.models import Basket
from people.models import User


def visitor_basket(request: HttpRequest) -> Basket:
    """The visitor's open basket; not saved yet when nothing was put in."""
    basket: Basket = request.basket  # type: ignore[attr-defined]  # set by orders.basket.middleware
    return basket


def saved_on_page(request: HttpRequest) -> frozenset[int]:
    """Keys of the listings that the person has saved, read once for a request."""
    found: frozenset[int] | None = getattr(request, "_saved_listings", None)
    if found is None:
        found = saved_keys(request.user)
        request._saved_listings = found  # type: ignore[attr-defined]
    return found


def visitor_person(request: HttpRequest) -> User | None:
    """The account that is signed in; None for a visitor."""
    return request.user if isinstance(request.user, User) else None


def followed_on_page(request: HttpRequest) -> Followed:
    """Keys of what the person follows, read once for a request."""
    found: Followed | None = getattr(request, "_followed", None)
    if found is None:
        found = followed_keys(request.user)
        request._followed = found  # type: ignore[attr-defined]
    return found
