"""Stories: all of them, and the page of one."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.lib.former_slugs import by_slug
from programme.domain.markup import blocks
from programme.models import Story
from programme.policies import can_see_page
from programme.selectors.stories import story_cards
from storefront import structured
from storefront.moved import moved
from storefront.rows import Crumb, group_rows, place_url
from storefront.sharing.cards import story_card
from storefront.visitor_pages import kept_for_visitors
from vendors.models import Partner

PAGE_SIZE = 24
MORE = 3


@require_safe
@kept_for_visitors
def story_list(request: HttpRequest) -> HttpResponse:
    """All published stories, newest first."""
    page = Paginator(Story.objects.published().newest_first(), PAGE_SIZE).get_page(request.GET.get("page"))
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    values = {
        "page": page,
        "page_numbers": [number if isinstance(number, int) else None for number in numbers],
        "stories": story_cards(page.object_list),  # type: ignore[arg-type]  # a slice of the queryset
    }
    return render(request, "storefront/story_list.html", values)


@require_safe
@kept_for_visitors
def story_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One story. A draft is seen by the office only: 404; what was taken back is 410. Its group is named while it is approved.

    An address of before leads to the one of today.
    """
    rows = Story.objects.select_related("region__parent", "vendor__home_region__parent", "product__region")
    story = by_slug(rows, slug)
    if story is None:
        raise Http404
    is_preview = not story.is_published
    if is_preview and not can_see_page(request.user, story):
        if story.state == Story.State.WITHDRAWN:
            return render(request, "storefront/story_gone.html", status=410)
        raise Http404
    if story.slug != slug:
        return moved(request, story.get_absolute_url())
    photos = list(story.photos.all())
    group = story.vendor if story.vendor and story.vendor.state == Partner.State.APPROVED else None
    body = story.said("body")
    values = {
        "story": story,
        "title": story.said("title"),
        "summary": story.said("summary"),
        "body": body,
        "blocks": blocks(body.text),
        "photos": photos,
        "groups": group_rows([group] if group else []),
        "crumbs": _crumbs(story),
        "card": story_card(story, photos[0] if photos else None),
        "data": structured.article(story, photos),
        "more": story_cards(Story.objects.published().exclude(pk=story.pk).newest_first()[:MORE]),
        "is_preview": is_preview,
    }
    response = render(request, "storefront/story_detail.html", values)
    if is_preview:
        add_never_cache_headers(response)
    return response


def _crumbs(story: Story) -> list[Crumb]:
    crumbs: list[Crumb] = [(_("Stories"), reverse("story-list"))]
    if story.region:
        crumbs.append((story.region.shown_name, place_url(story.region)))
    return [*crumbs, (story.said("title").text, None)]
