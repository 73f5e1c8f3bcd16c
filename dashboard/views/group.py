"""The group itself: the first page of the tab *Group*."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.desk import Desk, frame, member_page
from dashboard.hub import doors


@require_safe
@member_page
def our_group(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every page about the group that this member may open. One query besides the desk's."""
    return render(request, "dashboard/our_group.html", {**frame(desk, "group"), "doors": doors(desk)})
