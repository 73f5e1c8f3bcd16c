"""Lists of goods with filters, and the page of one listing."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.facets import narrowers
from catalogue.selectors.listings import card_rows, cards
from catalogue.selectors.offered import offered
from catalogue.selectors.places import named_place
from catalogue.selectors.search import Wish, find
from marketplace.lib.money import format_price
from regions.models import IdentifiedProduct, Region
from regions.moved_queries import moved_query
from regions.selectors.places import suggest
from storefront.delivery import destination
from storefront.forms import FindForm
from storefront.listing_page import listing_context, preview_context
from storefront.rows import group_rows
from storefront.visitor_pages import kept_for_visitors
from vendors.models import Partner

Category = get_model("catalogue", "Category")

PAGE_SIZE = 24
_KNOWN = ("identified_product__scheme", "identified_product__region")
MEANT = 3
# By the keys of catalogue.selectors.claims.ASKED.
CERTIFICATES = {
    "gi": gettext_lazy("protected name (GI)"),
    "organic": gettext_lazy("organic"),
    "food": gettext_lazy("food licence"),
    "other": gettext_lazy("other certificates"),
}


@dataclass(frozen=True)
class Chip:
    """A chosen filter: its words, and the name in the query string that takes it off."""

    name: str
    words: str


@kept_for_visitors
def listing_list(request: HttpRequest) -> HttpResponse:
    """All goods, narrowed by the query string. An unknown place or a price that is none is said, and left out.

    The code of a place of before leads to the one of today.
    """
    return _list(request, category=None)


@kept_for_visitors
def category_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Goods of one kind, narrowed by the query string. 404: no such kind."""
    return _list(request, category=get_object_or_404(Category, slug=slug, is_public=True))


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
        return HttpResponsePermanentRedirect(listing.get_absolute_url())
    context = listing_context(listing, to=destination(request), page=request.GET.get("reviews"))
    return render(request, "storefront/listing_detail.html", context)


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


def _list(request: HttpRequest, *, category: Any) -> HttpResponse:
    if (elsewhere := moved_query(request, "place", stays=_sells)) is not None:
        return elsewhere
    form = FindForm(request.GET)
    form.is_valid()
    wish, chips, problems = _wish(form, category)
    listings = find(wish)
    page = Paginator(listings.keys, PAGE_SIZE).get_page(request.GET.get("page"))
    keys = list(page.object_list)
    by_pk = {row.pk: row for row in card_rows(Product.objects.filter(pk__in=keys))}
    in_order = [by_pk[key] for key in keys if key in by_pk]
    found = narrowers(listings.rows)
    beside = offered(wish.words)
    title = category.said("name") if category else _("All products")
    meant = suggest(form.data.get("place", ""), limit=MEANT) if wish.place is None else []
    root = _section(category)
    return render(
        request,
        "storefront/listing_list.html",
        {
            "title": title,
            # Combinations of filters have no end, and what they lead to is listed without them.
            "is_narrowed": any(request.GET.get(name) for name in FindForm.base_fields),
            "category": category,
            "section": root,
            "form": form,
            "words": wish.words,
            "instead": listings.instead,
            "place": wish.place,
            "chips": chips,
            "problems": problems,
            "meant": [found.region for found in meant],
            "only": listings.only,
            "places": beside.places,
            "groups": group_rows(beside.groups),
            "categories": beside.categories,
            "known": beside.known,
            "page": page,
            "page_numbers": [
                number if isinstance(number, int) else None
                for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
            ],
            "total": page.paginator.count,
            "listings": cards(in_order),
            "narrowers": found,
            "certificates": [
                (asked, words, found.certificates[asked])
                for asked, words in CERTIFICATES.items()
                if found.certificates[asked] or asked == wish.certificate
            ],
            "crumbs": _crumbs(category),
            "sorts": [
                ("best", _("Best match")),
                ("newest", _("Newest")),
                ("cheap", _("Price, low first")),
                ("dear", _("Price, high first")),
            ],
        },
    )


def _sells(place: Region) -> bool:
    return Product.objects.live().filter(region__path__startswith=place.path).exists()


def _section(category: Any) -> str:
    if category is None:
        return ""
    root = category if category.depth == 1 else category.get_root()
    return str(root.slug)


def _crumbs(category: Any) -> list[tuple[str, str | None]]:
    if category is None:
        return [(_("All products"), None)]
    above = category.get_ancestors() if category.depth > 1 else []
    return [
        (_("All products"), reverse("listing-list")),
        *((row.said("name"), reverse("category-detail", args=[row.slug])) for row in above),
        (category.said("name"), None),
    ]


def _wish(form: FindForm, category: Any) -> tuple[Wish, list[Chip], list[str]]:
    """From what was sent to what is looked for, the chips that take it off, and what could not be understood."""
    sent = form.cleaned_data
    problems = [f"{form.data.get(name, '')}: {errors[0]}" for name, errors in form.errors.items()]
    chips: list[Chip] = []
    place = named_place(sent.get("place") or "")
    if place is not None:
        chips.append(Chip("place", place.name))
    elif sent.get("place"):
        problems.insert(0, _("We do not know a place called “%(place)s”.") % {"place": sent["place"]})
    if sent.get("q"):
        chips.insert(0, Chip("q", f"“{sent['q']}”"))
    slug = category.slug if category else sent.get("category") or ""
    if slug and not category:
        chosen = Category.objects.filter(slug=slug, is_public=True).first()
        chips.append(Chip("category", chosen.said("name") if chosen else slug))
    if sent.get("kind"):
        chips.append(Chip("kind", str(dict(Partner.Kind.choices)[sent["kind"]])))
    if sent.get("certificate"):
        chips.append(Chip("certificate", str(CERTIFICATES[sent["certificate"]])))
    if sent.get("known"):
        known = IdentifiedProduct.objects.filter(pk=sent["known"]).first()
        chips.append(Chip("known", known.name if known else str(sent["known"])))
    chips += _price_chips(sent)
    if sent.get("in_stock"):
        chips.append(Chip("in_stock", _("ready to send")))
    wish = Wish(
        words=(sent.get("q") or "").strip(),
        place=place,
        category=slug,
        kind=sent.get("kind") or "",
        known=sent.get("known"),
        certificate=sent.get("certificate") or "",
        price_min=sent.get("price_min"),
        price_max=sent.get("price_max"),
        in_stock=bool(sent.get("in_stock")),
        sort=sent.get("sort") or "best",
    )
    return wish, chips, problems


def _price_chips(sent: dict[str, Any]) -> list[Chip]:
    currency: str = settings.CHARGE_CURRENCY
    chips = []
    if sent.get("price_min") is not None:
        chips.append(
            Chip("price_min", _("from %(price)s") % {"price": format_price(sent["price_min"], currency)})
        )
    if sent.get("price_max") is not None:
        chips.append(
            Chip("price_max", _("up to %(price)s") % {"price": format_price(sent["price_max"], currency)})
        )
    return chips
