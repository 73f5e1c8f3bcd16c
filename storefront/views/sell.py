"""Selling here: what it takes, and beginning an application."""

import secrets

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.models import User
from regions.models import Region
from regions.selectors.register import place_by_code, successor_of
from storefront.sell_forms import BeginForm
from storefront.views.home import shares
from vendors.errors import ApplicationError
from vendors.models import Partner
from vendors.policies import can_apply_for_group
from vendors.selectors.checklist import asked_of_all
from vendors.services.applications import Beginning, begin, begin_on_behalf

# The names under which the dashboard keeps the chosen group and the group an officer applies for.
CHOSEN, ON_BEHALF = "dashboard-group", "on-behalf-group"


@require_safe
def sell(request: HttpRequest) -> HttpResponse:
    """Who may sell, what is asked, what it costs; members find the way to their groups."""
    values = {"section": "how", "asked": asked_of_all(), "shares": shares()}
    if request.user.is_authenticated:
        values["groups"] = list(Partner.objects.filter(memberships__user=request.user).order_by("name"))
    return render(request, "storefront/sell.html", values)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sell_begin(request: HttpRequest) -> HttpResponse:
    """Begin an application with name, kind and place; sent twice it begins one group. Then the desk takes over.

    ?place=code fills the place in.
    """
    person = request.user
    if not isinstance(person, User):
        raise TypeError("login_required lets nobody else in")
    is_officer = can_apply_for_group(person)
    begins_with = {"key": secrets.token_urlsafe(15), "region": _asked_place(request)}
    form = BeginForm(request.POST or None, is_officer=is_officer, initial=begins_with)
    if request.method == "POST" and form.is_valid() and request.POST.get("do") != "find":
        try:
            vendor = _begun(form, person, is_officer=is_officer)
        except ApplicationError as error:
            field = {"place": "region"}.get(error.field, error.field)
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            request.session[ON_BEHALF if is_officer else CHOSEN] = vendor.pk
            return redirect("dashboard-application")
    return render(request, "storefront/sell_begin.html", {"form": form, "is_officer": is_officer})


def _asked_place(request: HttpRequest) -> Region | None:
    code = request.GET.get("place", "").replace("\0", "")
    place = place_by_code(code) if code else None
    return (successor_of(place) or place) if place else None


def _begun(form: BeginForm, person: User, *, is_officer: bool) -> Partner:
    typed = form.cleaned_data
    beginning = Beginning(key=typed["key"], name=typed["name"], kind=typed["kind"], region=typed["region"])
    if not is_officer:
        return begin(beginning, applicant=person)
    return begin_on_behalf(
        beginning,
        officer=person,
        chair_name=typed["chair_name"],
        chair_contact=typed["chair_contact"],
    )
