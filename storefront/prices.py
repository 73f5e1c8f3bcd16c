"""Prices as cards and pages show them, with what offers that need no code take off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalogue.models import Product
from catalogue.selectors.listings import ListingCard, price_note
from marketplace.lib.money import format_price
from orders.selectors.offers import goods_of
from orders.selectors.running_offers import (
    OnePrice,
    RunningOffer,
    RunningOffers,
    read_running,
    running_offers,
    running_rows,
)
from storefront.foreign import filled


@dataclass(frozen=True)
class OfferSaid:
    """One offer in words, such as "10 % off with “Dashain”", and its last day."""

    words: str
    last_date: date


@dataclass(frozen=True)
class ShownPrice:
    """What one unit costs. before: without offers, None where nothing is taken off for certain; said: the offers in words."""

    amount: Decimal
    before: Decimal | None = None
    said: Sequence[OfferSaid] = ()

    @property
    def holds_until(self) -> date | None:
        """The last day of a price that is lower than before; None where there is none."""
        return min(offer.last_date for offer in self.said) if self.before is not None else None


def shown_price(
    product: Product, price: Decimal, currency: str, *, categories: Sequence[str], running: RunningOffers
) -> ShownPrice:
    """The price of one unit of a listing or size, with what running offers do to it; no query.

    product: read with its region; categories: paths of its kinds of goods.
    """
    goods = goods_of(product, key=product.pk, price=price, categories=categories)
    found = running.on(goods, currency=currency)
    if found is None:
        return ShownPrice(price)
    said = [OfferSaid(_sentence(offer, price, found), offer.last_date) for offer in found.offers]
    if found.price is None:
        return ShownPrice(price, said=said)
    return ShownPrice(found.price, price, said)


def card_price(card: ListingCard, running: RunningOffers) -> tuple[ShownPrice, str]:
    """The price of a card and the words beside it: size, and price per 100 g or piece; no query."""
    row = card.row
    if row is None or not card.is_available or not running:
        return ShownPrice(card.price), card.price_note if card.is_available else card.availability
    shown = shown_price(row, card.price, card.currency, categories=row.category_paths, running=running)
    if shown.before is None:
        return shown, card.price_note
    return shown, price_note(row, shown.amount, currency=card.currency, sizes=row.sizes)


def read_with_offers(request: HttpRequest, rows: QuerySet[Product], first: int) -> dict[int, Product]:
    """Listings by key, and in the same query the offers of this moment, which their cards on this page will show.

    first: key of one of them, the row that brings the offers.
    """
    offers = Case(When(pk=first, then=ArraySubquery(running_rows())))
    found = {row.pk: row for row in rows.annotate(running=offers)}
    if first in found:
        request._running_offers = read_running(found[first].running)  # type: ignore[attr-defined]
    return found


def running_on_page(request: HttpRequest) -> RunningOffers:
    """The offers of this moment, read once for a request."""
    found: RunningOffers | None = getattr(request, "_running_offers", None)
    if found is None:
        found = running_offers()
        request._running_offers = found  # type: ignore[attr-defined]
    return found


def _sentence(offer: RunningOffer, price: Decimal, found: OnePrice) -> str:
    least = offer.terms.minimum
    values = {"what": offer.gives, "title": offer.title, "least": format_price(least, offer.currency)}
    if least > price:
        return filled(_("%(what)s off from %(least)s with “%(title)s”"), **values)
    if offer.terms.percent is None:
        return filled(_("%(what)s off an order with “%(title)s”"), **values)
    if found.is_one_of_several:
        return filled(_("up to %(what)s off with “%(title)s”"), **values)
    return filled(_("%(what)s off with “%(title)s”"), **values)
