"""What every page of the shop needs for its header."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalogue.selectors.categories import top_categories
from storefront.announcing import announced

NAV_CATEGORIES = 3


def shop(request: HttpRequest) -> dict[str, Any]:
    """Name of the shop, whether money moves, announcements, first categories of the menu, things in the basket; nothing is read before it is shown."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "is_trial": not settings.STRIPE_LIVE_MODE,
        "announcements": SimpleLazyObject(lambda: announced(request)),
        "announcements_for_staff": SimpleLazyObject(lambda: announced(request, in_admin=True)),
        "nav_categories": SimpleLazyObject(lambda: top_categories()[:NAV_CATEGORIES]),
        "basket_count": SimpleLazyObject(lambda: _things_in_basket(request)),
    }


def _things_in_basket(request: HttpRequest) -> int:
    basket = getattr(request, "basket", None)
    if basket is None or basket.pk is None:
        return 0
    return int(basket.num_items)
