"""A basket with its chosen deliveries added up, as the pages of the checkout show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from orders.selectors.baskets import BasketGroup, BasketView
from orders.shipping.options import DeliveryOption
from storefront.discounts import DiscountRow, basket_rows
from storefront.rows import BasketGroupRow, basket_groups

ZERO = Decimal("0.00")
NO_ERRORS: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True)
class GroupSummary:
    """One group: its lines, its ways of sending and the chosen one (None while it cannot send there).

    error: what is wrong about the choice that was sent, may be empty.
    """

    row: BasketGroupRow
    field: str
    options: Sequence[DeliveryOption]
    chosen: DeliveryOption | None
    total: Decimal
    refusal: str
    error: str = ""


@dataclass(frozen=True)
class Summary:
    """All groups added up. is_complete: every group has a chosen way of sending."""

    groups: Sequence[GroupSummary]
    currency: str
    goods_total: Decimal
    delivery_total: Decimal
    is_complete: bool
    discounts: Sequence[DiscountRow] = ()

    @property
    def total(self) -> Decimal:
        """What will be charged."""
        return self.goods_total + self.delivery_total + sum((each.amount for each in self.discounts), ZERO)


def checkout_summary(
    view: BasketView, chosen: Mapping[int, str], errors: Mapping[int, str] = NO_ERRORS
) -> Summary:
    """Add up a basket read for a country. chosen: key of the group -> code; the cheapest where nothing was chosen.

    errors: key of the group -> what is wrong about its choice.
    """
    rows = basket_groups(view)
    groups = [
        _group(group, row, chosen.get(group.vendor.pk, ""), errors.get(group.vendor.pk, ""))
        for group, row in zip(view.groups, rows, strict=True)
    ]
    return Summary(
        groups,
        view.currency,
        view.goods_total,
        sum((group.chosen.price for group in groups if group.chosen), ZERO),
        is_complete=bool(groups) and all(group.chosen for group in groups),
        discounts=basket_rows(view),
    )


def _group(group: BasketGroup, row: BasketGroupRow, code: str, error: str) -> GroupSummary:
    chosen = next((option for option in group.delivery if option.code == code), None)
    if chosen is None and group.delivery:
        chosen = group.delivery[0]
    price = chosen.price if chosen else ZERO
    return GroupSummary(
        row,
        f"delivery-{group.vendor.pk}",
        group.delivery,
        chosen,
        group.goods_total - group.discount + price,
        str(group.refusal),
        error,
    )
