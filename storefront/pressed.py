"""What a visitor asked for that needs an account: kept in the session, and done when she or he has signed in."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalogue.errors import ListingError
from catalogue.models import Product
from catalogue.services.following import follow_group, follow_place
from catalogue.services.saving import save_listing
from orders.errors import OrderError
from orders.services.aside import set_aside
from regions.models import Region
from storefront.foreign import filled
from storefront.visitor import visitor_basket
from vendors.models import Partner

PRESSED = "pressed-before-signing-in"
SAVE, ASIDE, FOLLOW_PLACE, FOLLOW_GROUP = "save", "aside", "follow-place", "follow-group"
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
        messages.success(request, filled(_("Saved: %(title)s."), title=saved.listing.called()))


def _set_aside(request: HttpRequest, pk: int) -> None:
    # The visitor's basket is joined to the person's by the middleware when it is first asked for.
    try:
        title = set_aside(visitor_basket(request), request.user, pk)
    except OrderError as error:
        messages.error(request, str(error.message))
        return
    if title is not None:
        messages.success(request, filled(_("Saved for later: %(title)s."), title=title))


def _follow_place(request: HttpRequest, pk: int) -> None:
    _follow(request, Region.objects.filter(pk=pk).first(), follow_place)


def _follow_group(request: HttpRequest, pk: int) -> None:
    _follow(request, Partner.objects.public().filter(pk=pk).first(), follow_group)


def _follow(request: HttpRequest, what: Any, follow: Callable[[Any, Any], None]) -> None:
    if what is None:
        messages.warning(request, _("What you wanted to follow is not in the shop any more."))
        return
    try:
        follow(request.user, what)
    except ListingError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, filled(_("You follow %(name)s."), name=what.name))


_DO: Mapping[str, Callable[[HttpRequest, int], None]] = {
    SAVE: _save,
    ASIDE: _set_aside,
    FOLLOW_PLACE: _follow_place,
    FOLLOW_GROUP: _follow_group,
}
