"""Lists of goods with filters, and the page of one listing."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.models import Product
from catalogue.selectors.facets import Narrowers, narrowers
from catalogue.selectors.kinds import Kinds
from catalogue.selectors.listings import card_rows, cards
from catalogue.selectors.offered import Offered, offered
from catalogue.selectors.search import Found, find
from marketplace.lib.money import currency_sign
from regions.models import Region
from regions.moved_queries import leads_elsewhere
from regions.selectors.asked import Asked, asked_in_address
from regions.selectors.places import nearest
from storefront.context_processors import NAV_CATEGORIES
from storefront.delivery import destination
from storefront.finding import CERTIFICATES, FIELDS, asked_of, ways_out
from storefront.forms import FindForm
from storefront.listing_page import listing_context, preview_context
from storefront.moved import moved
from storefront.prices import read_with_offers
from storefront.problems import Problem, take_refused_add
from storefront.recently_seen import note_seen, seen_cards
from storefront.visitor_pages import kept_for_visitors

PAGE_SIZE = 24
_KNOWN = ("identified_product__scheme", "identified_product__region")
MEANT = 3


@kept_for_visitors
def listing_list(request: HttpRequest) -> HttpResponse:
    """All goods, narrowed by the query string. An unknown place or a price that is none is said, and left out.

    The code of a place of before leads to the one of today.
    """
    return _list(request, Kinds(), category=None)


@kept_for_visitors
def category_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Goods of one kind, narrowed by the query string. 404: no such kind. A word of before leads to the one of today."""
    kinds = Kinds()
    category = kinds.called(slug)
    if category is not None:
        return _list(request, kinds, category=category)
    category = kinds.called_before(slug)
    if category is None:
        raise Http404
    return moved(request, reverse("category-detail", args=[category.slug]))


@require_safe
def listing_count(request: HttpRequest) -> HttpResponse:
    """Words of the button below filters: how many listings the same query string would find, a kind of goods by its slug."""
    kinds = Kinds()
    category = kinds.called(request.GET.get("category", ""))
    form, named = _form_and_named(request)
    wish, _chips, _problems = asked_of(form, category, kinds, named=named)
    return render(request, "storefront/listing_count.html", {"count": len(find(wish, kinds).keys)})


