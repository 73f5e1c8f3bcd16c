"""Offers are made, agreed to by a second person, and stopped; their terms never change once they are there."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Product
from marketplace.lib.dates import local_day, zone_of
from marketplace.lib.states import move
from orders.domain.offers import MOST_PERCENT, ZERO
from orders.errors import OfferError, OfferNotYours, ReasonNeeded
from orders.offers.models import (
    ABSOLUTE,
    PERCENTAGE,
    Benefit,
    Condition,
    ConditionalOffer,
    OfferEvent,
    Range,
)
from orders.services.code_sets import MOST_CODES, make_code_set
from orders.vouchers.models import Voucher
from people.models import User
from regions.models import Region
from vendors.models import Membership, Partner

State = ConditionalOffer.State
CODE = re.compile(r"[A-Z0-9-]{5,20}")
LONGEST = timedelta(days=366)
# Field, whether it is wrong, and what to say then.
Fault = tuple[str, bool, str]


@dataclass(frozen=True, kw_only=True)
class OfferTerms:
    """What an offer shall be. Exactly one of percent and amount (in currency) is given; both days are included.

    payer: the group that pays, for its own goods; None: the programme, which names max_money. What vendor, region,
    categories and listings say counts together. code: without one it counts for everybody; code_count: in place of one
    code, so many for one order each.
    """

    title: str
    payer: Partner | None
    currency: str
    first_day: date
    last_day: date
    percent: Decimal | None = None
    amount: Decimal | None = None
    minimum: Decimal = ZERO
    vendor: Partner | None = None
    region: Region | None = None
    categories: Sequence[Any] = ()
    listings: Sequence[Product] = ()
    code: str = ""
    code_count: int = 0
    is_once: bool = False
    max_uses: int | None = None
    max_money: Decimal | None = None


@transaction.atomic
def make_offer(terms: OfferTerms, *, actor: User, key: uuid.UUID | None = None) -> ConditionalOffer:
    """Make an offer; one that the programme pays waits for a second person where it may cost more than the limit.

    The limit counts what this person made alone in the last day, in the currency. key: of the form, so that one that
    is sent twice makes one offer.
    Raises OfferError, which names the field, and OfferNotYours for the programme's money and the own group.
    """
    code = normal_code(terms.code)
    _check(terms, code)
    if terms.payer is None and _is_member(actor, terms):
        raise OfferNotYours
    # The actor's row is held, so that two offers at the same moment are counted together.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    name = f"{actor.pk} {key or uuid.uuid4()}"
    sent_before = ConditionalOffer.objects.filter(name=name).first()
    if sent_before is not None:
        return sent_before
    goods = _range(terms, name)
    begins, ends = _moments(terms)
    is_open = terms.payer is not None or not _needs_second_person(terms, actor)
    offer = ConditionalOffer.objects.create(
        name=name,
        title=terms.title.strip(),
        offer_type=ConditionalOffer.VOUCHER if code or terms.code_count else ConditionalOffer.SITE,
        payer=terms.payer,
        currency=terms.currency,
        condition=Condition.objects.create(range=goods, type=Condition.VALUE, value=terms.minimum),
        benefit=Benefit.objects.create(
            range=goods,
            type=PERCENTAGE if terms.percent else ABSOLUTE,
            value=terms.percent or terms.amount,
        ),
        start_datetime=begins,
        end_datetime=ends,
        max_global_applications=terms.max_uses,
        max_discount=terms.max_money,
        is_once=terms.is_once,
        state=State.OPEN if is_open else State.PROPOSED,
        made_by=actor,
    )
    OfferEvent.objects.create(offer=offer, to_state=offer.state, actor=actor)
    if code:
        _make_voucher(offer, code)
    elif terms.code_count:
        make_code_set(offer, terms.code_count)
    return offer


@transaction.atomic
def approve_offer(offer: ConditionalOffer, *, actor: User, reason: str = "") -> bool:
    """A second person agrees; False when it was open before.

    Raises OfferNotYours for who made it or belongs to the group it is for, and IllegalTransition once it was stopped.
    """
    locked = _lock(offer)
    if locked.state == State.OPEN:
        return False
    goods = locked.condition.range
    groups = {goods.vendor_id, *goods.included_products.values_list("vendor_id", flat=True)}
    is_own = Membership.objects.filter(user=actor, vendor__in=groups - {None}).exists()
    if locked.made_by_id == actor.pk or is_own:
        raise OfferNotYours
    return _move(locked, State.OPEN, actor=actor, reason=reason, also={"approved_by": actor})


@transaction.atomic
def stop_offer(offer: ConditionalOffer, *, actor: User, reason: str) -> bool:
    """End an offer now; orders that have it keep it. False when it was stopped before. Raises ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded
    return _move(_lock(offer), State.STOPPED, actor=actor, reason=reason.strip())


def normal_code(text: str) -> str:
    """A code as it is kept: capitals, without blanks."""
    return "".join(text.split()).upper()


