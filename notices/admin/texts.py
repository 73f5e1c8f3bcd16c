"""Words of the notices: every kind, by both channels, in every language; written, looked at and tried by staff."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from notices.errors import TextChanged, TextRefused
from notices.forms import TextForm
from notices.kinds import KINDS, Kind
from notices.models import Notice, NoticeText
from notices.policies import can_write_texts
from notices.services import texts
from notices.services.texts import Place


@dataclass(frozen=True)
class Cell:
    """One text in the list: where it is written, and the version of staff that counts, if any."""

    url: str
    language: str
    channel: str
    own: NoticeText | None


@admin.register(NoticeText)
class NoticeTextAdmin(ReadOnlyAdmin):
    """The list shows the register of kinds, not rows; each text has a page of its own."""

    change_list_template = "admin/communication/noticetext/change_list.html"
    list_display = ("kind", "channel", "language", "version", "created_by", "created_at")
    fields = (
        "kind",
        "channel",
        "language",
        "version",
        "subject",
        "text",
        "is_shipped",
        "created_by",
        "created_at",
    )
    readonly_fields = fields

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list, and the page of one text."""
        view = self.admin_site.admin_view(self.write_view)
        name = "communication_noticetext_write"
        return [path("<slug:kind>/<slug:channel>/<slug:language>/", view, name=name), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every kind with its texts; two queries however many there are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        newest = NoticeText.objects.order_by("kind", "channel", "language", "-version")
        own = {
            (row.kind, row.channel, row.language): row
            for row in newest.distinct("kind", "channel", "language")
            if not row.is_shipped
        }
        rows = [(kind, _cells(kind, own)) for kind in KINDS.values()]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Words of the notices"),
            "opts": self.opts,
            "rows": rows,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.change_list_template, context)

    def write_view(self, request: HttpRequest, kind: str, channel: str, language: str) -> HttpResponse:
        """Write, look at, try, or give up one text. What is wrong is named, and nothing typed is lost."""
        if not can_write_texts(request.user):
            raise PermissionDenied
        is_known = kind in KINDS and channel in Notice.Channel.values and language in dict(settings.LANGUAGES)
        if not is_known:
            raise Http404
        place = Place(kind, channel, language)
        is_email = channel == Notice.Channel.EMAIL
        if request.method == "POST":
            # Ours to change: the page that is shown again carries the next trial and the newest version.
            data = request.POST.copy()
            form = TextForm(data, is_email=is_email)
            if form.is_valid() and self._carry_out(request, place, form, data):
                return HttpResponseRedirect(request.path)
        else:
            form = TextForm(initial=_beginning(place), is_email=is_email)
        return self._page(request, place, form)

    def _carry_out(self, request: HttpRequest, place: Place, form: TextForm, data: QueryDict) -> bool:
        """Do what the button says; True when the page should be opened anew."""
        sent = form.cleaned_data
        words = {"subject": sent.get("subject", ""), "text": sent["text"].replace("\r\n", "\n")}
        try:
            if "save" in request.POST:
                texts.save_text(place, **words, actor=request.user, seen=sent["seen"])
                self.message_user(request, _("Saved. It is sent from now on."), messages.SUCCESS)
                return True
            if "reset" in request.POST:
                texts.reset_text(place, actor=request.user, seen=sent["seen"])
                self.message_user(request, _("The shipped text is sent from now on."), messages.SUCCESS)
                return True
            if "try" in request.POST:
                self._try(request, place, words, key=str(sent["trial"]))
                data["trial"] = str(uuid.uuid4())
        except TextRefused as refusal:
            for problem in refusal.problems:
                form.add_error("text", str(problem))
        except TextChanged as refusal:
            form.add_error(None, str(refusal))
            data["seen"] = str(_version(place))
        return False

    def _try(self, request: HttpRequest, place: Place, words: dict[str, str], *, key: str) -> None:
        queued = texts.send_trial(place, **words, to=request.user, key=key)
        user: Any = request.user
        if queued or (user.email if place.channel == Notice.Channel.EMAIL else user.phone):
            self.message_user(request, _("A trial is on its way to you."), messages.SUCCESS)
        else:
            self.message_user(request, _("Your account has no contact for this channel."), messages.ERROR)

    def _page(self, request: HttpRequest, place: Place, form: TextForm) -> HttpResponse:
        subject = form["subject"].value() if "subject" in form.fields else ""
        text = str(form["text"].value() or "")
        problems = texts.problems_of(place, subject=subject or "", text=text)
        versions = _versions(place).select_related("created_by").order_by("-version")
        context = {
            **self.admin_site.each_context(request),
            "title": KINDS[place.kind].name,
            "opts": self.opts,
            "kind": KINDS[place.kind],
            "place": place,
            "language_name": dict(settings.LANGUAGES)[place.language],
            "form": form,
            "preview": None if problems else texts.preview(place, subject=subject or "", text=text),
            "shipped": texts.preview_shipped(place),
            "versions": list(versions[:20]),
            "list_url": reverse("admin:communication_noticetext_changelist"),
        }
        return TemplateResponse(request, "admin/communication/noticetext/write.html", context)


def _cells(kind: Kind, own: dict[tuple[str, str, str], NoticeText]) -> list[Cell]:
    return [
        Cell(
            reverse("admin:communication_noticetext_write", args=[kind.code, channel, language]),
            language,
            str(label),
            own.get((kind.code, channel, language)),
        )
        for channel, label in Notice.Channel.choices
        for language, _name in settings.LANGUAGES
    ]


def _versions(place: Place) -> Any:
    return NoticeText.objects.filter(kind=place.kind, channel=place.channel, language=place.language)


def _version(place: Place) -> int:
    newest = _versions(place).order_by("-version").first()
    return newest.version if newest is not None else 0


def _beginning(place: Place) -> dict[str, Any]:
    newest = _versions(place).order_by("-version").first()
    seen = newest.version if newest is not None else 0
    if newest is not None and not newest.is_shipped:
        return {"subject": newest.subject, "text": newest.text, "seen": seen}
    source = texts.shipped_source(place)
    return {"subject": source.subject, "text": source.text, "seen": seen}
