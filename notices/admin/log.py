"""The delivery log: "was I told?", and sending again what did not arrive."""

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from notices.errors import CannotResend, GroundsMissing
from notices.kinds import KINDS
from notices.models import Notice
from notices.policies import can_resend
from notices.services.resending import can_be_resent, resend

HIDDEN = "•••"


class KindFilter(admin.SimpleListFilter):
    """Kinds by their names, from the register: no query."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind there is."""
        return [(code, str(kind.name)) for code, kind in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        """Notices of the chosen kind."""
        return queryset.filter(kind=self.value()) if self.value() in KINDS else queryset


class AgeFilter(admin.SimpleListFilter):
    """How old a notice is."""

    title = _("age")
    parameter_name = "age"
    AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Younger than an hour, a day, a week, or older."""
        return [
            ("hour", _("of the last hour")),
            ("day", _("of the last day")),
            ("week", _("of the last week")),
            ("old", _("older than a week")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        """Notices of the chosen age."""
        word = self.value()
        if word == "old":
            return queryset.filter(created_at__lt=timezone.now() - self.AGES["week"])
        age = self.AGES.get(word or "")
        return queryset if age is None else queryset.filter(created_at__gte=timezone.now() - age)


class GivenUpFilter(admin.SimpleListFilter):
    """The queue of the front page."""

    title = _("work to do")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """What failed and was not sent again."""
        return [("failed", _("failed, not sent again"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        """Notices that nobody has taken care of."""
        return queryset.filter(pk__in=Notice.objects.given_up()) if self.value() == "failed" else queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """Delivery log; contacts and values are shown on the page of one notice only, secrets nowhere."""

    list_display = ("created_at", "kind_name", "channel", "state", "about", "tries", "sent_at", "last_error")
    list_filter = (GivenUpFilter, "state", "channel", AgeFilter, KindFilter)
    search_fields = ("key", "=address", "person__name", "=person__email", "=person__phone")
    search_help_text = _("Order number, name, or the whole e-mail address or phone number.")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    list_select_related = False
    fields = (
        "created_at",
        "kind_name",
        "channel",
        "language",
        "address",
        "person",
        "values",
        "state",
        "tries",
        "send_after",
        "sent_at",
        "expires_at",
        "last_error",
        "digest",
        "resend_of",
        "requested_by",
        "reason",
        "key",
    )
    readonly_fields = fields

    @admin.display(description=_("kind"), ordering="kind")
    def kind_name(self, notice: Notice) -> str:
        """The kind in words."""
        return str(KINDS[notice.kind].name) if notice.kind in KINDS else notice.kind

    @admin.display(description=_("about"))
    def about(self, notice: Notice) -> str:
        """Number of the order, or the group: never a contact, never a secret."""
        if _is_secret(notice):
            return HIDDEN
        return str(notice.context.get("number") or notice.context.get("vendor") or "")[:60]

    @admin.display(description=_("values"))
    def values(self, notice: Notice) -> str:
        """What its text was filled with; hidden where it is secret."""
        if _is_secret(notice):
            return HIDDEN
        return "\n".join(f"{name}: {value}" for name, value in notice.context.items())

    def get_urls(self) -> list[URLPattern]:
        """The pages of the log, and the address to which the button posts."""
        view = self.admin_site.admin_view(require_POST(self.resend_view))
        return [path("<int:pk>/resend/", view, name="communication_notice_resend"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One notice, with the button where it can be sent again, and its copies."""
        context = dict(extra_context or {})
        notice = self.get_object(request, object_id)
        if notice is not None:
            context["copies"] = list(notice.again.order_by("pk"))
            if can_resend(request.user) and can_be_resent(notice):
                context["resend_url"] = reverse("admin:communication_notice_resend", args=[notice.pk])
        return super().change_view(request, object_id, form_url, context)

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send one notice again and show the copy; pressed twice it is one copy."""
        if not can_resend(request.user):
            raise PermissionDenied
        page = reverse("admin:communication_notice_change", args=[pk])
        try:
            copy = resend(pk, request.user, request.POST.get("reason", ""))
        except Notice.DoesNotExist as nothing:
            raise Http404 from nothing
        except (CannotResend, GroundsMissing) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(page)
        self.message_user(request, _("It is sent again: this is the copy."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:communication_notice_change", args=[copy.pk]))


def _is_secret(notice: Notice) -> bool:
    # A kind that is gone from the register may have been a secret.
    return notice.kind not in KINDS or KINDS[notice.kind].is_secret
