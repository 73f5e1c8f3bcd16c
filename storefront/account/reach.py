"""How a shopper is reached."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from notices.forms import ReachForm
from notices.services.preferences import set_wishes, wishes_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: HttpRequest) -> HttpResponse:
    """Language, channels, quiet hours and the daily message of the person who is signed in."""
    form = ReachForm(request.POST or None, person=request.user, wishes=wishes_of(request.user))
    if request.method == "POST" and form.is_valid():
        set_wishes(request.user, form.wishes())
        messages.success(request, _("Saved. We write to you like this from now on."))
        return redirect("account-reach")
    return render(request, "account/reach.html", {"form": form})
