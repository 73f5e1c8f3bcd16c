"""Addresses of the payments."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
