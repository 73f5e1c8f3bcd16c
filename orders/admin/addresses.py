"""Admin of countries. Addresses that people keep have none: they are read by their owners alone."""

from django.contrib import admin
from oscar.core.loading import get_model


@admin.register(get_model("address", "Country"))
class CountryAdmin(admin.ModelAdmin):
    """Which countries are delivered to."""

    list_display = ("__str__", "is_shipping_country")
    list_filter = ("is_shipping_country",)
    search_fields = ("name", "printable_name", "iso_3166_1_a2", "iso_3166_1_a3")
