"""Template tags of all pages: icons, money, addresses of bands, links that keep a query."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.defaultfilters import date as date_words
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django_guid import get_guid

from catalogue.selectors import facets
from catalogue.selectors.listings import ListingCard
from marketplace.lib.addresses import public_link
from marketplace.lib.countries import country_name
from marketplace.lib.money import AT_PAR, format_money, format_price
from marketplace.lib.page_address import address_of_page
from marketplace.lib.spans import span_words
from marketplace.lib.translated import Said, Translated
from orders.selectors.running_offers import RunningOffers
from orders.shipping.options import DeliveryOption
from regions.models import Region
from storefront.delivery import arrival_words
from storefront.foreign import foreign_language, marked
from storefront.icons import ICONS
from storefront.prices import card_price, running_on_page
from storefront.visitor import followed_on_page, saved_on_page
from vendors.models import Partner

register = template.Library()


@register.filter
def counted(count: int) -> str:
    """How many there are, of what is counted up to a limit only: "12", "1000+"."""
    return f"{count}+" if count >= facets.MOST_COUNTED else str(count)


@register.simple_tag
def request_id() -> str:
    """The id under which the log tells of this request; empty outside of one. Asks no database."""
    return get_guid() or ""


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon inline, hidden from screen readers: words beside it carry the meaning.

    size: "s" for the small one. Raises KeyError for an icon that is not drawn.
    """
    shape = mark_safe(ICONS[name])  # noqa: S308 - our own constant, never input
    extra = " icon-s" if size == "s" else ""
    return format_html('<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', extra, shape)


@register.simple_tag
def band_url(code: str) -> str:
    """Address of the woven band of a place."""
    return reverse("band", args=[code])


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """The amount with every place of the smallest unit, for sums: "₹8,190.00"."""
    return format_money(amount, currency)


@register.filter
def price(amount: Decimal, currency: str) -> str:
    """The amount as on a card: "₹280"."""
    return format_price(amount, currency)


@register.filter
def whole(number: str) -> SafeString:
    """A number that is read out, such as an order's, marked so that it is not broken at its hyphens."""
    return format_html('<span class="whole">{}</span>', number)


@register.filter
def said(row: Translated, field: str) -> Said:
    """A field of a listing, group or kind of goods in the reader's language, else in its own."""
    return row.said(field)


@register.filter
def lang(words: object) -> SafeString:
    """The lang attribute for an element that holds words of people; nothing where they are in the language of the page."""
    code = foreign_language(words)
    return format_html(' lang="{}"', code) if code else mark_safe("")


@register.filter
def foreign(words: object) -> SafeString:
    """Words of people inside a text of ours, marked with their language where it is not the page's."""
    return marked(words)


@register.filter
def country(row: Any) -> str:
    """Name of a row of Oscar's Country in the reader's language."""
    return country_name(row.iso_3166_1_a2, row.printable_name)


@register.filter
def is_unreviewed(code: str) -> bool:
    """Whether no speaker has read the texts of the interface in this language yet."""
    return code in settings.UNREVIEWED_LANGUAGES


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The query string of this page with some values changed; None takes one out. A change leaves the page number."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    values.pop("page", None)
    for name, value in changes.items():
        values.pop(name, None)
        if value not in (None, ""):
            values[name] = str(value)
    return "?" + values.urlencode() if values else "?"


@register.simple_tag(takes_context=True)
def with_filters(context: template.Context) -> str:
    """The filters of this page for the address of another list, without page number; empty where there are none."""
    found = query(context, category=None)
    return "" if found == "?" else found


@register.simple_tag(takes_context=True)
def language_url(context: template.Context, code: str) -> str:
    """Address that switches the language and comes back to this page."""
    request: HttpRequest | None = context.get("request")
    here = address_of_page(request) if request is not None else "/"
    return f"{reverse('language', args=[code])}?{urlencode({'next': here})}"


