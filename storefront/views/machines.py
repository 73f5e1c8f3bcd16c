"""What is written for machines: robots.txt, sitemaps, the product feed."""

from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront.feed import product_feed_xml
from storefront.sitemaps import part, parts

HOUR = 3600
# By the beginning of the address after the language; what is about one person, and what only leads on.
CLOSED = (
    "account/",
    "basket/",
    "checkout/",
    "dashboard/",
    "deliver-to/",
    "invited/",
    "language/",
    "orders/",
    "preview/",
)


@require_safe
@cache_control(public=True, max_age=HOUR)
def robots(request: HttpRequest) -> HttpResponse:
    """Where machines need not look: pages of persons, and the endless combinations of filters."""
    starts = ["/", *(f"/{code}/" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /payments/"]
    lines += [f"Disallow: {start}{closed}" for start in starts for closed in CLOSED]
    lines += [
        "Allow: /*?page=",
        "Disallow: /*?",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap-index')}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The parts of the sitemap."""
    rows = [
        {"location": f"{settings.SITE_URL}{reverse('sitemap-section', args=[name])}", "last_mod": None}
        for name in parts()
    ]
    return render(request, "sitemap_index.xml", {"sitemaps": rows}, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=HOUR)
def sitemap_section(request: HttpRequest, section: str) -> Any:
    """One part. 404: no such part."""
    found = part(section)
    if found is None:
        raise Http404
    return sitemap(request, {section: found}, section=section)


@require_safe
@cache_control(public=True, max_age=HOUR)
def product_feed(request: HttpRequest, block: int) -> HttpResponse:
    """Listings of one block, as the sitemap divides them; empty where nothing of it is on sale. 404: no such number."""
    if block > 10**9:
        raise Http404
    return HttpResponse(product_feed_xml(block), content_type="application/xml; charset=utf-8")
