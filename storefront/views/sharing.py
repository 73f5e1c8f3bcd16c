"""The picture that chats and networks show beside a link to one of our pages."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.http import require_safe

from storefront.sharing import Busy, picture_of
from storefront.sharing.finding import card_of

YEAR = 365 * 24 * 3600
AGAIN_SECONDS = 5


@require_safe
def shared_picture(
    request: HttpRequest, kind: str, language: str, name: str, digest: str
) -> HttpResponseBase:
    """The picture of a page under the key of what it shows, for ever; an older key leads to the picture of now.

    404: no such page, or one that the public does not see. 503 while somebody else draws it for too long.
    """
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with translation.override(language):
        card = card_of(kind, name)
        if card is None:
            raise Http404
        if card.digest != digest:
            return _led_to(card.url)
        try:
            drawn = picture_of(card)
        except Busy:
            return HttpResponse(status=503, headers={"Retry-After": str(AGAIN_SECONDS)})
    response = HttpResponse(drawn, content_type="image/jpeg")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def _led_to(address: str) -> HttpResponse:
    # For a while only: what it leads to may change again.
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = "public, max-age=300"
    return response
