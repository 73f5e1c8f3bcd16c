"""Listings as a file: taking them along, handing them in, and what becomes of a file."""

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.imports.columns import COLUMNS, FURTHER_SIZE
from catalogue.imports.faults import words
from catalogue.imports.reading import MOST_BYTES, MOST_ROWS, FileRefused
from catalogue.models import ImportJob
from catalogue.selectors.import_reports import (
    error_file,
    export_file,
    fault_lines,
    progress_of,
    template_file,
)
from catalogue.services import importing
from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.forms import PlainForm
from marketplace.lib.downloads import csv_response
from marketplace.lib.states import IllegalTransition

State = ImportJob.State
MOST_SHOWN = 200
LAST = 10
REFRESH_SECONDS = "3"


class FileForm(PlainForm):
    """A file to hand in. token: of this form, so that it is taken once."""

    file = forms.FileField(
        label=gettext_lazy("File with listings"),
        help_text=gettext_lazy(
            "CSV, as a spreadsheet saves it. It is looked through first; nothing is changed."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty. Begin with the template."),
        },
    )
    token = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def files(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take listings along, hand a file in, and the last files. 403: a packer who hands one in."""
    form = FileForm(initial={"token": secrets.token_urlsafe(16)})
    if request.method == "POST":
        if not desk.writes_listings:
            raise PermissionDenied
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                made = _take_in(desk, form.cleaned_data)
            except FileRefused as refused:
                form.add_error("file", words(refused.fault))
            else:
                return redirect("dashboard-file-job", pk=made.pk)
    jobs = ImportJob.objects.visible_to(desk.user).filter(vendor=desk.vendor).select_related("made_by")
    values = {
        **frame(desk, "listings"),
        "form": form,
        "jobs": jobs.order_by("-pk")[:LAST],
        "may_write": desk.writes_listings,
        "most_rows": MOST_ROWS,
    }
    return render(request, "dashboard/file_list.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def job(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What a file would do or has done; do: "begin" or "stop". 404: of another group. 403: a packer who decides."""
    found = _own_job(desk, pk)
    desk = move_to(request, desk, found.vendor_id)
    if request.method == "POST":
        if not desk.writes_listings:
            raise PermissionDenied
        _decide(request, desk, found)
        return redirect("dashboard-file-job", pk=pk)
    progress = progress_of(found)
    is_under_way = found.state in (State.CHECKING, State.IMPORTING)
    values = {
        **frame(desk, "listings"),
        "job": found,
        "progress": progress,
        "part": progress.done if found.state == State.IMPORTING else progress.looked,
        "whole": progress.good if found.state == State.IMPORTING else progress.rows,
        "is_under_way": is_under_way,
        "faults": fault_lines(found, most=MOST_SHOWN) if progress.faulty else [],
        "may_write": desk.writes_listings,
        "most_shown": MOST_SHOWN,
    }
    response = render(request, "dashboard/file_job.html", values)
    if is_under_way:
        # The page asks again by itself, without scripts.
        response["Refresh"] = REFRESH_SECONDS
    return response


@require_safe
@member_page
def errors(_request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The rows that cannot be taken over, with the reason, to be corrected and handed in. 404: of another group."""
    found = _own_job(desk, pk)
    return csv_response(error_file(found), f"{_('to correct')}-{found.pk}")


@require_safe
@member_page
def export(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """All listings of the group with numbers and prices."""
    return csv_response(export_file(desk.vendor), f"{desk.vendor.code}-{timezone.localdate():%Y-%m-%d}")


@require_safe
@member_page
def template(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """A file with the header and, as an example, a listing with two sizes."""
    place = desk.vendor.home_region.code
    examples = {column.name: column.example for column in COLUMNS} | {"place": place}
    return csv_response(template_file([examples, {**examples, **FURTHER_SIZE}]), "template")


@require_safe
@member_page
def columns(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What each column means."""
    values = {**frame(desk, "listings"), "columns": COLUMNS}
    return render(request, "dashboard/file_columns.html", values)


def _own_job(desk: Desk, pk: int) -> ImportJob:
    found: ImportJob = get_object_or_404(ImportJob.objects.visible_to(desk.user), pk=pk)
    return found


def _take_in(desk: Desk, typed: dict[str, Any]) -> ImportJob:
    upload: UploadedFile[Any] = typed["file"]
    if upload.size and upload.size > MOST_BYTES:
        raise FileRefused("file_too_large", most=MOST_BYTES // 1024 // 1024)
    return importing.take_in(
        desk.vendor,
        upload.read(),
        name=upload.name or "",
        token=typed["token"] or secrets.token_urlsafe(16),
        actor=desk.user,
    )


def _decide(request: HttpRequest, desk: Desk, found: ImportJob) -> None:
    try:
        if request.POST.get("do") == "begin":
            importing.begin(found, desk.user)
        elif request.POST.get("do") == "stop":
            importing.stop(found, desk.user)
    except IllegalTransition:
        messages.error(request, _("This was decided meanwhile. Nothing has been changed by pressing."))
