"""What the offers of this moment do to the price of one unit, for whoever gives no code. Source: docs/adr/0020.

Reckoned as the basket does it. A price is told only where it does not depend on what else is bought: where each payer has one
offer for the goods, a percentage, and one unit is enough for it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Coalesce, JSONObject

from marketplace.lib.dates import local_day
from orders.domain.offers import ZERO, Goods, Refusal, Scope, Terms, reckon
from orders.offers.models import PERCENTAGE, ConditionalOffer, Range
from orders.selectors.offers import gives_words

# What no unit of the goods can have, or no buyer any more.
_NEVER = frozenset({Refusal.OTHER_GOODS, Refusal.MONEY_USED_UP})


@dataclass(frozen=True)
class RunningOffer:
    """An offer that needs no code and counts now. ends: the moment from which it counts no more; country: whose days it has."""

    title: str
    currency: str
    terms: Terms
    ends: datetime
    country: str

    @property
    def gives(self) -> str:
        """What it takes off: "10 %", or an amount."""
        return gives_words(percent=self.terms.percent, amount=self.terms.amount, currency=self.currency)

    @property
    def last_date(self) -> date:
        """Its last day, where it runs."""
        return local_day(self.ends - timedelta(seconds=1), self.country)


@dataclass(frozen=True)
class OnePrice:
    """What is said beside the price of one unit.

    price: what it costs with the offers, None where that depends on what else is bought. offers: those that count, what
    takes off most first, then those for which more must be bought. is_one_of_several: whether several offers of one payer
    are for the goods, so that a buyer has one of them.
    """

    price: Decimal | None
    offers: Sequence[RunningOffer]
    is_one_of_several: bool


@dataclass(frozen=True)
class RunningOffers:
    """The offers of this moment that need no code."""

    rows: Sequence[RunningOffer] = ()

    def __bool__(self) -> bool:
        """Whether any runs."""
        return bool(self.rows)

    def on(self, goods: Goods, *, currency: str) -> OnePrice | None:
        """What they do to one unit, priced in the currency; None where no offer is for it. No query."""
        by_key = {row.terms.key: row for row in self.rows if row.currency == currency}
        wanted = [row.terms for row in by_key.values()]
        reckoned = reckon([goods], wanted)
        able = [terms for terms in wanted if reckoned.refused.get(terms.key) not in _NEVER]
        given = sorted(reckoned.given, key=lambda each: -each.amount)
        later = [key for key, why in reckoned.refused.items() if why == Refusal.BELOW_MINIMUM]
        shown = [by_key[key] for key in (*(each.terms.key for each in given), *later)]
        if not shown:
            return None
        of_payer = Counter(terms.payer is None for terms in able)
        is_several = max(of_payer.values()) > 1
        is_plain = all(terms.percent is not None and terms.minimum <= goods.price for terms in able)
        price = goods.price - sum((each.amount for each in given), ZERO)
        return OnePrice(price if is_plain and not is_several else None, shown, is_several)


def running_offers() -> RunningOffers:
    """The offers of this moment that need no code; one query."""
    return read_running(running_rows().values_list("row", flat=True))


def running_rows() -> QuerySet[ConditionalOffer, Any]:
    """The same as a query of one column, "row", for a query that is asked anyway; read_running makes offers of it."""
    found = ConditionalOffer.objects.running().filter(
        Q(max_global_applications=None) | Q(max_global_applications__gt=F("num_applications")),
        offer_type=ConditionalOffer.SITE,
    )
    row = JSONObject(
        key="pk",
        title="title",
        payer="payer_id",
        currency="currency",
        kind="benefit__type",
        # As text, since a number would come back as a float.
        value=Cast("benefit__value", TextField()),
        minimum=Cast("condition__value", TextField()),
        left=Cast(F("max_discount") - F("total_discount"), TextField()),
        vendor="condition__range__vendor_id",
        place="condition__range__region__path",
        categories=ArraySubquery(_of_range(Range.included_categories.through).values("category__path")),
        listings=ArraySubquery(_of_range(Range.included_products.through).values("product_id")),
        ends="end_datetime",
        home=Coalesce(
            "payer__home_region__path",
            "condition__range__vendor__home_region__path",
            "condition__range__region__path",
        ),
    )
    return found.order_by("pk").annotate(row=row).values("row")


def read_running(rows: Iterable[dict[str, Any]]) -> RunningOffers:
    """Offers from the values of running_rows."""
    return RunningOffers([_offer(row) for row in rows])


def _offer(row: dict[str, Any]) -> RunningOffer:
    value, is_percentage = Decimal(row["value"]), row["kind"] == PERCENTAGE
    terms = Terms(
        key=row["key"],
        payer=row["payer"],
        scope=Scope(
            vendor=row["vendor"],
            place=row["place"] or "",
            categories=row["categories"],
            listings=frozenset(row["listings"]),
        ),
        percent=value if is_percentage else None,
        amount=None if is_percentage else value,
        minimum=Decimal(row["minimum"] or 0),
        left=None if row["left"] is None else Decimal(row["left"]),
    )
    country = (row["home"] or "").partition("/")[0]
    return RunningOffer(row["title"], row["currency"], terms, datetime.fromisoformat(row["ends"]), country)


def _of_range(through: type[Model]) -> QuerySet[Any]:
    return through._default_manager.filter(range=OuterRef("condition__range")).order_by()
