"""Collections: those of today, and the page of one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.lib.former_slugs import by_slug
from programme.models import Collection
from programme.policies import can_see_page
from programme.selectors.collections import buyable, collection_cards, with_pictures
from storefront.moved import moved
from storefront.rows import Crumb, place_url
from storefront.sharing.cards import collection_card
from storefront.visitor_pages import kept_for_visitors

MOST = 60


@require_safe
@kept_for_visitors
def collection_list(request: HttpRequest) -> HttpResponse:
    """What runs today, what ends first in front."""
    running = with_pictures(collection_cards(Collection.objects.running().in_order()[:MOST]))
    return render(request, "storefront/collection_list.html", {"collections": running})


@require_safe
@kept_for_visitors
def collection_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One collection. Before its first day and while it is a draft only the office sees it: 404. Taken back: 410.

    Once it is over the address stays, for those who kept it and for the next year, and says when it was; search engines are
    asked to leave it out. An address of before leads to the one of today.
    """
    collection = by_slug(Collection.objects.select_related("region__parent"), slug)
    if collection is None:
        raise Http404
    today = collection.today
    is_public = collection.is_published and collection.starts_on <= today
    if not is_public and not can_see_page(request.user, collection):
        if collection.state == Collection.State.WITHDRAWN:
            return render(request, "storefront/collection_gone.html", {"others": _others()}, status=410)
        raise Http404
    if collection.slug != slug:
        return moved(request, collection.get_absolute_url())
    is_over = collection.is_published and today > collection.ends_on
    values: dict[str, Any] = {
        "collection": collection,
        "title": collection.said("title"),
        "words": collection.said("words"),
        "days": days_words(collection.starts_on, collection.ends_on),
        "about": _about(collection, is_over=is_over),
        "card": collection_card(collection),
        "crumbs": _crumbs(collection),
        "is_preview": not is_public,
        "is_over": is_over,
        "listings": [] if is_over else buyable(collection),
        "others": _others() if is_over else [],
    }
    response = render(request, "storefront/collection_detail.html", values)
    if not is_public:
        add_never_cache_headers(response)
    return response


def days_words(first: date, last: date) -> str:
    """Both days, as short as they can be said: "1 to 20 December 2026"."""
    if first == last:
        return date_format(last, "j F Y")
    style = "j F Y" if first.year != last.year else "j F" if first.month != last.month else "j"
    values = {"first": date_format(first, style), "last": date_format(last, "j F Y")}
    return _("%(first)s to %(last)s") % values


def _about(collection: Collection, *, is_over: bool) -> str:
    kind = capfirst(str(collection.get_kind_display()))
    if is_over:
        return kind
    return _("%(kind)s, until %(day)s") % {"kind": kind, "day": date_format(collection.ends_on, "j F")}


@dataclass(frozen=True)
class _Other:
    """A collection that runs now, as a link."""

    url: str
    title: str
    language: str


def _others() -> list[_Other]:
    rows = Collection.objects.running().in_order()[:6]
    return [
        _Other(row.get_absolute_url(), words.text, words.language)
        for row, words in ((row, row.said("title")) for row in rows)
    ]


def _crumbs(collection: Collection) -> list[Crumb]:
    crumbs: list[Crumb] = [(_("Collections"), reverse("collection-list"))]
    if collection.region:
        crumbs.append((collection.region.shown_name, place_url(collection.region)))
    return [*crumbs, (collection.said("title").text, None)]
