"""The one table of what each role in a group may do."""

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """One thing that a member may or may not do for the own group."""

    WORK_ON_ORDERS = "work_on_orders"
    COUNT_STOCK = "count_stock"
    ANSWER_RETURNS = "answer_returns"
    ANSWER_REVIEWS = "answer_reviews"
    LIST_GOODS = "list_goods"
    CHANGE_PRICES = "change_prices"
    IMPORT_EXPORT = "import_export"
    DELIVERY_METHODS = "delivery_methods"
    SEE_FIGURES = "see_figures"
    SEE_MONEY = "see_money"
    CHANGE_BANK_DETAILS = "change_bank_details"
    EDIT_GROUP = "edit_group"
    GIVE_OFFERS = "give_offers"
    CLOSE_SHOP = "close_shop"
    MANAGE_MEMBERS = "manage_members"


_PACKER = frozenset({Right.WORK_ON_ORDERS, Right.COUNT_STOCK})
_BOOKKEEPER = _PACKER | {
    Right.ANSWER_RETURNS,
    Right.ANSWER_REVIEWS,
    Right.LIST_GOODS,
    Right.CHANGE_PRICES,
    Right.IMPORT_EXPORT,
    Right.DELIVERY_METHODS,
    Right.SEE_FIGURES,
    Right.SEE_MONEY,
    Right.CHANGE_BANK_DETAILS,
    Right.EDIT_GROUP,
}
# By the words of vendors.models.Membership.Role. Who else may work here, and whether the shop is open, is the chair's.
RIGHTS: Mapping[str, frozenset[Right]] = {
    "chair": frozenset(Right),
    "bookkeeper": _BOOKKEEPER,
    "packer": _PACKER,
}


def rights_of(role: str) -> frozenset[Right]:
    """What a role may do; nothing for a word that is no role."""
    return RIGHTS.get(role, frozenset())


def roles_with(right: Right) -> tuple[str, ...]:
    """The roles that may do this, in the order of the table."""
    return tuple(role for role, rights in RIGHTS.items() if right in rights)
