"""What offers take off a sale, line by line to the last unit, and who pays for it. Source: docs/adr/0020.

Group by payer: what a group gives comes off first, what the programme gives off the rest. A line has at most one offer
of each of the two; of several, the one that takes off most goes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

UNIT = Decimal("0.01")
ZERO = Decimal("0.00")
# No offer makes goods a present: a buyer pays a tenth of the price at least, so that every part of an order is above zero.
MOST_PERCENT = Decimal(90)
# What costs less than this is left as it is; of more, a tenth is more than the rounding of a share.
LEAST_PRICE = Decimal("1.00")


@dataclass(frozen=True, kw_only=True)
class Goods:
    """One line of a basket. price: of all its units, tax included, two decimals; categories: paths, as of the tree.

    listing: keys of the listing and of the size; place: path of the place that it comes from.
    """

    key: int
    price: Decimal
    vendor: int
    place: str
    listing: frozenset[int]
    categories: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which goods an offer is for: those that fit all that is said here. Empty says nothing. Paths hold what lies below."""

    vendor: int | None = None
    place: str = ""
    categories: Sequence[str] = ()
    listings: frozenset[int] = frozenset()

    def holds(self, goods: Goods) -> bool:
        """Whether the offer is for these goods."""
        is_in_category = any(
            path.startswith(wanted) for path in goods.categories for wanted in self.categories
        )
        return (
            self.vendor in (None, goods.vendor)
            and goods.place.startswith(self.place)
            and (not self.categories or is_in_category)
            and (not self.listings or bool(self.listings & goods.listing))
        )


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an offer gives. Exactly one of percent (above 0, at most 90) and amount (above 0) is set.

    payer: the group that pays, None for the programme. minimum: what the goods that it is for must cost together.
    left: how much it may still take off, None without a limit. is_asked: the buyer gave its code.
    """

    key: int
    payer: int | None
    scope: Scope
    percent: Decimal | None = None
    amount: Decimal | None = None
    minimum: Decimal = ZERO
    left: Decimal | None = None
    is_asked: bool = False


class Refusal(StrEnum):
    """Why an offer takes nothing off a basket."""

    OTHER_GOODS = "other_goods"
    BELOW_MINIMUM = "below_minimum"
    MONEY_USED_UP = "money_used_up"
    NOT_BETTER = "not_better"


@dataclass(frozen=True)
class Given:
    """What one offer takes off. parts: key of the line -> amount, each above zero."""

    terms: Terms
    parts: Mapping[int, Decimal]

    @property
    def amount(self) -> Decimal:
        """All of it."""
        return sum(self.parts.values(), ZERO)


@dataclass(frozen=True)
class Reckoned:
    """What offers do to a basket: those that take something off, and why the others do not, by key."""

    given: Sequence[Given]
    refused: Mapping[int, Refusal]


def split(whole: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount split by weights in smallest units: each gets what is due rounded down, the largest remainders one more.

    whole: two decimals, >= 0. weights: >= 0, not all zero unless whole is. Of equal remainders the first gets it.
    The parts add up to whole, and each is less than one unit from its exact part. Raises ValueError otherwise.
    """
    total = sum(weights, Decimal(0))
    if whole < 0 or any(weight < 0 for weight in weights) or (not total and whole):
        raise ValueError(f"cannot split {whole} by {list(weights)}")
    if not total:
        return [ZERO for _ in weights]
    units = int(whole / UNIT)
    if units * UNIT != whole:
        raise ValueError(f"{whole} is not in whole units")
    # Whole numbers, so that no remainder is lost in a quotient without an end.
    scaled = [int(weight.scaleb(6)) for weight in weights]
    shares = [divmod(units * weight, sum(scaled)) for weight in scaled]
    missing = units - sum(share for share, _rest in shares)
    by_rest = sorted(range(len(shares)), key=lambda place: (-shares[place][1], place))
    more = set(by_rest[:missing])
    return [(share + (place in more)) * UNIT for place, (share, _rest) in enumerate(shares)]


def reckon(goods: Sequence[Goods], offers: Sequence[Terms]) -> Reckoned:
    """What the offers take off these goods, all of one currency. The same for the same, in whatever order they come."""
    left = {line.key: line.price for line in goods}
    given: list[Given] = []
    refused: dict[int, Refusal] = {}
    of_groups = [terms for terms in offers if terms.payer is not None]
    of_programme = [terms for terms in offers if terms.payer is None]
    for kind in (of_groups, of_programme):
        found = _of_one_kind(goods, kind, left, refused)
        for each in found:
            for key, part in each.parts.items():
                left[key] -= part
        given += found
    return Reckoned(given, refused)


def _of_one_kind(
    goods: Sequence[Goods], offers: Sequence[Terms], left: Mapping[int, Decimal], refused: dict[int, Refusal]
) -> list[Given]:
    """Offers of one kind of payer: the one that takes off most first; each line once. What it may not do goes to refused."""
    free = {line.key for line in goods}
    waiting = list(offers)
    found = []
    while waiting:
        tried = [_tried(goods, terms, left, free) for terms in waiting]
        for terms, outcome in zip(waiting, tried, strict=True):
            if isinstance(outcome, Refusal):
                refused[terms.key] = outcome
        able = [outcome for outcome in tried if isinstance(outcome, Given)]
        if not able:
            break
        best = min(able, key=lambda each: (-each.amount, not each.terms.is_asked, each.terms.key))
        found.append(best)
        free -= set(best.parts)
        waiting = [each.terms for each in able if each is not best]
    return found


def _tried(
    goods: Sequence[Goods], terms: Terms, left: Mapping[int, Decimal], free: set[int]
) -> Given | Refusal:
    """What the offer would take off the lines that are free."""
    # A group pays for its own goods alone, whatever else its offer says.
    fitting = [line for line in goods if terms.scope.holds(line) and terms.payer in (None, line.vendor)]
    if not fitting:
        return Refusal.OTHER_GOODS
    if sum((line.price for line in fitting), ZERO) < terms.minimum:
        return Refusal.BELOW_MINIMUM
    open_lines = [line for line in fitting if line.key in free and left[line.key] >= LEAST_PRICE]
    if not open_lines:
        return Refusal.NOT_BETTER
    prices = [left[line.key] for line in open_lines]
    whole = _whole(terms, sum(prices, ZERO))
    if terms.left is not None and whole > terms.left:
        return Refusal.MONEY_USED_UP
    parts = {line.key: part for line, part in zip(open_lines, split(whole, prices), strict=True) if part}
    return Given(terms, parts) if parts else Refusal.NOT_BETTER


def _whole(terms: Terms, price: Decimal) -> Decimal:
    most = _percent_of(price, MOST_PERCENT)
    if terms.percent is not None:
        return min(_percent_of(price, terms.percent), most)
    return min(terms.amount or ZERO, most)


def _percent_of(price: Decimal, percent: Decimal) -> Decimal:
    return (price * percent / 100).quantize(UNIT, rounding=ROUND_HALF_UP)
