"""Facts, place and story of the group: short pages, each saved with gaps."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.desk import APPLICATION_STATES, Desk, frame, group_page
from dashboard.group_forms import FactsForm, PlaceForm, StoryForm
from vendors.errors import ApplicationError
from vendors.selectors.group_changes import waiting_of, words_of
from vendors.services import applications
from vendors.services.story import update_story as write_story


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def facts(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the group says about itself. Sent twice it is said once."""
    form = FactsForm(request.POST or None, vendor=desk.vendor)
    if request.method == "POST" and form.is_valid():
        try:
            applications.update_facts(desk.vendor, form.facts())
        except ApplicationError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            return onwards(request, desk)
    return render(request, "dashboard/group_facts.html", {**frame(desk, "group"), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def place(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Where the group is at home: typed, looked up, chosen."""
    form = PlaceForm(request.POST or None, initial={"region": desk.vendor.home_region})
    if request.method == "POST" and form.is_valid() and request.POST.get("do") != "find":
        try:
            officer = desk.user if desk.is_on_behalf else None
            applications.choose_place(desk.vendor, form.cleaned_data["region"], officer=officer)
        except ApplicationError as error:
            form.add_error("region", str(error.message))
        else:
            return onwards(request, desk, page="dashboard-group-facts")
    return render(request, "dashboard/group_place.html", {**frame(desk, "group"), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@group_page
def story(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The line and the story that shoppers read."""
    waiting = waiting_of(desk.vendor)
    words = waiting.words if waiting else {}
    now = words_of(desk.vendor)
    initial = {name: words.get(name, now[name]) for name in now}
    form = StoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            typed = dict(form.cleaned_data)
            own = {name: typed.pop(name) for name in ("summary", "story")}
            write_story(desk.vendor, **own, elsewhere=typed, actor=desk.user)
        except ApplicationError as error:
            form.add_error(None, str(error.message))
        else:
            has_to_wait = waiting_of(desk.vendor) is not None
            said = _("Saved. Shoppers see it once the office has read it.") if has_to_wait else ""
            return onwards(request, desk, words=said)
    values = {**frame(desk, "group"), "form": form, "waiting": waiting}
    return render(request, "dashboard/group_story.html", values)


def onwards(request: HttpRequest, desk: Desk, *, page: str = "", words: str = "") -> HttpResponse:
    """Back to where one came from: the application while it runs, else the tab. words: what is said there."""
    messages.success(request, words or _("Saved."))
    home = "dashboard-application" if desk.vendor.state in APPLICATION_STATES else "dashboard-our-group"
    return redirect(page or home)
