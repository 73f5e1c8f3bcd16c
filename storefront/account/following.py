"""What a person follows, what is new there, and whether we write about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.models import Follow, FollowNews
from catalogue.selectors.follows import followed_by, new_there
from catalogue.selectors.listings import card_rows, cards
from catalogue.services.following import leave, want_news
from storefront.rows import group_rows, place_rows

SHELF = 24


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest) -> HttpResponse:
    """Places and groups with what came since one follows them; presses leave one (follow) or switch the message (news)."""
    if request.method == "POST":
        return _pressed(request)
    follows = followed_by(request.user)
    news = FollowNews.objects.filter(person=request.user.pk).first()
    return render(
        request,
        "account/following.html",
        {
            "rows": [_row(follow) for follow in follows],
            "new": cards(card_rows(new_there(follows))[:SHELF]),
            "is_told": bool(news and news.is_wanted),
            "section": "",
        },
    )


def _pressed(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("follow", "")
    if request.POST.get("news") in ("on", "off"):
        is_wanted = request.POST["news"] == "on"
        want_news(request.user, is_wanted=is_wanted)
        messages.success(
            request,
            _("We write once a week, when something is new.")
            if is_wanted
            else _("We write no more of this."),
        )
    elif key.isdecimal() and len(key) < 10:
        leave(request.user, int(key))
    return redirect("account-following")


def _row(follow: Follow) -> dict[str, object]:
    """A place or group as a list shows it; url is empty for a group that is not in the shop any more."""
    if follow.region is not None:
        place = place_rows([follow.region], {})[0]
        return {"pk": follow.pk, "name": place.name, "url": place.url, "code": place.code, "about": ""}
    assert follow.vendor is not None  # noqa: S101 - a constraint says so
    group = group_rows([follow.vendor])[0]
    is_shown = follow.vendor.state == follow.vendor.State.APPROVED
    return {
        "pk": follow.pk,
        "name": group.name,
        "url": group.url if is_shown else "",
        "code": group.place_code,
        "about": group.about,
    }
