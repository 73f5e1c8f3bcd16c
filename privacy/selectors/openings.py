"""What must come to its end before an account can be closed, each with what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.models import Order, Return, VendorOrder
from payments.models import Dispute, PaymentAttempt, Refund
from people.models import User
from regions.models import RegionRole
from vendors.models import Membership

_UNDER_WAY = (
    VendorOrder.State.NEW,
    VendorOrder.State.ACCEPTED,
    VendorOrder.State.PACKED,
    VendorOrder.State.SHIPPED,
)
_MONEY_GOES_BACK = (Refund.State.PROPOSED, Refund.State.WAITING, Refund.State.PENDING)


@dataclass(frozen=True)
class Opening:
    """One thing that is open: what it is and what to do, and the page where that is done, empty where there is none."""

    words: str
    url: str = ""


def openings(person: User) -> list[Opening]:
    """All that keeps this account from being closed; seven queries."""
    found: list[Opening] = []
    for look in _LOOKS:
        found += look(person)
    return found


def _staff(person: User) -> Iterable[Opening]:
    works = person.is_staff or person.is_superuser or person.groups.exists()
    if works or RegionRole.objects.filter(person=person).exists():
        yield Opening(
            _("You work for the programme office. Ask an administrator to take back your rights first.")
        )


def _unpaid(person: User) -> Iterable[Opening]:
    waiting = Order.objects.filter(user=person)
    open_attempts = PaymentAttempt.objects.unfinished().filter(order__user=person).values("order")
    rows = waiting.filter(status=Order.Status.AWAITING_PAYMENT) | waiting.filter(pk__in=open_attempts)
    for order in rows.distinct().order_by("pk"):
        words = _("Order %(number)s waits for its payment. Pay for it, or wait until its time is over.")
        yield Opening(words % {"number": order.number}, order.get_absolute_url())


def _parts(person: User) -> Iterable[Opening]:
    rows = VendorOrder.objects.filter(order__user=person, state__in=_UNDER_WAY)
    for part in rows.select_related("order", "vendor").order_by("pk"):
        words = _(
            "What %(group)s sends of order %(number)s is not with you yet. Wait for it, or cancel it where that can still be."
        )
        values = {"group": part.vendor.name, "number": part.order.number}
        yield Opening(words % values, part.order.get_absolute_url())


def _returns(person: User) -> Iterable[Opening]:
    rows = Return.objects.unfinished().filter(vendor_order__order__user=person)
    for case in rows.select_related("vendor_order__order").order_by("pk"):
        words = _("A return of order %(number)s is not at its end. See how it stands, or withdraw it.")
        yield Opening(words % {"number": case.vendor_order.order.number}, case.get_absolute_url())


def _refunds(person: User) -> Iterable[Opening]:
    rows = Refund.objects.filter(attempt__order__user=person, state__in=_MONEY_GOES_BACK)
    for refund in rows.select_related("attempt__order").order_by("pk"):
        order = refund.attempt.order
        words = _("Money of order %(number)s is on its way back to you. Wait until it has come.")
        yield Opening(words % {"number": order.number}, order.get_absolute_url())


def _disputes(person: User) -> Iterable[Opening]:
    rows = Dispute.objects.filter(attempt__order__user=person, state=Dispute.State.OPEN)
    for dispute in rows.select_related("attempt__order").order_by("pk"):
        order = dispute.attempt.order
        words = _("Your bank still asks about the payment of order %(number)s. Wait for its answer.")
        yield Opening(words % {"number": order.number}, order.get_absolute_url())


def _chairs(person: User) -> Iterable[Opening]:
    chairs = Membership.objects.filter(role=Membership.Role.CHAIR, user__is_active=True)
    others = chairs.exclude(user=person).values("vendor")
    for membership in chairs.filter(user=person).exclude(vendor__in=others).select_related("vendor"):
        words = _(
            "You are the only chair of %(group)s. Make somebody else chair, or ask the programme office to close the group."
        )
        yield Opening(words % {"group": membership.vendor.name}, reverse("dashboard-members"))


_LOOKS: tuple[Callable[[User], Iterable[Opening]], ...] = (
    _staff,
    _unpaid,
    _parts,
    _returns,
    _refunds,
    _disputes,
    _chairs,
)
