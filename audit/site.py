"""Django's admin with our history behind the button "History" of every page."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from audit.views.history import history


class OfficeSite(admin.AdminSite):
    """The admin site; one address stands before those of Django for the same pages."""

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The history of any row, then all that Django has."""
        page = self.admin_view(history)
        address = "<str:app_label>/<str:model_name>/<path:object_id>/history/"
        return [path(address, page, {"site": self}, name="history"), *super().get_urls()]
