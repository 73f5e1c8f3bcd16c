"""Which offers count for goods in a basket, what each takes off which line, and why a code does not count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalogue.models import Product
from marketplace.lib.dates import local_day
from marketplace.lib.money import format_price
from orders.basket.models import Basket
from orders.domain.offers import Goods, Refusal, Scope, Terms, reckon
from orders.models import OrderDiscount
from orders.offers.models import PERCENTAGE, ConditionalOffer, OfferPerson
from people.models import User
from vendors.models import Partner

ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Priced:
    """A line of a sale: its key, what it is, and what all its units cost before any offer.

    The product was read with its vendor and region.
    """

    key: int
    product: Product
    price: Decimal


@dataclass(frozen=True)
class Discount:
    """One offer that counts. parts: key of the line -> amount above zero. code: by which it is taken, empty without."""

    offer: ConditionalOffer
    code: str
    parts: Mapping[int, Decimal]

    @property
    def amount(self) -> Decimal:
        """All that it takes off."""
        return sum(self.parts.values(), ZERO)

    @property
    def is_from_programme(self) -> bool:
        """Whether the programme pays, and not the group."""
        return self.offer.payer_id is None


@dataclass(frozen=True)
class CodeState:
    """A code that the buyer gave: what it gives, and why it does not count; one of the two is empty."""

    code: str
    title: str
    refusal: str


@dataclass(frozen=True)
class SaleOffers:
    """All that offers do to a sale."""

    discounts: Sequence[Discount] = ()
    codes: Sequence[CodeState] = ()
    # Of each line: what is taken off, and the part of it that the programme pays.
    _by_line: Mapping[int, tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def amount(self) -> Decimal:
        """What is taken off in all."""
        return sum((each.amount for each in self.discounts), ZERO)

    @property
    def shown(self) -> Mapping[int, Decimal]:
        """Key of the offer -> what it takes off: what a buyer saw, to be held against what is placed."""
        return {each.offer.pk: each.amount for each in self.discounts}

    def discount_of(self, key: int) -> Decimal:
        """What offers take off a line."""
        return self._by_line.get(key, (ZERO, ZERO))[0]

    def promotion_of(self, key: int) -> Decimal:
        """What of a line's discount the programme pays."""
        return self._by_line.get(key, (ZERO, ZERO))[1]


def sale_offers(basket: Basket, lines: Sequence[Priced], *, currency: str, person: User | None) -> SaleOffers:
    """What offers do to the lines of a basket, all in one currency, with the codes that it holds.

    person: who is signed in. One query where no offer runs and no code was given, six else.
    """
    if not lines:
        return SaleOffers()
    is_own, now = Q(vouchers__basket=basket), timezone.now()
    may_count = Q(
        offer_type=ConditionalOffer.SITE,
        state=ConditionalOffer.State.OPEN,
        start_datetime__lte=now,
        end_datetime__gt=now,
        currency=currency,
    ) & (Q(payer=None) | Q(payer__in={line.product.vendor_id for line in lines}))
    found = list(ConditionalOffer.objects.filter(is_own | may_count).in_full().distinct().order_by("pk"))
    if not found:
        return SaleOffers()
    # Joined with another basket at sign-in it may hold two codes of an offer: one that can still be used counts.
    in_basket = basket.vouchers.annotate(offer_pk=F("offers")).order_by("pk")
    given = {row.offer_pk: row for row in sorted(in_basket, key=lambda row: not row.is_used)}
    codes = {key: voucher.code for key, voucher in given.items()}
    used = _used_by(person, found)
    refused = {offer.pk: _obstacle(offer, currency=currency, person=person, used=used) for offer in found}
    refused |= {key: _("This code has been used.") for key, voucher in given.items() if voucher.is_used}
    able = [offer for offer in found if not refused[offer.pk]]
    reckoned = reckon(_goods(lines), [_terms(offer, is_asked=offer.pk in codes) for offer in able])
    by_key = {offer.pk: offer for offer in found}
    discounts = [
        Discount(by_key[each.terms.key], codes.get(each.terms.key, ""), each.parts) for each in reckoned.given
    ]
    for key, why in reckoned.refused.items():
        refused[key] = _why(by_key[key], why)
    states = [
        CodeState(code, by_key[key].title, refused[key]) for key, code in codes.items() if key in by_key
    ]
    return SaleOffers(discounts, states, _lines(discounts))


def person_keys(person: User | None) -> list[str]:
    """By which a person is known to have used an offer: digests of the proven contacts of the account."""
    contacts = [person.email, person.phone] if person is not None else []
    return [salted_hmac("orders.offer-person", contact).hexdigest() for contact in contacts if contact]


def country_of(offer: ConditionalOffer) -> str:
    """The country whose days an offer has: of its group, else of its place; empty (UTC) where it names none."""
    goods = offer.condition.range
    group = offer.payer or goods.vendor
    place = group.home_region if group else goods.region
    return str(place.country_code) if place else ""


def last_day(offer: ConditionalOffer) -> str:
    """The last day of an offer, in words."""
    return date_format(local_day(offer.end_datetime - timedelta(seconds=1), country_of(offer)), "j F Y")


def first_day(offer: ConditionalOffer) -> str:
    """The first day of an offer, in words."""
    return date_format(local_day(offer.start_datetime, country_of(offer)), "j F Y")


def gives_words(*, percent: Decimal | None, amount: Decimal | None, currency: str) -> str:
    """What an offer takes off: "10 %", or an amount."""
    if percent is not None:
        return f"{percent.normalize():f} %"
    return format_price(amount or ZERO, currency)


