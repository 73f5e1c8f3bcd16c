"""Languages in Django admin: wrong words that readers report, what is translated, and translations to be read by a speaker."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.lib.downloads import csv_response
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from marketplace.lib.words import language_name
from programme.documents.languages import languages_csv
from programme.errors import TranslationRefused
from programme.models import WordReport
from programme.policies import can_find_words_right, can_see_languages
from programme.selectors.interface_texts import interface_texts
from programme.selectors.languages import ROOMS, Room, content_said, pairs, rows_to_do, seal_of
from programme.services.words import find_right, settle

PAGE_SIZE = 50


@admin.register(WordReport)
class WordReportAdmin(ReadOnlyAdmin):
    """Wrong words, the newest first; beside them the pages that say what is translated."""

    list_display = ("wrong", "better", "language", "page", "created_at", "settled_at")
    list_filter = ("language", ("settled_at", admin.EmptyFieldListFilter))
    fields = ("language", "page", "wrong", "better", "created_at", "settled_at", "settled_by")
    readonly_fields = fields
    actions = ("settle_all",)
    change_list_template = "admin/programme/word_reports.html"

    def get_urls(self) -> list[URLPattern]:
        """The pages beside the list."""
        view = self.admin_site.admin_view
        return [
            path("coverage/", view(self.coverage_view), name="programme_wordreport_coverage"),
            path("coverage/csv/", view(self.csv_view), name="programme_wordreport_csv"),
            path(
                "coverage/<slug:room>/<slug:language>/",
                view(self.rows_view),
                name="programme_wordreport_rows",
            ),
            *super().get_urls(),
        ]

    @admin.action(description=gettext_lazy("Note that these were looked after"), permissions=["settle"])
    def settle_all(self, request: HttpRequest, rows: Any) -> None:
        """Each once."""
        count = sum(settle(row, actor=request.user) for row in rows)
        messages.success(request, _("Noted: %(count)d.") % {"count": count})

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whoever says that words are right."""
        return can_find_words_right(request.user)

    def coverage_view(self, request: HttpRequest) -> HttpResponse:
        """The interface and each room in each language, of the places of this person."""
        self._check(request)
        values = {
            **self.admin_site.each_context(request),
            "title": _("What is translated"),
            "texts": [(row, language_name(row.language)) for row in interface_texts()],
            "languages": [language for _code, language in settings.LANGUAGES],
            "content": content_said(request.user),
        }
        return TemplateResponse(request, "admin/programme/languages.html", values)

    def csv_view(self, request: HttpRequest) -> HttpResponse:
        """The same as a file."""
        self._check(request)
        return csv_response(languages_csv(interface_texts(), content_said(request.user)), "languages")

    def rows_view(self, request: HttpRequest, room: str, language: str) -> HttpResponse:
        """Rows without words in a language, or with ?unread=1 those to be read by a speaker. 404: no such room or language."""
        found = ROOMS.get(room)
        if found is None or language not in dict(settings.LANGUAGES):
            raise Http404
        if request.method == "POST":
            return self._find_right(request, found, language)
        self._check(request)
        is_unread = request.GET.get("unread") == "1" and found.has_marks
        rows = rows_to_do(found, language, is_unread=is_unread, user=request.user)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        values = {
            **self.admin_site.each_context(request),
            "title": f"{found.words}: {language_name(language)}",
            "page": page,
            "rows": [_row(found, row, language, is_unread=is_unread) for row in page.object_list],
            "language": language,
            "is_unread": is_unread,
            "may_find_right": is_unread and can_find_words_right(request.user),
        }
        return TemplateResponse(request, "admin/programme/languages_rows.html", values)

    def _find_right(self, request: HttpRequest, room: Room, language: str) -> HttpResponse:
        """Note one translation as read. 404: of another place, or none."""
        if not can_find_words_right(request.user):
            raise PermissionDenied
        key = request.POST.get("pk", "")
        is_key = key.isascii() and key.isdecimal() and len(key) < 19
        row = room.rows(request.user).filter(pk=int(key)).first() if is_key and room.has_marks else None
        if row is None:
            raise Http404
        try:
            find_right(room, row.pk, language, actor=request.user, seal=request.POST.get("seal", ""))
        except TranslationRefused as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Noted: %(name)s is read.") % {"name": getattr(row, room.name)})
        page = reverse("admin:programme_wordreport_rows", args=[room.code, language])
        return redirect(f"{page}?{urlencode({'unread': 1})}")

    def _check(self, request: HttpRequest) -> None:
        if not can_see_languages(request.user) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied


def _row(room: Room, row: Any, language: str, *, is_unread: bool) -> dict[str, Any]:
    """One row: its name, its page, and what is to be read of it."""
    return {
        "pk": row.pk,
        "name": getattr(row, room.name),
        "own": row.words_language if room.has_marks else settings.LANGUAGE_CODE,
        "url": reverse(room.page, args=[row.pk]),
        "pairs": pairs(row, language) if is_unread else [],
        "seal": seal_of(row, language) if is_unread else "",
    }
