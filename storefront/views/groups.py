"""Producer groups: the list, and the page of one."""

from decimal import Decimal

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.models import Product
from catalogue.selectors.claims import claims_of_group
from catalogue.selectors.listings import card_rows, cards
from catalogue.selectors.places import counts_by_path
from orders.domain.delivery import Package
from programme.models import Story
from programme.selectors.stories import story_cards
from storefront import structured
from storefront.delivery import destination, offered_by
from storefront.moved import moved
from storefront.place_maps import place_map, tiles_of
from storefront.rows import Crumb, group_rows, place_url
from storefront.sharing.cards import group_card
from storefront.visitor_pages import kept_for_visitors
from vendors.models import Partner
from vendors.policies import can_see_page
from vendors.selectors.certificates import food_licence_of
from vendors.selectors.group_changes import people_shown

PAGE_SIZE = 40
SHELF = 24
STORIES = 3
# What a group sends for at the least.
LIGHTEST = Package(Decimal(0), 1, spoils=False)


@kept_for_visitors
def vendor_list(request: HttpRequest) -> HttpResponse:
    """All approved groups by name, forty on a page."""
    groups = Partner.objects.public().select_related("home_region__parent").order_by("name", "pk")
    page = Paginator(groups, PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return render(
        request,
        "storefront/group_list.html",
        {
            "section": "groups",
            "page": page,
            "page_numbers": [number if isinstance(number, int) else None for number in numbers],
            "groups": group_rows(page.object_list),
            "total": page.paginator.count,
        },
    )


@kept_for_visitors
def vendor_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One group: where it is, its story and people, whether it is open, what it makes.

    404: unknown or not approved, but for those who write the page or decide about it: they look at it beforehand.
    """
    rows = Partner.objects.select_related("home_region__parent__parent")
    # Codes are read off paper and typed; they never change, whatever the group comes to be called.
    group = rows.filter(code=code).first() or get_object_or_404(rows, code__iexact=code)
    if not can_see_page(request.user, group):
        raise Http404
    if group.code != code:
        return moved(request, group.get_absolute_url())
    is_preview = group.state != Partner.State.APPROVED
    today = group.today
    region = group.home_region
    listings = Product.objects.none() if is_preview else Product.objects.live().whole().filter(vendor=group)
    found = list(card_rows(listings).order_by("-published_at", "-pk")[: SHELF + 1])
    claims = claims_of_group(group.pk)
    photos = list(group.photos.filter(waits=False))
    to = destination(request)
    story = group.said("story")
    response = render(
        request,
        "storefront/group_detail.html",
        {
            "section": "groups",
            "group": group,
            "is_preview": is_preview,
            "region": region,
            "map": place_map(region, tiles_of(region), counts_by_path()),
            "crumbs": _crumbs(group),
            "story": story,
            "paragraphs": [part for part in story.split("\n") if part.strip()],
            "photos": photos,
            "claims": claims,
            "card": group_card(group, photos[0] if photos else None),
            "data": structured.group(group, claims=claims, pictures=[photo.large for photo in photos]),
            "food_licence": food_licence_of(group),
            "people": people_shown(group),
            "stories": story_cards(Story.objects.about_group(group)[:STORIES]),
            "listings": cards(found[:SHELF]),
            "has_more": len(found) > SHELF,
            "to": to,
            "sends": None
            if is_preview or not found
            else offered_by(group, LIGHTEST, currency=settings.CHARGE_CURRENCY, to=to),
            "closed_until": date_format(group.closed_until, "j F Y")
            if group.closed_until and group.is_closed_on(today)
            else "",
            "closes": date_format(group.closed_from, "j F Y")
            if group.closed_from and group.closed_from > today
            else "",
        },
    )
    if is_preview:
        add_never_cache_headers(response)
    return response


def _crumbs(group: Partner) -> list[Crumb]:
    region = group.home_region
    return [(_("Groups"), reverse("vendor-list")), (region.shown_name, place_url(region)), (group.name, None)]
