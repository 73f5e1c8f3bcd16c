"""Payout batches in Django admin: hand in, approve, reject, export, and import what the bank answered."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, Model, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.lib.decision_admin import Decision, DecisionAdmin, StateFilter
from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from payments.models import PayoutBatch
from payments.payout_errors import PayoutError
from payments.policies import can_decide_batches
from payments.services import batches
from payments.services.settlements import MAX_BYTES, import_settlement

State = PayoutBatch.State
DRAFT, APPROVED = frozenset({State.DRAFT}), frozenset({State.APPROVED})


class SettlementForm(forms.Form):
    """What the bank answered, as a file."""

    answers = forms.FileField(
        label=gettext_lazy("The bank's answers as CSV"),
        help_text=gettext_lazy(
            "The first line names the columns: reference, status (settled or returned), bank_reference, amount, date"
            " (2026-01-31) and, if you like, reason and currency."
        ),
    )
    is_dry_run = forms.BooleanField(
        label=gettext_lazy("Only look, change nothing"), required=False, initial=True
    )


@admin.register(PayoutBatch)
class PayoutBatchAdmin(ReadOnlyAdmin, DecisionAdmin):
    """Payouts that go to the bank in one file; drafts come first, the oldest at the top."""

    queue_state = State.DRAFT
    queue_field = "created_at"
    refusals = (PayoutError,)
    decisions = (
        Decision(
            "hand_in",
            gettext_lazy("Hand in"),
            DRAFT,
            lambda row, actor, _reason: batches.hand_in(row, actor=actor),
        ),
        Decision(
            "approve",
            gettext_lazy("Approve"),
            DRAFT,
            lambda row, actor, _reason: batches.approve(row, actor=actor),
        ),
        Decision(
            "reject",
            gettext_lazy("Reject"),
            DRAFT,
            lambda row, actor, reason: batches.reject(row, actor=actor, reason=reason),
            needs_reason=True,
        ),
        Decision(
            "export",
            gettext_lazy("Write the file for the bank"),
            APPROVED,
            lambda row, _actor, _reason: bool(batches.export(row)),
        ),
    )
    change_list_template = "admin/payments/payoutbatch/change_list.html"
    list_display = (
        "number",
        "state",
        "count",
        "sum_total",
        "created_at",
        "drafted_by",
        "approved_by",
        "exported_at",
    )
    list_select_related = ("drafted_by", "approved_by")
    list_filter = (StateFilter, "currency")
    search_fields = ("number", "sha256")
    date_hierarchy = "created_at"
    ordering = (Case(When(state=State.DRAFT, then=Value(0)), default=Value(1)), F("created_at").desc(), "-pk")
    fields = (
        "number",
        "state",
        "count",
        "sum_total",
        "payouts_link",
        "drafted_by",
        "approved_by",
        "approved_at",
        "exported_at",
        "file_link",
        "sha256",
        "created_at",
    )
    readonly_fields = fields

    def may_decide(self, user: Any) -> bool:
        """Finance officers; that it is another one than who handed it in, the service sees to."""
        return can_decide_batches(user)

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, the import, and the file."""
        load = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.import_view))
        file = self.admin_site.admin_view(require_safe(self.file_view))
        return [
            path("import/", load, name="payments_payoutbatch_import"),
            path("<int:object_id>/file/", file, name="payments_payoutbatch_file"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the way to the import for those who may."""
        context = {**(extra_context or {}), "may_decide": self.may_decide(request.user)}
        return super().changelist_view(request, context)

    def file_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The file of an exported batch, always the same bytes; who fetched it is kept in the history."""
        if not self.may_decide(request.user):
            raise PermissionDenied
        batch = PayoutBatch.objects.filter(pk=object_id).exclude(sha256="").first()
        if batch is None:
            raise Http404
        try:
            content = batches.export(batch)
        except PayoutError as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:payments_payoutbatch_change", args=[batch.pk]))
        self.log_change(request, batch, _("File fetched."))
        name = f"payouts-{batch.number}.csv"
        return HttpResponse(
            content.encode(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take the bank's answers; rows with an error are listed with what to do."""
        if not self.may_decide(request.user):
            raise PermissionDenied
        form = SettlementForm(request.POST, request.FILES) if request.method == "POST" else SettlementForm()
        report = None
        if form.is_valid():
            # One byte more than is taken, so that the import says so, and no more is held in memory.
            content = form.cleaned_data["answers"].read(MAX_BYTES + 1)
            report = import_settlement(content, is_dry_run=form.cleaned_data["is_dry_run"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import the bank's answers"),
            "opts": self.opts,
            "form": form,
            "report": report,
            "shown_errors": report.shown if report else (),
            "list_url": reverse("admin:payments_payoutbatch_changelist"),
            "was_dry_run": report is not None and form.cleaned_data["is_dry_run"],
        }
        return TemplateResponse(request, "admin/payments/payoutbatch/import.html", context)

    @admin.display(description=gettext_lazy("total"), ordering="total")
    def sum_total(self, batch: PayoutBatch) -> str:
        """What the bank pays in all."""
        return format_money(batch.total, batch.currency)

    @admin.display(description=gettext_lazy("payouts"))
    def payouts_link(self, batch: PayoutBatch) -> SafeString:
        """The way to the payouts of a batch."""
        address = reverse("admin:payments_payout_changelist")
        return format_html('<a href="{}?batch__id__exact={}">{}</a>', address, batch.pk, _("Look at each"))

    @admin.display(description=gettext_lazy("file"))
    def file_link(self, batch: PayoutBatch) -> SafeString | str:
        """The way to the file, once it is written."""
        if not batch.sha256:
            return "-"
        address = reverse("admin:payments_payoutbatch_file", args=[batch.pk])
        return format_html('<a href="{}">{}</a>', address, _("Fetch the file"))

    def _carry_out(
        self, request: HttpRequest, decision: Decision, rows: Sequence[Model], *, reason: str
    ) -> None:
        """Decide, and keep in the history who decided what and why."""
        before = {row.pk: _stand(row.pk) for row in rows}
        super()._carry_out(request, decision, rows, reason=reason)
        for row in rows:
            if _stand(row.pk) != before[row.pk]:
                self.log_change(request, row, f"{decision.label}. {reason}".strip()[:500])


def _stand(pk: int) -> tuple[str, int | None] | None:
    return PayoutBatch.objects.filter(pk=pk).values_list("state", "drafted_by_id").first()
