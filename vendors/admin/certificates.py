"""Certificates in Django admin: the queue, the paper, and the decisions."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import Decision, DecisionAdmin, EventInline, StateFilter
from regions.models import GiParty
from regions.scoped_admin import ScopedAdmin
from vendors.errors import ApplicationError, ReasonMissing
from vendors.models import Certificate, CertificateEvent, GroupDocument
from vendors.policies import can_decide_certificate
from vendors.selectors.certificates import WARNING_DAYS, same_number
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


@admin.register(Certificate)
class CertificateAdmin(ScopedAdmin, DecisionAdmin):
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
            lambda row, actor, reason: certificates.withdraw(row, actor=actor, reason=reason),
            needs_reason=True,
        ),
    )
    list_display = ("number", "kind", "vendor", "gi", "valid_until", "state", "submitted_at")
    list_select_related = ("vendor__home_region", "gi")
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
        "elsewhere",
        "state",
        "submitted_at",
        "verified_at",
        "verified_by",
    )
    readonly_fields = fields
    inlines = (CertificateEventInline,)

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
        """What stands on a paper is not edited; a wrong one is refused."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With what list and page name."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("vendor__home_region", "gi", "region", "document")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One certificate, which knows for whom it is shown."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.reader = request.user
        return found

    @admin.display(description=_("covers"))
    def covered(self, certificate: Certificate) -> str:
        """Products and words of its scope."""
        names = [product.name for product in certificate.products.all()]
        return ", ".join([*names, certificate.goods]).strip(", ") or str(_("all food of the group"))

    @admin.display(description=_("register of the protected name"))
    def register(self, certificate: Certificate) -> str:
        """Proprietors and authorised users on file."""
        return "; ".join(str(party) for party in GiParty.objects.filter(gi=certificate.gi_id)) or "-"

    @admin.display(description=_("same number elsewhere"))
    def elsewhere(self, certificate: Certificate) -> str:
        """Other groups that have handed in this number."""
        return same_number(certificate, certificate.reader) or "-"  # type: ignore[attr-defined]  # set by get_object

    @admin.display(description=_("paper"))
    def paper(self, certificate: Certificate) -> str | SafeString:
        """The photo, for those who may see papers."""
        document: GroupDocument | None = certificate.document
        if document is None:
            return "-"
        address = reverse("admin:partner_partner_paper", args=[certificate.vendor_id, document.pk])
        return format_html('<a href="{}"><img src="{}" alt="{}" width="320"></a>', address, address, document)