@register.simple_tag(takes_context=True)
def page_addresses(context: template.Context) -> dict[str, str]:
    """Full address of this page in each language, by its code; of a list with the number of the page that is shown.

    Not with the number that was asked for: the first page has an address already, and what lies behind the last is the last.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return {}
    shown = context.get("page")
    number = shown.number if isinstance(shown, Page) else 1
    address = request.path + (f"?page={number}" if number > 1 else "")
    return {code: public_link(address, language=code) for code, _name in settings.LANGUAGES}


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, name: str) -> str:
    """The query string of this page with one value taken out."""
    return query(context, **{name: None})


@register.simple_tag
def at_par() -> str:
    """What a ngultrum is worth, on one line."""
    return AT_PAR


@register.filter
def arrives(option: DeliveryOption) -> str:
    """When goods that are paid for today are there: "arrives 3 to 8 December"."""
    return arrival_words(option, timezone.localdate())


@register.simple_tag(takes_context=True)
def deliver_to_url(context: template.Context) -> str:
    """Address where another place is chosen, which comes back to this page."""
    request: HttpRequest = context["request"]
    return f"{reverse('deliver-to')}?{urlencode({'next': request.path})}"


@register.inclusion_tag("components/card_price.html", name="card_price", takes_context=True)
def price_on_card(context: template.Context, card: ListingCard) -> dict[str, object]:
    """The price of a card with the offers that run; they are read once for a page, also below an include with "only"."""
    request: HttpRequest | None = getattr(context, "request", None)
    running = running_on_page(request) if request is not None and card.is_available else RunningOffers()
    shown, note = card_price(card, running)
    return {"shown": shown, "currency": card.currency, "note": note}


@register.inclusion_tag("components/save.html", takes_context=True)
def save_button(context: template.Context, pk: int, title: str, look: str = "card") -> dict[str, object]:
    """The button by which a listing is saved and taken off the list; for visitors a link to its page, the same for all.

    look: "card" or "line". Works below an include with "only"; the list is read once for a page, for those signed in.
    """
    request: HttpRequest | None = getattr(context, "request", None)
    values: dict[str, object] = {"pk": pk, "title": title, "look": "line" if look == "line" else "card"}
    if request is None or not request.user.is_authenticated:
        return {**values, "is_visitor": True}
    return {
        **values,
        "is_saved": pk in saved_on_page(request),
        "next": request.get_full_path() if request.method == "GET" else "",
        "csrf_token": get_token(request),
    }


@register.inclusion_tag("components/follow.html", takes_context=True)
def follow_button(context: template.Context, thing: Region | Partner) -> dict[str, object]:
    """The button by which a place or group is followed and left; for visitors a link to its page, the same for all."""
    request: HttpRequest | None = getattr(context, "request", None)
    is_place = isinstance(thing, Region)
    address = reverse("place-follow" if is_place else "vendor-follow", args=[thing.code])
    values: dict[str, object] = {
        "address": address,
        "name": thing.shown_name if isinstance(thing, Region) else thing.name,
    }
    if request is None or not request.user.is_authenticated:
        return {**values, "is_visitor": True}
    followed = followed_on_page(request)
    return {
        **values,
        "is_followed": thing.pk in (followed.regions if is_place else followed.vendors),
        "next": request.get_full_path() if request.method == "GET" else "",
        "csrf_token": get_token(request),
    }


@register.simple_tag
def form_key() -> str:
    """A key for a form that is safe to send twice; another one each time."""
    return secrets.token_urlsafe(12)


@register.filter
def moment(at: datetime) -> str:
    """The moment for the datetime attribute of a time element, to the second: HTML knows no microseconds."""
    return at.isoformat(timespec="seconds")


@register.filter
def span_since(at: datetime) -> str:
    """How long ago a moment is: "3 days, 2 hours"."""
    return span_words(at, timezone.now())


@register.filter
def span_until(at: datetime) -> str:
    """How long it is until a moment: "3 days, 2 hours"."""
    return span_words(timezone.now(), at)


@register.filter
def away(at: datetime) -> str:
    """How far off a moment is, before or behind: "in 3 days, 2 hours", "3 days ago".

    What lies ahead is said to the hour, for somebody waits for it; what is past is said beside its own hour.
    """
    now = timezone.now()
    if at > now:
        return _("in %(left)s") % {"left": span_words(now, at)}
    return _("%(past)s ago") % {"past": span_words(at, now, units=1)}


@register.filter(expects_localtime=True)
def day_away(at: datetime | None) -> str:
    """A moment for the middle of a sentence, as its day and how far off it is: "3 December 2026 (in 4 days, 2 hours)".

    Empty for none.
    """
    return "" if at is None else f"{date_words(at, 'j F Y')} ({away(at)})"
