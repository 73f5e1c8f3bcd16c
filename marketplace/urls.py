"""All addresses of the marketplace; Oscar's own pages are not among them."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from marketplace import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("payments/", include("payments.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("", include("storefront.urls")),
]
