"""What is looked at in a browser: a page, who looks at it, and the town that it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from catalogue.models import Product
from orders.models import Order, VendorOrder
from regions.models import Region

Cookies = dict[str, str]


@dataclass
class Town:
    """What the pages are about. cookies: of the people who look at them; addresses: of pages with a key of their own."""

    khoma: Region
    listings: list[Product] = field(default_factory=list)
    drafts: list[Product] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    cookies: dict[str, Cookies] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def part(self, name: str) -> VendorOrder:
        """The group's part of an order."""
        return self.orders[name].vendor_orders.get()


@dataclass(frozen=True)
class Shown:
    """A page: who looks, at which address; status of the answer; whether its dark colours are measured too.

    sent: id of a field -> what is typed into it, before the form is sent and its answer looked at.
    """

    who: str
    address: Callable[[Town], str]
    status: int = 200
    in_dark: bool = False
    sent: Mapping[str, str] = field(default_factory=dict)


def at(address: str) -> Callable[[Town], str]:
    """An address that is the same in every town."""
    return lambda _town: address


def found(name: str) -> Callable[[Town], str]:
    """An address that the town knows."""
    return lambda town: town.addresses[name]


def order(name: str) -> Callable[[Town], str]:
    """The page of an order of the town."""
    return lambda town: town.orders[name].get_absolute_url()
