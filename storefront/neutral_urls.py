"""Addresses that are the same in every language: drawn pictures, and what is written for machines."""

from django.urls import URLPattern, path

from storefront.views import machines, pictures, sharing

urlpatterns: list[URLPattern] = [
    path("bands/<slug:code>.svg", pictures.band, name="band"),
    path("known/<int:pk>.svg", pictures.known, name="known-picture"),
    path(
        "shared/<slug:kind>/<slug:language>/<slug:name>/<slug:digest>.jpg",
        sharing.shared_picture,
        name="shared-picture",
    ),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap_index, name="sitemap-index"),
    path("sitemap-<slug:section>.xml", machines.sitemap_section, name="sitemap-section"),
    path("feeds/products-<int:block>.xml", machines.product_feed, name="product-feed"),
]