def listing_detail(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One listing and how to buy it. 404: not on sale, whatever the reason; another slug is led to the right one."""
    listing = (
        Product.objects.live()
        .select_related("region__parent__parent", "vendor__home_region__parent", *_KNOWN, "parent")
        .filter(pk=pk)
        .first()
    )
    if listing is None or (listing.is_child and not listing.parent.is_live):
        raise Http404(_("This is not on sale."))
    if listing.is_child or listing.slug != slug:
        return moved(request, listing.get_absolute_url())
    context = listing_context(
        listing,
        to=destination(request),
        page=request.GET.get("reviews"),
        refused=take_refused_add(request, listing.pk),
    )
    context["seen"] = seen_cards(request, beside=listing.pk)
    answer = render(request, "storefront/listing_detail.html", context)
    if request.method == "GET":
        note_seen(request, answer, listing.pk)
    return answer


@require_safe
@login_required
@never_cache
def listing_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A listing as shoppers will see it, with its open change, for its group and for staff. 404: for anybody else."""
    rows = Product.objects.visible_to(request.user).select_related(
        "region__parent__parent", "vendor__home_region__parent", *_KNOWN
    )
    listing = get_object_or_404(rows.whole(), pk=pk)
    context = preview_context(listing, to=destination(request))
    return render(request, "storefront/listing_detail.html", context)


def _list(request: HttpRequest, kinds: Kinds, *, category: Any) -> HttpResponse:
    form, named = _form_and_named(request)
    coded = named.place if named.is_code else None
    if (elsewhere := leads_elsewhere(request, "place", coded, stays=lambda _place: True)) is not None:
        return elsewhere
    wish, chips, problems = asked_of(form, category, kinds, named=named)
    listings = find(wish, kinds)
    found = narrowers(listings.rows, kinds, sums=listings.sums, place=wish.place, category=wish.category)
    listings.keys.told(found.total)
    page = Paginator(listings.keys, PAGE_SIZE).get_page(request.GET.get("page"))
    total, keys = page.paginator.count, list(page.object_list)
    # What is found in a place that ended shows that something of it is still sold.
    if not total and (elsewhere := leads_elsewhere(request, "place", coded, stays=_sells)) is not None:
        return elsewhere
    rows = card_rows(Product.objects.filter(pk__in=keys))
    by_pk = read_with_offers(request, rows, keys[0]) if keys else {}
    in_order = [by_pk[key] for key in keys if key in by_pk]
    beside = _beside(listings, kinds, page=page.number)
    title = category.said("name") if category else _("All products")
    return render(
        request,
        "storefront/listing_list.html",
        {
            "title": title,
            # Combinations of filters have no end, and what they lead to is listed without them.
            "is_narrowed": any(request.GET.get(name) for name in FindForm.base_fields),
            "category": category,
            "section": (kinds.above(category) or [category])[0].slug if category else "",
            "form": form,
            "words": wish.words,
            "instead": listings.instead,
            "place": wish.place,
            "chips": chips,
            "problems": problems,
            "wrong": _wrong(problems),
            "meant": named.others,
            "only": listings.only,
            "places": beside.places,
            "groups": beside.groups,
            "categories": beside.categories,
            "known": beside.known,
            "page": page,
            "page_numbers": _page_numbers(page),
            "total": total,
            "listings": cards(in_order),
            "narrowers": found,
            "currency": currency_sign(settings.CHARGE_CURRENCY),
            "nav_categories": found.roots[:NAV_CATEGORIES],
            "certificates": _certificates(found, chosen=wish.certificate),
            "near": _near(wish.place) if not total else [],
            "ways_out": ways_out(wish, chips, listings, kinds) if not total else [],
            "crumbs": _crumbs(category, kinds),
            "sorts": _sorts(),
        },
    )


def _wrong(problems: Sequence[Problem]) -> dict[str, str]:
    """What stands beside each field in which something was not understood, by the field's name."""
    words = {problem.field_id: problem.words for problem in problems}
    return {name: words[field_id] for name, field_id in FIELDS.items() if field_id in words}


def _certificates(found: Narrowers, *, chosen: str) -> list[tuple[str, Any, int]]:
    """Certificates to narrow by: key, words, how many remain; the chosen one though it leaves nothing."""
    counted = found.certificates
    return [
        (asked, words, counted[asked])
        for asked, words in CERTIFICATES.items()
        if counted[asked] or asked == chosen
    ]


def _form_and_named(request: HttpRequest) -> tuple[FindForm, Asked]:
    """What is asked for, read, and the place and the product that it names; one query at most."""
    form = FindForm(request.GET)
    form.is_valid()
    place, product = form.data.get("place", ""), form.cleaned_data.get("known")
    return form, asked_in_address(place, product=product, limit=MEANT)


def _beside(listings: Found, kinds: Kinds, *, page: int) -> Offered:
    """What else bears the name; who turns to another page has seen it on the first."""
    if page > 1:
        return Offered()
    return offered(listings.asked, kinds, with_unsold=bool(listings.only) or not len(listings.keys))


def _near(place: Region | None) -> list[Region]:
    """Places to look at instead. Of one that ended its own page tells which ones have its land."""
    return nearest(place, limit=MEANT) if place is not None and place.ended_on is None else []


def _page_numbers(page: Page[int]) -> list[int | None]:
    """Numbers of pages to lead to; None where some are left out."""
    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]


def _sorts() -> list[tuple[str, str]]:
    return [
        ("best", _("Best match")),
        ("newest", _("Newest")),
        ("cheap", _("Price, low first")),
        ("dear", _("Price, high first")),
    ]


def _sells(place: Region) -> bool:
    return Product.objects.live().filter(region__path__startswith=place.path).exists()


def _crumbs(category: Any, kinds: Kinds) -> list[tuple[str, str | None]]:
    if category is None:
        return [(_("All products"), None)]
    return [
        (_("All products"), reverse("listing-list")),
        *((row.said("name"), reverse("category-detail", args=[row.slug])) for row in kinds.above(category)),
        (category.said("name"), None),
    ]
