"""Bank receipts in Django admin: entered, imported, matched, approved and sent back; never edited."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from orders.domain.numbers import read_order_number
from payments.admin import words
from payments.errors import (
    NoJournalNumber,
    ReasonMissing,
    ReceiptChanged,
    ReceiptError,
    ReceiptInOtherCurrency,
)
from payments.models import BankReceipt, PaymentAttempt
from payments.policies import can_match_receipts
from payments.selectors.debts import debts
from payments.selectors.receipts import suggestions, transfers_of
from payments.services import receipts
from payments.services.statements import StatementUnreadable, import_statement
from vendors.models import Partner

UNDECIDED = (BankReceipt.State.UNMATCHED, BankReceipt.State.PROPOSED)
CURRENCY_CHOICES = [(code, code) for code in receipts.CURRENCIES]


class NoSuchTransfer(ReceiptError):
    """The number is no order's, or its buyer chose another way to pay."""

    message = gettext_lazy("No order with this number waits for a bank transfer. Check the number.")


class ReceiptForm(forms.ModelForm):
    """One credit, typed from the statement."""

    amount = forms.DecimalField(
        label=gettext_lazy("amount"), min_value=Decimal("0.01"), max_digits=12, decimal_places=2
    )
    currency = forms.ChoiceField(label=gettext_lazy("currency"), choices=CURRENCY_CHOICES)

    class Meta:
        model = BankReceipt
        fields = ("reference", "received_on", "amount", "currency", "note")

    def clean_reference(self) -> str:
        """The journal number in the form in which it is kept."""
        try:
            return receipts.read_journal_number(self.cleaned_data["reference"])
        except NoJournalNumber as error:
            raise ValidationError(str(error.message)) from None

    def clean_received_on(self) -> date:
        """A day that a credit of now may have."""
        day: date = self.cleaned_data["received_on"]
        if not receipts.is_likely_day(day):
            raise ValidationError(_("This day has not come yet, or is more than a year ago. Check the year."))
        return day

    def clean(self) -> dict[str, Any] | None:
        """One credit has one number and one currency, apart from those that were entered in error."""
        cleaned = super().clean()
        known = BankReceipt.objects.exclude(state=BankReceipt.State.MISTAKEN)
        named = {name: self.cleaned_data.get(name) for name in ("reference", "currency")}
        if known.filter(**named).exists():
            raise ValidationError(_("A receipt with this journal number already exists. Look at it first."))
        day, amount = (self.cleaned_data.get(name) for name in ("received_on", "amount"))
        if (
            all(named.values())
            and day
            and amount
            and receipts.known_in_other_currency(str(named["reference"]), day, amount, str(named["currency"]))
        ):
            raise ValidationError(str(ReceiptInOtherCurrency.message))
        return cleaned


class StatementForm(forms.Form):
    """A statement of the bank."""

    statement = forms.FileField(
        label=gettext_lazy("Statement as CSV"),
        help_text=gettext_lazy(
            "The first line names the columns: date, journal number, credit, and if you like currency and narration."
        ),
    )
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency of the account"),
        choices=CURRENCY_CHOICES,
        initial=receipts.CURRENCIES[0],
    )


