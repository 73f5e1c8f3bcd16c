"""Drawn pictures with addresses of their own: the band of a place, the drawing of a product it is known for."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.decorators.cache import cache_control

from catalogue.pictures import VARIANTS, picture
from regions import weave
from regions.models import IdentifiedProduct, Region
from regions.selectors.register import place_by_code

YEAR = 365 * 24 * 3600
# The strip is drawn once and repeated; 4,800 units are wider than any screen at 15 px height.
_STRIP = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4800 25" preserveAspectRatio="xMinYMid slice">'
    '<defs><pattern id="b" width="240" height="25" patternUnits="userSpaceOnUse">{band}</pattern></defs>'
    '<path fill="url(#b)" d="M0 0h4800v25H0z"/></svg>'
)


def _svg(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="image/svg+xml")


@cache_control(public=True, max_age=YEAR, immutable=True)
def band(request: HttpRequest, code: str) -> HttpResponse:
    """The woven band of a place as a strip that fills any width; with ?swatch the square piece. 404: unknown place.

    A former code leads to the band of the place of today.
    """
    if not Region.objects.filter(code=code).exists():
        if (place := place_by_code(code)) is None:
            raise Http404
        asked = "?swatch" if "swatch" in request.GET else ""
        return HttpResponsePermanentRedirect(reverse("band", args=[place.code]) + asked)
    if "swatch" in request.GET:
        return _svg(weave.swatch(code))
    repeat = weave.band(code).replace("<svg ", '<svg width="240" height="25" ', 1)
    return _svg(_STRIP.format(band=repeat))


@cache_control(public=True, max_age=YEAR, immutable=True)
def known(request: HttpRequest, pk: int) -> HttpResponse:
    """The drawing of an identified product on the cloth of its place. 404: unknown product."""
    row = IdentifiedProduct.objects.select_related("region").filter(pk=pk).first()
    if row is None:
        raise Http404
    return _svg(picture(row.name, row.category, code=row.region.code, variant=row.pk % VARIANTS))
