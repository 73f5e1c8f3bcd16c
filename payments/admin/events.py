"""Provider events in Django admin: to read, and to have handled again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.admin import words
from payments.models import ProviderEvent
from payments.policies import can_replay_events
from payments.services import events


@admin.register(ProviderEvent)
class ProviderEventAdmin(ReadOnlyAdmin):
    """What the provider told us, and what became of it. What was given up can be handled again."""

    list_display = ("received_at", "kind", "state", "age", "tries", "last_error", "event_id", "object_id")
    list_filter = ("state", "provider", "kind")
    search_fields = ("event_id", "object_id", "reference")
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    fields = (
        "provider",
        "account",
        "event_id",
        "kind",
        "object_id",
        "reference",
        "state",
        "tries",
        "last_error",
        "next_try_at",
        "occurred_at",
        "received_at",
        "handled_at",
        "is_live",
        "api_version",
        "payload",
        "headers",
    )
    readonly_fields = fields
    actions = ("replay",)

    @admin.display(description=_("age"), ordering="-received_at")
    def age(self, event: ProviderEvent) -> str:
        """How long ago it came."""
        return words.age(event.received_at)

    @admin.action(description=_("Handle again"), permissions=["replay"])
    def replay(self, request: HttpRequest, queryset: QuerySet[ProviderEvent]) -> None:
        """Put the events in line again, whatever became of them; handling twice changes nothing."""
        rows = list(queryset)
        for row in rows:
            events.replay(row)
        said = ngettext("%(count)d event is handled again.", "%(count)d events are handled again.", len(rows))
        self.message_user(request, said % {"count": len(rows)}, messages.SUCCESS)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have events handled again."""
        return can_replay_events(request.user)