@admin.register(BankReceipt)
class BankReceiptAdmin(ReadOnlyAdmin):
    """Credits on our bank account. Whoever enters one says later, on its page, what it pays for."""

    form = ReceiptForm
    change_list_template = "admin/payments/bankreceipt/change_list.html"
    change_form_template = "admin/payments/bankreceipt/change_form.html"
    list_display = ("received_on", "sum_amount", "stands", "pays_for", "reference", "note", "age")
    list_select_related = ("attempt__order", "vendor")
    list_filter = ("state", "currency")
    search_fields = (
        "reference__startswith",
        "note",
        "vendor__name",
        "return_reference__startswith",
    )
    search_help_text = gettext_lazy("Journal number, number of an order, a group, or what the payer wrote.")
    date_hierarchy = "received_on"
    fields = (
        "reference",
        "received_on",
        "sum_amount",
        "note",
        "state",
        "order_link",
        "vendor",
        "entered_by",
        "is_imported",
        "matched_by",
        "approved_by",
        "return_reference",
        "remark",
        "created_at",
    )
    readonly_fields = fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Receipts of an order when its number was typed, in whatever form; else what stands on the receipt."""
        number = read_order_number(search_term)
        if number:
            return queryset.filter(attempt__order__number=number), False
        return super().get_search_results(request, queryset, search_term)

    def get_ordering(self, request: HttpRequest) -> Any:
        """What a person must still decide first, then the newest."""
        return [Case(When(state__in=UNDECIDED, then=Value(0)), default=Value(1)), "-received_on", "-pk"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Receipts are entered by hand, too."""
        return can_match_receipts(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The whole page of a receipt; of a new one what is typed."""
        return self.fields if obj else ReceiptForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but those of a new one."""
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: BankReceipt, form: Any, change: bool) -> None:
        """Enter it by its service, which posts it."""
        data = receipts.ReceiptData(
            reference=obj.reference,
            received_on=obj.received_on,
            amount=obj.amount,
            currency=obj.currency,
            note=obj.note,
        )
        # One that is known already was refused by the form; only a twin of this request can be quicker.
        obj.pk = receipts.enter_receipt(data, actor=_person(request))[0].pk

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, the import, and the address to which the decisions post."""
        decide = self.admin_site.admin_view(require_POST(self.decide_view))
        load = self.admin_site.admin_view(require_http_methods(["GET", "POST"])(self.import_view))
        return [
            path("import/", load, name="payments_bankreceipt_import"),
            path("<path:object_id>/decide/", decide, name="payments_bankreceipt_decide"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One receipt with what it may pay for, and the decisions that fit."""
        context = dict(extra_context or {})
        shown = self.get_object(request, object_id)
        if shown is not None and can_match_receipts(request.user):
            waits = receipts.waits_for_second_person(shown)
            is_free = shown.state == BankReceipt.State.UNMATCHED and not waits
            is_matched = shown.state == BankReceipt.State.MATCHED
            context.update(
                debts=debts(shown.currency) if is_free else [],
                can_unmatch=is_matched and shown.attempt_id is not None,
                can_cancel=is_free or (is_matched and shown.vendor_id is not None),
                decide_url=reverse("admin:payments_bankreceipt_decide", args=[shown.pk]),
                is_free=is_free,
                is_proposed=waits,
                is_own=waits and shown.matched_by_id == request.user.pk,
                seen=receipts.proposal_mark(shown),
                suggestions=suggestions(shown) if is_free else [],
            )
        return super().change_view(request, object_id, form_url, context)

    def decide_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Carry out one decision and come back to the receipt's page."""
        if not can_match_receipts(request.user):
            raise PermissionDenied
        receipt = self.get_object(request, object_id)
        carry_out = _DECISIONS.get(request.POST.get("decision", ""))
        if receipt is None or carry_out is None:
            raise Http404
        try:
            said = carry_out(receipt, request.POST, _person(request))
        except ReceiptError as error:
            self.message_user(request, str(error.message), messages.ERROR)
        else:
            self.log_change(request, receipt, said)
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:payments_bankreceipt_change", args=[receipt.pk]))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Enter the credits of a statement; rows with an error are listed with what to do."""
        if not can_match_receipts(request.user):
            raise PermissionDenied
        form = StatementForm(request.POST or None, request.FILES or None)
        report = None
        if request.method == "POST" and form.is_valid():
            content = form.cleaned_data["statement"].read()
            try:
                report = import_statement(
                    content, currency=form.cleaned_data["currency"], actor=_person(request)
                )
            except StatementUnreadable as error:
                form.add_error("statement", str(error.message))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a bank statement"),
            "opts": self.opts,
            "form": form,
            "report": report,
            "shown_errors": report.errors if report else (),
            "list_url": reverse("admin:payments_bankreceipt_changelist"),
        }
        return TemplateResponse(request, "admin/payments/bankreceipt/import.html", context)

    @admin.display(description=gettext_lazy("amount"), ordering="amount")
    def sum_amount(self, receipt: BankReceipt) -> str:
        """What came."""
        return format_money(receipt.amount, receipt.currency)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def stands(self, receipt: BankReceipt) -> str:
        """Its state; of one that a second person must see, what was proposed."""
        if receipt.state == BankReceipt.State.UNMATCHED and receipts.waits_for_second_person(receipt):
            return _("sending back waits for a second person")
        return str(receipt.get_state_display())

    @admin.display(description=gettext_lazy("pays for"), ordering="attempt__order__number")
    def pays_for(self, receipt: BankReceipt) -> str:
        """Number of the order, or the group whose debt it pays."""
        return str(receipt.attempt.order.number) if receipt.attempt else str(receipt.vendor or "-")

    @admin.display(description=gettext_lazy("order"))
    def order_link(self, receipt: BankReceipt) -> str:
        """The way to that order."""
        return words.order_link(receipt.attempt.order) if receipt.attempt else "-"

    @admin.display(description=gettext_lazy("age"), ordering="-created_at")
    def age(self, receipt: BankReceipt) -> str:
        """How long ago it was entered."""
        return words.age(receipt.created_at)


