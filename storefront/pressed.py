"""What a visitor asked for that needs an account: kept in the session, and done when she or he has signed in."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalogue.errors import ListingError
from catalogue.models import Product
from catalogue.services.saving import save_listing
from orders.errors import OrderError
from orders.services.aside import set_aside
from storefront.visitor import visitor_basket

PRESSED = "pressed-before-signing-in"
SAVE, ASIDE = "save", "aside"
# A visitor presses few buttons before signing in; the session is no store for more.
MOST = 20


def remember(request: HttpRequest, what: str, pk: int) -> None:
    """Keep it for the moment after the sign-in; the same twice is once."""
    kept = [each for each in request.session.get(PRESSED, []) if each != [what, pk]]
    request.session[PRESSED] = [*kept, [what, pk]][-MOST:]


def do_what_was_pressed(request: HttpRequest) -> None:
    """Do it for the person who has just signed in, and say so; what cannot be done any more is said too."""
    for what, pk in request.session.pop(PRESSED, []):
        _DO[what](request, pk)


def _save(request: HttpRequest, pk: int) -> None:
    try:
        saved = save_listing(request.user, pk)
    except Product.DoesNotExist:
        messages.warning(request, _("What you wanted to save is not sold any more."))
    except ListingError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Saved: %(title)s.") % {"title": saved.title})


def _set_aside(request: HttpRequest, pk: int) -> None:
    # The visitor's basket is joined to the person's by the middleware when it is first asked for.
    try:
        title = set_aside(visitor_basket(request), request.user, pk)
    except OrderError as error:
        messages.error(request, str(error.message))
        return
    if title is not None:
        messages.success(request, _("Saved for later: %(title)s.") % {"title": title})


_DO: Mapping[str, Callable[[HttpRequest, int], None]] = {SAVE: _save, ASIDE: _set_aside}
