"""Addresses of drawn pictures, which are the same in every language."""

from django.urls import URLPattern, path

from storefront.views import pictures

urlpatterns: list[URLPattern] = [
    path("bands/<slug:code>.svg", pictures.band, name="band"),
    path("known/<int:pk>.svg", pictures.known, name="known-picture"),
]