def _match(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    transfer = _chosen(sent)
    number = {"number": transfer.order.number}
    if receipts.match(receipt, transfer, actor=actor):
        return _("Matched to order %(number)s.") % number
    return _("Proposed for order %(number)s. A second person has to approve it.") % number


def _approve(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    if receipts.waits_for_second_person(receipt) and sent.get("seen") != receipts.proposal_mark(receipt):
        raise ReceiptChanged
    receipts.approve(receipt, actor=actor)
    return _("Approved.")


def _refuse(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    reason = _reason(sent)
    receipts.refuse(receipt, actor=actor, reason=reason)
    return _("Put back: %(reason)s") % {"reason": reason[:100]}


def _match_to_group(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    pk = sent.get("vendor", "")
    vendor = get_object_or_404(Partner, pk=int(pk[:18]) if pk.isdecimal() else 0)
    if receipts.match_to_group(receipt, vendor, actor=actor):
        return _("%(group)s owes that much less.") % {"group": vendor.name}
    return _("Proposed for %(group)s. A second person has to approve it.") % {"group": vendor.name}


def _unmatch(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    reason = _reason(sent)
    receipts.unmatch(receipt, actor=actor, reason=reason)
    return _("Put back: %(reason)s") % {"reason": reason[:100]}


def _cancel(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    reason = _reason(sent)
    receipts.cancel(receipt, actor=actor, reason=reason)
    return _("Entered in error: %(reason)s") % {"reason": reason[:100]}


def _reason(sent: Mapping[str, str]) -> str:
    reason = sent.get("reason", "").replace("\0", "").strip()
    if not reason:
        raise ReasonMissing
    return reason


def _send_back(receipt: BankReceipt, sent: Mapping[str, str], actor: Any) -> str:
    number = sent.get("return_reference", "").replace("\0", "")
    if receipts.send_back(receipt, return_reference=number, actor=actor):
        return _("Noted as sent back.")
    return _("The return is proposed. A second person has to approve it.")


def _chosen(sent: Mapping[str, str]) -> PaymentAttempt:
    """The transfer of a suggestion's button, or the newest of the order whose number was typed."""
    pk = sent.get("attempt", "")
    if pk.isdecimal():
        return get_object_or_404(PaymentAttempt.objects.select_related("order"), pk=int(pk[:18]))
    number = read_order_number(sent.get("order", "").replace("\0", ""))
    found = transfers_of(number).first() if number else None
    if found is None:
        raise NoSuchTransfer
    return found


def _person(request: HttpRequest) -> Any:
    return request.user


_DECISIONS = {
    "match": _match,
    "match_group": _match_to_group,
    "approve": _approve,
    "refuse": _refuse,
    "unmatch": _unmatch,
    "cancel": _cancel,
    "send_back": _send_back,
}
