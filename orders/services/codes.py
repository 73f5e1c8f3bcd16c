"""Codes of offers in a basket: given, and taken out again. What they take off is reckoned when the basket is read."""

from django.db import transaction
from django.utils.translation import gettext as _

from orders.basket.models import Basket
from orders.errors import BasketEmpty, CodeRefused, CodeUnknown, TooManyCodes
from orders.offers.models import ConditionalOffer
from orders.selectors.offers import closed_words
from orders.services.baskets import lock_basket
from orders.services.offers import normal_code
from orders.vouchers.models import Voucher
from people.services import limits

MOST_CODES = 5


def give_code(basket: Basket, text: str, *, address: str) -> ConditionalOffer:
    """Put a code into a basket, where it stays until it is taken out, though it may not count for what is in it now.

    address: of the visitor, by which wrong codes are counted. Given again it changes nothing. Raises CodeUnknown,
    CodeRefused where it counts for nothing any more, TooManyCodes, BasketEmpty or BasketClosed, and changes nothing.
    """
    if limits.is_reached(limits.VOUCHER_BY_ADDRESS, address):
        raise CodeRefused(_("Too many codes were tried from here. Wait an hour, or buy without one."))
    code = normal_code(text)[:128].replace("\0", "")
    known = ConditionalOffer.objects.in_full().exclude(state=ConditionalOffer.State.PROPOSED)
    offer = known.filter(vouchers__code=code).first() if code else None
    if offer is None:
        # Counted by itself, whatever becomes of the page.
        limits.take(limits.VOUCHER_BY_ADDRESS, address)
        raise CodeUnknown
    closed = closed_words(offer)
    if closed:
        raise CodeRefused(closed)
    voucher = offer.vouchers.get(code=code)
    if voucher.is_used:
        raise CodeRefused(_("This code has been used."))
    _put(basket, offer, voucher)
    return offer


@transaction.atomic
def take_code_out(basket: Basket, text: str) -> None:
    """Take a code out of a basket; one that is not there is gone already. Raises BasketClosed."""
    if basket.pk is None:
        return
    lock_basket(basket)
    basket.vouchers.remove(*basket.vouchers.filter(code=normal_code(text)[:128].replace("\0", "")))


@transaction.atomic
def _put(basket: Basket, offer: ConditionalOffer, voucher: Voucher) -> None:
    if basket.pk is None:
        raise BasketEmpty
    lock_basket(basket)
    others = list(basket.vouchers.exclude(pk=voucher.pk).values_list("offers", flat=True))
    if offer.pk in others:
        raise CodeRefused(
            _("One code of an offer counts for an order, and one of this offer is here already.")
        )
    if len(others) >= MOST_CODES:
        raise TooManyCodes
    basket.vouchers.add(voucher)
