"""Django admin for rows that are only read there: they are written by services, or never again."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest


class PatientChangeList(ChangeList):
    """A list that no year in its address breaks: Django catches what is no date, but no year without a next one."""

    def get_filters(self, request: HttpRequest) -> Any:
        """The filters; a year too large is a wrong address, as a word is."""
        try:
            return super().get_filters(request)
        except (OverflowError, ValueError) as error:
            raise IncorrectLookupParameters from error


class _ReadOnly:
    """Nobody adds, changes or deletes a row, superusers included."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are written by services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are changed by services."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is lost."""
        return False


class ReadOnlyAdmin(_ReadOnly, admin.ModelAdmin):
    """A list and a page to read. Subclasses name the fields that lists show; contacts stay on the page."""

    show_full_result_count = False
    list_per_page = 50
    # The pages of buyers and groups are not there for staff.
    view_on_site = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that no address breaks."""
        return PatientChangeList


class SeenWithPage:
    """An inline that whoever may see the page may see: no right of its own is needed."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The page has been allowed already."""
        return True


class ReadOnlyInline(SeenWithPage, _ReadOnly, admin.TabularInline):
    """Rows of another table on the page, to read."""

    extra = 0
    can_delete = False
    view_on_site = False
