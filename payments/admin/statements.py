"""Statements of groups for finance officers: found by the group, the same rows as its own page, PDF and CSV."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.sites import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.lib.downloads import csv_response, pdf_response
from marketplace.lib.money import format_money
from payments.documents.statements import statement_csv, statement_pdf
from payments.forms.statements import AskedStatement, asked_statement
from payments.models import LedgerEntry
from payments.policies import can_read_accounts
from payments.selectors.balances import vendor_balances
from vendors.models import Partner

MOST_GROUPS = 50


class StatementPages:
    """Three pages below the ledger; each asks for the right to read it."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    def urls(self) -> list[URLPattern]:
        """Their addresses."""
        return [
            path("statements/", self._page(self.groups), name="payments_statement_groups"),
            path("statements/<slug:code>/", self._page(self.page), name="payments_statement"),
            path("statements/<slug:code>/pdf/", self._page(self.pdf), name="payments_statement_pdf"),
            path("statements/<slug:code>/csv/", self._page(self.csv), name="payments_statement_csv"),
        ]

    def groups(self, request: HttpRequest) -> HttpResponse:
        """Groups by name or code with what they are owed, fifty at most; the ones with an account first. Two queries."""
        _require(request)
        word = request.GET.get("q", "").replace("\0", "").strip()
        rows = Partner.objects.filter(Q(name__icontains=word) | Q(code__icontains=word))
        rows = rows.annotate(has_account=Exists(LedgerEntry.objects.filter(vendor=OuterRef("pk"))))
        ordered = rows.select_related("home_region").order_by("-has_account", "name", "pk")
        found = list(ordered[: MOST_GROUPS + 1])
        values = {
            "title": _("Statements of account"),
            "rows": _with_balances(found[:MOST_GROUPS]),
            "has_more": len(found) > MOST_GROUPS,
            "word": word,
        }
        return self._answer(request, "admin/payments/statement_groups.html", values)

    def page(self, request: HttpRequest, code: str) -> HttpResponse:
        """The account of one group from day to day. A constant number of queries."""
        asked = _asked(request, code)
        shown = asked.statement
        title = _("Statement of account: %(group)s") % {"group": shown.vendor.name}
        values = {"title": title, "asked": asked, "statement": shown, "form": asked.form}
        return self._answer(request, "admin/payments/statement.html", values)

    def pdf(self, request: HttpRequest, code: str) -> HttpResponse:
        """The same as PDF. 404: days that make no sense."""
        asked = _asked(request, code, is_file=True)
        content = statement_pdf(asked.statement, language=get_language() or "en")
        return pdf_response(content, asked.file_name)

    def csv(self, request: HttpRequest, code: str) -> HttpResponse:
        """The same as CSV. 404: days that make no sense."""
        asked = _asked(request, code, is_file=True)
        return csv_response(statement_csv(asked.statement), asked.file_name)

    def _page(self, view: Any) -> Any:
        return self.site.admin_view(require_safe(view))

    def _answer(self, request: HttpRequest, template: str, values: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, template, {**self.site.each_context(request), **values})


def statement_urls() -> list[URLPattern]:
    """Addresses that the ledger's admin takes in."""
    return StatementPages(admin.site).urls()


def _with_balances(groups: Sequence[Partner]) -> list[tuple[Partner, list[str]]]:
    """Each group with what it is owed, in each of its currencies; one query."""
    owed: dict[int, list[str]] = {}
    for (vendor, currency), balance in sorted(vendor_balances([group.pk for group in groups]).items()):
        owed.setdefault(vendor, []).append(format_money(balance.payable, currency))
    return [(group, owed.get(group.pk, [])) for group in groups]


def _require(request: HttpRequest) -> None:
    if not can_read_accounts(request.user):
        raise PermissionDenied


def _asked(request: HttpRequest, code: str, *, is_file: bool = False) -> AskedStatement:
    _require(request)
    vendor = get_object_or_404(Partner.objects.select_related("home_region"), code=code)
    asked = asked_statement(vendor, request.GET)
    if is_file and asked.is_refused:
        raise Http404
    return asked
