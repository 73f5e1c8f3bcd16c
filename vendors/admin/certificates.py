"""Certificates in Django admin: the queue, the paper, and the decisions."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import DecidedAsRead, Decision, DecisionAdmin, EventInline, StateFilter
from marketplace.lib.read_only_admin import ReadOnlyInline
from regions.models import GiParty
from regions.scoped_admin import ScopedAdmin
from vendors.admin.correcting import correction_page
from vendors.errors import ApplicationError, ReasonMissing
from vendors.models import Certificate, CertificateCorrection, CertificateEvent, GroupDocument
from vendors.policies import can_decide_certificate
from vendors.selectors.certificate_doubts import doubts
from vendors.selectors.certificates import WARNING_DAYS, handed_in_by
from vendors.selectors.corrections import changed_fields
from vendors.services import certificates

State = Certificate.State


class EndsFilter(admin.SimpleListFilter):
    """By how near the last day is; the day of the group's country may be one further."""

    title = _("end")
    parameter_name = "ends"
    ENDED = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The days at which groups are warned, and those that are over."""
        near = [(str(days), str(_("within %(days)d days") % {"days": days})) for days in sorted(WARNING_DAYS)]
        return [*near, (self.ENDED, str(_("over")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Rows that end so soon, or have ended."""
        word, today = self.value(), timezone.now().date()
        if not word:
            return queryset
        if word == self.ENDED:
            return queryset.filter(valid_until__lt=today)
        days = next((each for each in WARNING_DAYS if str(each) == word), None)
        if days is None:
            return queryset.none()
        return queryset.filter(valid_until__range=(today, today + timedelta(days=days)))


class CertificateEventInline(EventInline):
    """Decisions about the certificate."""

    model = CertificateEvent


class CorrectionInline(ReadOnlyInline):
    """What the office has corrected since it was verified."""

    model = CertificateCorrection
    fields = ("corrected_at", "corrected_by", "changes", "reason")
    readonly_fields = fields
    verbose_name_plural = _("corrections")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With who has made them, newest first."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("corrected_by").order_by("-version")

    @admin.display(description=_("changed"))
    def changes(self, correction: CertificateCorrection) -> str | SafeString:
        """In words, line by line."""
        return format_html_join("", "<div>{}</div>", ((str(each),) for each in changed_fields(correction)))


def _withdraw(row: Any, actor: Any, reason: str) -> bool:
    # What is withdrawn in the list was not opened, so there is no version that was read.
    seen = getattr(row, "seen_version", None)
    return certificates.withdraw(row, actor=actor, reason=reason, seen_version=seen)


@admin.register(Certificate)
class CertificateAdmin(DecidedAsRead, ScopedAdmin, DecisionAdmin):
    """Certificates that wait, what waits longest first; written by groups, decided about by staff."""

    region_path = "vendor__home_region__path"
    queue_state = State.SUBMITTED
    queue_field = "submitted_at"
    refusals = (ReasonMissing, ApplicationError)
    decisions = (
        Decision(
            "verify",
            _("Verify"),
            frozenset({State.SUBMITTED}),
            lambda row, actor, reason: certificates.verify(row, actor=actor, reason=reason),
            key="a",
            in_bulk=False,
        ),
        Decision(
            "refuse",
            _("Refuse"),
            frozenset({State.SUBMITTED}),
            lambda row, actor, reason: certificates.refuse(row, actor=actor, reason=reason),
            needs_reason=True,
            key="r",
        ),
        Decision(
            "withdraw",
            _("Withdraw"),
            frozenset({State.SUBMITTED, State.VERIFIED}),
            _withdraw,
            needs_reason=True,
        ),
    )
    change_form_template = "admin/partner/certificate_change_form.html"
    list_display = (
        "number",
        "kind",
        "vendor",
        "scope",
        "valid_until",
        "state",
        "submitted_at",
    )
    list_select_related = ("vendor__home_region", "gi", "region")
    list_filter = (StateFilter, "kind", EndsFilter)
    search_fields = ("number", "holder", "vendor__name", "gi__name")
    ordering = ("submitted_at", "pk")
    fields = (
        "vendor",
        "kind",
        "number",
        "holder",
        "issuer",
        "gi",
        "register",
        "covered",
        "region",
        "valid_from",
        "valid_until",
        "paper",
        "look_at",
        "state",
        "submitted_at",
        "verified_at",
        "verified_by",
    )
    readonly_fields = fields
    inlines = (CorrectionInline, CertificateEventInline)

    def get_urls(self) -> list[URLPattern]:
        """The page on which a certificate is corrected, beside those of decisions."""
        page = self.admin_site.admin_view(partial(correction_page, self))
        return [
            path("<int:object_id>/correct/", page, name="partner_certificate_correct"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page with the way to its correction."""
        context = dict(extra_context or {})
        shown = self.get_object(request, object_id)
        if shown is not None:
            may_decide = self.decides(request, shown)
            is_own = handed_in_by(shown, request.user)
            context["may_correct"] = may_decide and not is_own and shown.state == State.VERIFIED
        return super().change_view(request, object_id, form_url, context)

    def may_decide(self, user: Any) -> bool:
        """Staff who look at papers."""
        return can_decide_certificate(user)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """Officers in their places."""
        return can_decide_certificate(user, row.vendor)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Certificates are handed in by their groups."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What stands on a paper is not edited: a wrong one is refused, a verified one corrected on a page of its own."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what list and page name."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("vendor__home_region", "gi", "region", "document").prefetch_related(
            "products"
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One certificate, which knows for whom it is shown."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = request.user
        return found

    @admin.display(description=_("scope"))
    def scope(self, certificate: Certificate) -> str:
        """Protected name, goods and place, for the list."""
        named = [certificate.gi.name] if certificate.gi else []
        return " · ".join([*named, self.covered(certificate), certificate.region.name])

    @admin.display(description=_("covers"))
    def covered(self, certificate: Certificate) -> str:
        """Products and words of its scope."""
        return certificate.covers or str(_("all food of the group"))

    @admin.display(description=_("register of the protected name"))
    def register(self, certificate: Certificate) -> str:
        """Proprietors and authorised users on file."""
        return "; ".join(str(party) for party in GiParty.objects.filter(gi=certificate.gi_id)) or "-"

    @admin.display(description=_("to look at"))
    def look_at(self, certificate: Certificate) -> str | SafeString:
        """What may speak against it, line by line."""
        found = doubts(certificate, certificate.reader)  # type: ignore[attr-defined]  # set by get_object
        return format_html_join("", "<div>{}</div>", ((words,) for words in found)) or "-"

    @admin.display(description=_("paper"))
    def paper(self, certificate: Certificate) -> str | SafeString:
        """The photo, for those who may see papers."""
        document: GroupDocument | None = certificate.document
        if document is None:
            return "-"
        address = reverse("admin:partner_partner_paper", args=[certificate.vendor_id, document.pk])
        return format_html('<a href="{}"><img src="{}" alt="{}" width="320"></a>', address, address, document)
