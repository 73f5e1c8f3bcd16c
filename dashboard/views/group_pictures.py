"""Photos, people and papers of the group. Another group's are not found."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dashboard.desk import Desk, frame, group_page
from dashboard.group_forms import GroupPhotosForm, PaperForm, PersonForm
from dashboard.views.group_words import onwards
from marketplace.lib.downloads import private_picture
from marketplace.lib.photos import PictureRefused
from marketplace.lib.uploads import private_storage
from vendors.errors import ApplicationError
from vendors.models import GroupDocument, GroupPerson, GroupPhoto
from vendors.selectors.group_changes import ALT, waiting_of
from vendors.services import documents, story

LONGEST_ID = 19


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def photos(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Photos: add, describe, put first, remove. Everything on the page is saved by every button."""
    rows = _photo_rows(desk)
    form = GroupPhotosForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        for row in rows:
            typed = request.POST.get(f"alt-{row.pk}")
            if typed is not None and typed.strip() != row.alt_text:
                story.describe_photo(row, typed.replace("\0", ""), actor=desk.user)
        error = _add_all(desk, request.FILES.getlist("photos"))
        if not error:
            error = _arrange(request, desk, rows)
        if not error:
            messages.success(request, _("Saved."))
            return redirect("dashboard-group-photos")
        form.is_valid()
        form.add_error("photos", error)
        rows = _photo_rows(desk)
    values = {
        **frame(desk, "group"),
        "form": form,
        "photos": rows,
        "most": story.MOST_PHOTOS,
        "waiting": waiting_of(desk.vendor),
    }
    return render(request, "dashboard/group_photos.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who makes the goods: the list, and a form that adds somebody; sent twice it adds one."""
    form = PersonForm(
        request.POST or None, request.FILES or None, initial={"form_key": secrets.token_urlsafe(16)}
    )
    if request.method == "POST" and form.is_valid() and _save_person(desk, None, form):
        messages.success(request, _("Saved."))
        return redirect("dashboard-group-people")
    rows = list(GroupPerson.objects.filter(vendor=desk.vendor))
    values = {**frame(desk, "group"), "form": form, "people": rows, "waiting": waiting_of(desk.vendor)}
    return render(request, "dashboard/group_people.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Somebody of the story, to change or remove. 404: of another group, or none."""
    row = get_object_or_404(GroupPerson, pk=pk, vendor=desk.vendor)
    if request.method == "POST" and request.POST.get("do") == "remove":
        story.remove_person(row, actor=desk.user)
        messages.success(request, _("%(name)s is not shown any more.") % {"name": row.name})
        return redirect("dashboard-group-people")
    initial = {"name": row.name, "work": row.work, "has_consent": row.consented_at is not None}
    form = PersonForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save_person(desk, row, form):
        messages.success(request, _("Saved."))
        return redirect("dashboard-group-people")
    return render(
        request, "dashboard/group_person.html", {**frame(desk, "group"), "form": form, "person": row}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def papers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Papers for the office: add pages, remove what nobody has checked yet."""
    form = PaperForm(
        request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind", "")}
    )
    if request.method == "POST" and request.POST.get("remove"):
        return _remove_paper(request, desk)
    if request.method == "POST" and form.is_valid() and _add_pages(desk, form):
        return onwards(request, desk, page="dashboard-group-papers")
    rows = GroupDocument.objects.filter(vendor=desk.vendor).prefetch_related("marks")
    return render(
        request, "dashboard/group_papers.html", {**frame(desk, "group"), "form": form, "papers": rows}
    )


@require_safe
@group_page
def paper(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """One page of a paper, as a picture. 404: of another group, or none."""
    row = get_object_or_404(GroupDocument, pk=pk, vendor=desk.vendor)
    return private_picture(private_storage(), row.name)


def _add_all(desk: Desk, uploads: list[Any]) -> str:
    """Why a photo was not taken; empty when all were. Those before it are kept."""
    for upload in uploads:
        try:
            story.add_photo(desk.vendor, upload, actor=desk.user)
        except (PictureRefused, ApplicationError) as error:
            return f"{upload.name}: {error.message}"
    return ""


def _photo_rows(desk: Desk) -> list[GroupPhoto]:
    """The group's photos with the words that it has given them, read by somebody or not."""
    waiting = waiting_of(desk.vendor)
    rows = list(GroupPhoto.objects.filter(vendor=desk.vendor))
    for row in rows:
        row.alt_text = waiting.words.get(f"{ALT}{row.pk}", row.alt_text) if waiting else row.alt_text
    return rows


def _arrange(request: HttpRequest, desk: Desk, rows: list[GroupPhoto]) -> str:
    """Put first or remove what a button names."""
    own = {str(row.pk): row for row in rows}
    first, earlier, gone = (own.get(request.POST.get(do, "")) for do in ("first", "earlier", "remove"))
    try:
        if first is not None:
            story.show_first(first)
        if earlier is not None:
            story.show_earlier(earlier)
        if gone is not None:
            story.remove_photo(gone, actor=desk.user)
    except ApplicationError as error:
        return str(error.message)
    return ""


def _save_person(desk: Desk, row: GroupPerson | None, form: PersonForm) -> bool:
    typed = form.cleaned_data
    try:
        story.save_person(
            desk.vendor,
            row,
            form_key=typed["form_key"] or secrets.token_urlsafe(16),
            name=typed["name"],
            work=typed["work"],
            has_consent=typed["has_consent"],
            portrait=typed["portrait"],
            actor=desk.user,
        )
    except PictureRefused as error:
        form.add_error("portrait", str(error.message))
    except ApplicationError as error:
        form.add_error(None, str(error.message))
    return not form.errors


def _add_pages(desk: Desk, form: PaperForm) -> bool:
    typed = form.cleaned_data
    if not typed["pages"]:
        form.add_error("pages", _("Choose at least one photo."))
    for upload in typed["pages"]:
        try:
            documents.add_document(
                desk.vendor, upload, kind=typed["kind"], number=typed["number"], actor=desk.user
            )
        except (PictureRefused, ApplicationError) as error:
            form.add_error("pages", f"{upload.name}: {error.message}")
            break
    return not form.errors


def _remove_paper(request: HttpRequest, desk: Desk) -> HttpResponse:
    pk = request.POST.get("remove", "")
    key = int(pk) if pk.isdecimal() and len(pk) < LONGEST_ID else 0
    row = get_object_or_404(GroupDocument, pk=key, vendor=desk.vendor)
    try:
        documents.remove_document(row)
    except ApplicationError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The page is gone."))
    return redirect("dashboard-group-papers")