def benefit_words(offer: ConditionalOffer) -> str:
    """What an offer takes off: "10 %", or an amount."""
    value, is_percentage = offer.benefit.value, offer.benefit.type == PERCENTAGE
    return gives_words(
        percent=value if is_percentage else None,
        amount=None if is_percentage else value,
        currency=offer.currency,
    )


def range_words(offer: ConditionalOffer) -> str:
    """Which goods an offer is for, in words."""
    goods = offer.condition.range
    parts = [goods.vendor.name] if goods.vendor else []
    parts += [goods.region.name] if goods.region else []
    parts += [category.name for category in goods.included_categories.all()]
    parts += [product.title for product in goods.included_products.all()]
    return ", ".join(parts) or _("all goods")


def closed_words(offer: ConditionalOffer) -> str:
    """Why an offer counts for nobody now: not yet, ended, used up; empty when it is open."""
    state, now = ConditionalOffer.State, timezone.now()
    if offer.state == state.PROPOSED or (offer.state == state.OPEN and now < offer.start_datetime):
        return _("This code does not count yet. It begins on %(day)s.") % {"day": first_day(offer)}
    if offer.state == state.STOPPED:
        return _("This offer has been ended.")
    if now >= offer.end_datetime:
        return _("This offer ended on %(day)s.") % {"day": last_day(offer)}
    return "" if offer.has_uses_left else _("This offer is used up.")


def giver_words(what: str, payer: Partner | None) -> str:
    """Who gives an offer, in plain words: "10 % from the programme". payer: the group, None for the programme."""
    if payer is not None:
        return _("%(what)s from %(group)s") % {"what": what, "group": payer.name}
    return _("%(what)s from the programme") % {"what": what}


def discount_words(discount: OrderDiscount) -> str:
    """What an offer took off an order and who gave it, as it was then; read with payer."""
    return giver_words(discount.message, discount.payer)


def _obstacle(offer: ConditionalOffer, *, currency: str, person: User | None, used: set[int]) -> str:
    """Why an offer counts for no goods at all; empty when it may."""
    closed = closed_words(offer)
    if closed:
        return closed
    if offer.currency != currency:
        return _("This code is for prices in %(currency)s.") % {"currency": offer.currency}
    if offer.is_once and not person_keys(person):
        return _("Each person may use this code once. Sign in, and it counts.")
    if offer.pk in used:
        return _("You have used this offer in another order.")
    return ""


def _why(offer: ConditionalOffer, refusal: Refusal) -> str:
    minimum = format_price(offer.condition.value or ZERO, offer.currency)
    return {
        Refusal.OTHER_GOODS: _("This code is for other goods than those in your basket."),
        Refusal.BELOW_MINIMUM: _("This code counts from %(amount)s of the goods that it is for.")
        % {"amount": minimum},
        Refusal.MONEY_USED_UP: _("This offer is used up."),
        Refusal.NOT_BETTER: _("Other offers already take off as much, or the goods cost too little."),
    }[refusal]


def _used_by(person: User | None, offers: Sequence[ConditionalOffer]) -> set[int]:
    once = [offer.pk for offer in offers if offer.is_once]
    keys = person_keys(person)
    if not once or not keys:
        return set()
    return set(OfferPerson.objects.filter(offer__in=once, key__in=keys).values_list("offer_id", flat=True))


def goods_of(product: Product, *, key: int, price: Decimal, categories: Sequence[str]) -> Goods:
    """A line of a product as offers know it. price: of all its units; categories: paths of its kinds of goods.

    The product was read with its region; of a size the kinds are those of its listing too.
    """
    return Goods(
        key=key,
        price=price,
        vendor=product.vendor_id,
        place=product.region.path,
        listing=frozenset(_keys(product)),
        categories=categories,
    )


def _goods(lines: Sequence[Priced]) -> list[Goods]:
    keys = {key for line in lines for key in _keys(line.product)}
    paths: dict[int, list[str]] = {}
    placed: Any = Product.categories.through.objects.filter(product__in=keys)
    for key, path in placed.values_list("product_id", "category__path"):
        paths.setdefault(key, []).append(path)
    return [
        goods_of(
            line.product,
            key=line.key,
            price=line.price,
            categories=[path for key in _keys(line.product) for path in paths.get(key, ())],
        )
        for line in lines
    ]


def _keys(product: Product) -> tuple[int, ...]:
    """The listing's key, and that of the listing it is a size of."""
    return tuple(key for key in (product.pk, product.parent_id) if key is not None)


def _terms(offer: ConditionalOffer, *, is_asked: bool) -> Terms:
    goods, is_percentage = offer.condition.range, offer.benefit.type == PERCENTAGE
    return Terms(
        key=offer.pk,
        payer=offer.payer_id,
        scope=Scope(
            vendor=goods.vendor_id,
            place=goods.region.path if goods.region else "",
            categories=[category.path for category in goods.included_categories.all()],
            listings=frozenset(product.pk for product in goods.included_products.all()),
        ),
        percent=offer.benefit.value if is_percentage else None,
        amount=None if is_percentage else offer.benefit.value,
        minimum=offer.condition.value or ZERO,
        left=offer.money_left,
        is_asked=is_asked,
    )


def _lines(discounts: Sequence[Discount]) -> dict[int, tuple[Decimal, Decimal]]:
    by_line: dict[int, tuple[Decimal, Decimal]] = {}
    for each in discounts:
        for key, part in each.parts.items():
            off, paid = by_line.get(key, (ZERO, ZERO))
            by_line[key] = (off + part, paid + (part if each.is_from_programme else ZERO))
    return by_line
