"""How many messages were refused, in Django admin: a number that grows is an attack, or a wrong secret."""

from django.contrib import admin

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.models import RefusedMessages


@admin.register(RefusedMessages)
class RefusedMessagesAdmin(ReadOnlyAdmin):
    """Messages to the webhook that bore no valid signature, or were no event, by day."""

    list_display = ("day", "provider", "why", "count", "last_at")
    list_filter = ("provider", "why")
    date_hierarchy = "day"
    ordering = ("-day", "why", "pk")
    fields = ("provider", "day", "why", "count", "last_at")
    readonly_fields = fields
