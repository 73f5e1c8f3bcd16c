"""Which ways to pay are offered for goods of some groups, sent to some address."""

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from orders.models import Order, OrderDiscount
from payments.models import CashRule, PaymentAttempt
from regions.models import Region

Provider = PaymentAttempt.Provider
# Card providers do not charge the ngultrum.
NOT_BY_CARD = frozenset({"BTN"})


@dataclass(frozen=True)
class Address:
    """Where goods go, in the words of the address form. country_code: two letters."""

    country_code: str
    state: str
    town: str


@dataclass(frozen=True)
class BankAccount:
    """Our account, as the buyer types it at the bank; code may be empty."""

    holder: str
    number: str
    bank: str
    code: str


def bank_account() -> BankAccount | None:
    """The account that bank transfers go to; None while holder, number or bank is not set."""
    account = BankAccount(
        settings.BANK_ACCOUNT_HOLDER,
        settings.BANK_ACCOUNT_NUMBER,
        settings.BANK_ACCOUNT_BANK,
        settings.BANK_ACCOUNT_CODE,
    )
    return account if account.holder and account.number and account.bank else None


def ways_to_pay(
    vendors: Collection[int], address: Address, *, currency: str, programme_gives: bool = False
) -> list[PaymentAttempt.Provider]:
    """Ways offered for goods of these groups (keys), the usual one first; two queries at most.

    Cash is offered when every group of the order takes it at that address. programme_gives: whether the programme pays for
    a discount; then it is not, for a group alone would say that there was a sale for which the programme owes it money.
    """
    ways = [] if currency in NOT_BY_CARD else [Provider.STRIPE]
    if bank_account():
        ways.append(Provider.BANK_TRANSFER)
    if vendors and not programme_gives and vendors_taking_cash(vendors, address) == set(vendors):
        ways.append(Provider.CASH_ON_DELIVERY)
    return ways


def ways_for_order(order: Order) -> list[PaymentAttempt.Provider]:
    """Ways offered for an order that stands, with its own groups and its own address."""
    to = order.shipping_address
    address = Address(to.country_id, to.state, to.line4) if to else Address("", "", "")
    vendors = list(order.vendor_orders.values_list("vendor_id", flat=True))
    gives = OrderDiscount.objects.filter(order=order, payer=None, amount__gt=0).exists()
    return ways_to_pay(vendors, address, currency=order.currency, programme_gives=gives)


def vendors_taking_cash(vendors: Collection[int], address: Address) -> set[int]:
    """Those of the groups (keys) that take cash at an address.

    The address is read as a way down the place tree: the country by its code, then the state or dzongkhag by name,
    then, below that, the district or gewog by the name written as the town. Names are compared without regard to
    capitals and with every other name that a place is known by. A rule counts when its region lies on that way, so
    a rule for a country covers all of it, and one for a gewog only addresses that name it.
    """
    if not address.country_code:
        return set()
    rules = CashRule.objects.filter(vendor__in=vendors, region__path__startswith=f"{address.country_code}/")
    rows = list(rules.values_list("vendor_id", "region__path"))
    if not rows:
        return set()
    reached = _way_down(address)
    return {vendor for vendor, path in rows if path in reached}


def _way_down(address: Address) -> set[str]:
    """Paths of the places that an address lies in; one query."""
    root = f"{address.country_code}/"
    below = Region.objects.filter(path__startswith=root).filter(
        Q(depth=1) & _is_called(address.state) | Q(depth=2) & _is_called(address.town)
    )
    found = set(below.values_list("path", "depth"))
    upper = {path for path, depth in found if depth == 1}
    lower = {path for path, depth in found if depth == 2 and any(path.startswith(above) for above in upper)}
    return {root} | upper | lower


def _is_called(name: str) -> Q:
    word = name.strip()
    if not word:
        return Q(pk__in=[])
    return Q(name__iexact=word) | Q(local_name=word) | Q(aliases__alias__iexact=word)
