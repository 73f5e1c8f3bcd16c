"""Closing one's account: what is open, what goes, what stays, and the press that does it."""

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.models import User
from privacy.errors import StillOpen
from privacy.register import TOLD, ByService, Erased, Stays, Wiped
from privacy.selectors.openings import openings
from privacy.services.closing import close
from storefront.account.confirming import confirmed
from storefront.recently_seen import forget_seen


class CloseForm(forms.Form):
    """What becomes of reviews, and that it is meant."""

    KEEP, REMOVE = "keep", "remove"
    reviews = forms.ChoiceField(
        label=_("What you wrote about goods"),
        choices=[
            (KEEP, _("Leave it there, as words of a former customer")),
            (REMOVE, _("Take it away")),
        ],
        initial=KEEP,
        error_messages={
            "required": _("Choose what becomes of your reviews."),
            "invalid_choice": _("Choose what becomes of your reviews."),
        },
    )
    is_sure = forms.BooleanField(
        label=_("Yes, close my account for good"),
        error_messages={"required": _("Tick this, so that nobody closes an account by mistake.")},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request: HttpRequest) -> HttpResponseBase:
    """Say what goes and what stays, and close. Pressed again by whoever has closed it, it says so."""
    if request.method == "POST" and not request.user.is_authenticated:
        return redirect("account-closed")
    return _close(request)


@never_cache
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The account is closed: what comes next."""
    return render(request, "account/closed.html", {"years": settings.SALES_KEEP_YEARS})


@confirmed
def _close(request: HttpRequest) -> HttpResponse:
    person = request.user
    if not isinstance(person, User):
        raise TypeError("confirmed lets nobody else in")
    form = CloseForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            close(person, removes_reviews=form.cleaned_data["reviews"] == CloseForm.REMOVE)
        except StillOpen as error:
            form.add_error(None, str(error.message))
        else:
            logout(request)
            answer = redirect("account-closed")
            forget_seen(answer)
            return answer
    context = {
        "form": form,
        "openings": openings(person),
        "erased": [str(told.title) for told in TOLD if isinstance(told.end, Erased)],
        "ended": [(str(told.title), str(told.end.why)) for told in TOLD if isinstance(told.end, ByService)],
        "staying": [
            (str(told.title), str(told.end.why)) for told in TOLD if isinstance(told.end, Stays | Wiped)
        ],
        "years": settings.SALES_KEEP_YEARS,
    }
    return render(request, "account/close.html", context)