def _check(terms: OfferTerms, code: str) -> None:
    for field, is_wrong, words in [*_wrong_in_itself(terms), *_wrong_days(terms), *_wrong_scope(terms, code)]:
        if is_wrong:
            raise OfferError(words, field=field)


def _wrong_in_itself(terms: OfferTerms) -> list[Fault]:
    percent, amount = terms.percent, terms.amount
    return [
        ("title", not terms.title.strip(), _("Give the offer a name. Buyers read it.")),
        ("percent", bool(percent) == bool(amount), _("Give either a percentage or an amount.")),
        (
            "percent",
            bool(percent) and not 1 <= (percent or 0) <= MOST_PERCENT,
            _("A percentage lies between 1 and 90."),
        ),
        ("amount", bool(amount) and (amount or 0) < 1, _("An amount is at least 1.")),
        ("minimum", terms.minimum < 0, _("This cannot be below zero.")),
        (
            "max_money",
            terms.payer is None and not terms.max_money,
            _("Say how much the programme gives at most."),
        ),
    ]


def _wrong_days(terms: OfferTerms) -> list[Fault]:
    first, last = terms.first_day, terms.last_day
    is_over = last < local_day(timezone.now(), _country(terms))
    return [
        ("last_day", last < first, _("The last day lies before the first.")),
        ("last_day", last - first > LONGEST, _("An offer lasts a year at most.")),
        ("last_day", is_over, _("The last day is over already.")),
    ]


def _wrong_scope(terms: OfferTerms, code: str) -> list[Fault]:
    payer = terms.payer
    own = _("A group pays for its own goods only.")
    foreign = payer is not None and any(each.vendor_id != payer.pk for each in terms.listings)
    return [
        (
            "code",
            bool(code) and not CODE.fullmatch(code),
            _("A code has 5 to 20 letters of English, digits or hyphens."),
        ),
        (
            "is_once",
            terms.is_once and not code and not terms.code_count,
            _("Only an offer with a code can be for each person once."),
        ),
        (
            "code_count",
            bool(code and terms.code_count),
            _("Write one code for all, or how many for one order each."),
        ),
        (
            "code_count",
            not 0 <= terms.code_count <= MOST_CODES,
            _("At most %(count)d codes belong to an offer.") % {"count": MOST_CODES},
        ),
        ("vendor", payer is not None and terms.vendor not in (None, payer), own),
        ("listings", foreign, own),
    ]


def _is_member(actor: User, terms: OfferTerms) -> bool:
    groups = {each.vendor_id for each in terms.listings} | ({terms.vendor.pk} if terms.vendor else set())
    return bool(groups) and Membership.objects.filter(user=actor, vendor__in=groups).exists()


def _needs_second_person(terms: OfferTerms, actor: User) -> bool:
    alone = ConditionalOffer.objects.filter(
        payer=None,
        made_by=actor,
        approved_by=None,
        currency=terms.currency,
        date_created__gte=timezone.now() - timedelta(days=1),
    ).exclude(state=State.PROPOSED)
    before = alone.aggregate(sum=Sum("max_discount", default=ZERO))["sum"]
    return bool(before + (terms.max_money or ZERO) > Decimal(settings.FOUR_EYES_ABOVE.get(terms.currency, 0)))


def _range(terms: OfferTerms, name: str) -> Range:
    goods = Range.objects.create(name=name, vendor=terms.payer or terms.vendor, region=terms.region)
    goods.included_categories.set(terms.categories)
    for place, listing in enumerate(terms.listings):
        goods.add_product(listing, display_order=place)
    return goods


def _country(terms: OfferTerms) -> str:
    group = terms.payer or terms.vendor
    place = group.home_region if group else terms.region
    return str(place.country_code) if place else ""


def _moments(terms: OfferTerms) -> tuple[datetime, datetime]:
    zone = zone_of(_country(terms))
    days = (terms.first_day, terms.last_day + timedelta(days=1))
    begins, ends = (datetime.combine(day, time.min, tzinfo=zone) for day in days)
    return begins, ends


def _make_voucher(offer: ConditionalOffer, code: str) -> None:
    try:
        with transaction.atomic():
            voucher = Voucher.objects.create(
                name=code,
                code=code,
                usage=Voucher.MULTI_USE,
                start_datetime=offer.start_datetime,
                end_datetime=offer.end_datetime,
            )
    except IntegrityError as error:
        raise OfferError(_("There is an offer with this code. Choose another."), field="code") from error
    voucher.offers.add(offer)


def _lock(offer: ConditionalOffer) -> ConditionalOffer:
    locked = ConditionalOffer.objects.select_for_update(of=("self",)).select_related(
        "condition__range__vendor"
    )
    return locked.get(pk=offer.pk)


def _move(
    locked: ConditionalOffer,
    target: ConditionalOffer.State,
    *,
    actor: User,
    reason: str,
    also: dict[str, User] | None = None,
) -> bool:
    return move(
        locked,
        target,
        moves=ConditionalOffer.MOVES,
        event=OfferEvent,
        subject_field="offer",
        actor=actor,
        reason=reason,
        also=also,
    )
