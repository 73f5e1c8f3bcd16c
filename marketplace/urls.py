"""All addresses of the marketplace; Oscar's own pages are not among them."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from marketplace import health, media

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("payments/", include("payments.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("", include("storefront.urls")),
]

if settings.SERVE_MEDIA:
    urlpatterns.append(path("media/<path:path>", media.media, name="media"))
