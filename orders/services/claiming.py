"""Taking an order that was bought as guest into an account."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from orders.errors import ContactNotProven, KeptByOther
from orders.models import Order
from people.models import User
from people.services.accounts import lock_open
from people.services.proofs import proven_contacts


def claimable(person: User) -> QuerySet[Order]:
    """Orders bought as guest with contacts that this person has all proven by code, the newest first.

    One with a contact besides may be somebody else's as well: it is kept from its own page, where a code proves that one.
    """
    contacts = proven_contacts(person)
    if not contacts:
        return Order.objects.none()
    return Order.objects.bought_as_guest(contacts).order_by("-date_placed", "-pk")


def with_another_contact(person: User) -> int:
    """How many orders were bought as guest with a contact that this person has proven, and with one that she or he has not."""
    contacts = proven_contacts(person)
    return Order.objects.bought_with_another(contacts).count() if contacts else 0


@transaction.atomic
def claim(order: Order, person: User, *, shown_now: Collection[str] = ()) -> bool:
    """Keep an order in a person's account; False when it was there already.

    shown_now: contacts that are not the account's, and which a code has just shown this person to read.
    Raises ContactNotProven where a contact of the order is none that the person has proven, KeptByOther where somebody
    else has it; both change nothing. So what an account keeps leaves nobody else without the order when it is closed.
    """
    if lock_open(person) and _take(order, person, proven_contacts(person).union(shown_now)):
        return True
    owner = Order.objects.values_list("user", flat=True).get(pk=order.pk)
    if owner == person.pk:
        return False
    if owner is not None:
        raise KeptByOther
    raise ContactNotProven


@transaction.atomic
def claim_all(person: User) -> int:
    """Keep all that claimable names; returns how many are kept by this call."""
    if not lock_open(person):
        return 0
    rows = claimable(person).order_by()
    return rows.update(user=person, kept_at=timezone.now())


def _take(order: Order, person: User, contacts: Collection[str]) -> bool:
    # Test and write in one statement: an order with two contacts may be wanted by two accounts at once.
    free = Order.objects.bought_as_guest(contacts).filter(pk=order.pk)
    return free.update(user=person, kept_at=timezone.now()) == 1
