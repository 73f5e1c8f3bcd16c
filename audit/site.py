"""Django's admin with our history behind the button "History" of every page, and our way to the pages of the shop."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from audit.views.deleting import with_reason
from audit.views.history import history
from audit.views.on_site import view_on_site


class OfficeSite(admin.AdminSite):
    """The admin site; two addresses stand before those of Django for the same pages."""

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Each page behind the sign-in, and none that deletes without a reason."""
        return super().admin_view(with_reason(view), cacheable)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The history of any row and its page in the shop, then all that Django has."""
        page, shop = self.admin_view(history), self.admin_view(view_on_site)
        address = "<str:app_label>/<str:model_name>/<path:object_id>/history/"
        return [
            path(address, page, {"site": self}, name="history"),
            path("r/<str:content_type_id>/<path:object_id>/", shop, {"site": self}, name="view_on_site"),
            *super().get_urls(),
        ]
