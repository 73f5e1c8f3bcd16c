"""The button that follows a place or group, its page for those without an account, and the link that stops the message."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from catalogue.errors import ListingError
from catalogue.models import follow_news_of
from catalogue.services.following import (
    follow_group,
    follow_place,
    stop_news,
    unfollow_group,
    unfollow_place,
)
from regions.models import Region
from regions.selectors.register import place_by_code, successor_of
from storefront.foreign import filled
from storefront.going_back import page_of_ours, sign_in_first
from storefront.pressed import FOLLOW_GROUP, FOLLOW_PLACE, remember
from storefront.rows import place_url
from vendors.models import Partner


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place_follow(request: HttpRequest, code: str) -> HttpResponse:
    """Follow a place, or leave it (do=drop), then go back to "next". 404: no such place."""
    found = place_by_code(code)
    if found is None:
        raise Http404
    region: Region = successor_of(found) or found
    return _page(request, region, what=FOLLOW_PLACE, follow=follow_place, leave=unfollow_place)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vendor_follow(request: HttpRequest, code: str) -> HttpResponse:
    """Follow a group, or leave it (do=drop), then go back to "next". 404: not in the shop."""
    group = get_object_or_404(Partner.objects.public(), code=code)
    return _page(request, group, what=FOLLOW_GROUP, follow=follow_group, leave=unfollow_group)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the weekly message, without signing in. 404: no link of ours.

    Reading changes nothing, since programs of mail look into links before people do.
    """
    news = follow_news_of(token)
    if news is None:
        raise Http404(_("This link is not whole. Open it from the message once more."))
    if request.method == "POST":
        stop_news(news)
        return redirect("follow-news-stop", token)
    return render(request, "storefront/follow_stop.html", {"is_wanted": news.is_wanted, "section": ""})


def _page(
    request: HttpRequest,
    thing: Region | Partner,
    *,
    what: str,
    follow: Callable[[Any, Any], None],
    leave: Callable[[Any, Any], None],
) -> HttpResponse:
    person = request.user
    name = thing.shown_name if isinstance(thing, Region) else thing.name
    if request.method != "POST":
        back = place_url(thing) if isinstance(thing, Region) else thing.get_absolute_url()
        return render(request, "storefront/follow.html", {"name": name, "back": back, "section": ""})
    if not person.is_authenticated:
        remember(request, what, thing.pk)
        messages.info(request, filled(_("Sign in, and you follow %(name)s."), name=name))
        return sign_in_first(reverse("account-following"))
    said = ""
    if request.POST.get("do") == "drop":
        leave(person, thing)
    else:
        try:
            follow(person, thing)
        except ListingError as error:
            messages.error(request, str(error.message))
            return redirect("account-following")
        said = filled(_("You follow %(name)s."), name=name)
    if "X-Live" in request.headers:
        return render(request, "storefront/parts/follow.html", {"thing": thing})
    if said:
        messages.success(request, said)
    return redirect(page_of_ours(request, request.POST.get("next", "")) or "account-following")
