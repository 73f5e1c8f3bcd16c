"""People in Django admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from people.models import User


@admin.register(User)
class PersonAdmin(UserAdmin):
    """Accounts; contacts are searched, never shown in lists of those who need not see them."""

    list_display = ("name", "email", "is_staff", "is_active", "is_example")
    list_filter = ("is_staff", "is_active", "is_example", "groups")
    search_fields = ("name", "email", "phone")
    ordering = ("name", "pk")
    fieldsets = (
        (None, {"fields": ("name", "email", "phone", "password", "preferred_language", "is_example")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("name", "email", "phone", "usable_password", "password1", "password2")}),
    )
