"""How the member who looks is reached."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.desk import Desk, frame, member_page
from notices.forms import ReachForm
from notices.services.preferences import set_wishes, wishes_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def reach(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Language, channels, quiet hours and the daily message of this member alone."""
    form = ReachForm(request.POST or None, person=desk.user, wishes=wishes_of(desk.user))
    if request.method == "POST" and form.is_valid():
        set_wishes(desk.user, form.wishes())
        messages.success(request, _("Saved. We write to you like this from now on."))
        return redirect("dashboard-reach")
    return render(request, "dashboard/reach.html", {**frame(desk, "group"), "form": form})
