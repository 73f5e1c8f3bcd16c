"""All addresses of the marketplace; Oscar's own pages are not among them.

What stands outside i18n_patterns is named in settings.PATHS_WITHOUT_LANGUAGE.
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from marketplace import health, media

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("payments/", include("payments.urls")),
    path("", include("storefront.neutral_urls")),
    *i18n_patterns(
        path("dashboard/", include("dashboard.urls")),
        path("", include("storefront.urls")),
        prefix_default_language=False,
    ),
]

if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", media.media, name="media"))
