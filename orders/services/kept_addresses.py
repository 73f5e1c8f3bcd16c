"""The addresses that a person keeps: adding, changing, removing, and the one that orders begin with."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from orders.addresses.models import UserAddress
from orders.errors import AccountClosed, AddressesTooMany, AddressKept
from people.models import User
from people.services.accounts import lock_open

# All of them are shown beside each other in the checkout.
MOST = 10


@dataclass(frozen=True, kw_only=True)
class AddressWords:
    """An address as its form gives it. country_code: ISO 3166 of two letters. receiver_phone: E.164, or empty."""

    name: str
    country_code: str
    state: str
    town: str
    street: str
    postcode: str
    receiver_phone: str

    def write_to(self, row: UserAddress) -> None:
        """Fill the row in, without saving it; its hash becomes that of these words."""
        row.first_name, row.country_id = self.name, self.country_code
        row.state, row.line4, row.line1 = self.state, self.town, self.street
        row.postcode, row.phone_number = self.postcode, self.receiver_phone
        row.hash = row.generate_hash()


@transaction.atomic
def keep_address(person: User, words: AddressWords) -> UserAddress:
    """Keep an address; the one there is, with the phone of now, where it is kept already. The first is the default.

    Raises AddressesTooMany, AccountClosed.
    """
    mine = _hold(person)
    row = UserAddress(user=person)
    words.write_to(row)
    found: UserAddress | None = mine.filter(hash=row.hash).first()
    if found is not None:
        # Past Oscar's save, which lets no other address of the person be the default, and this one neither.
        mine.filter(pk=found.pk).update(phone_number=words.receiver_phone)
        return found
    count = mine.count()
    if count >= MOST:
        raise AddressesTooMany(MOST)
    row.is_default_for_shipping = count == 0
    row.save()
    return row


@transaction.atomic
def change_address(person: User, pk: int, words: AddressWords) -> None:
    """Write other words over an address of the person's; orders keep their own.

    Raises UserAddress.DoesNotExist for what is not the person's, AddressKept where another one has these words.
    """
    mine = _hold(person)
    row: UserAddress = mine.get(pk=pk)
    words.write_to(row)
    if mine.exclude(pk=pk).filter(hash=row.hash).exists():
        raise AddressKept
    row.save()


@transaction.atomic
def choose_default(person: User, pk: int) -> None:
    """Let orders begin with this address; twice is once. Raises UserAddress.DoesNotExist for what is not the person's."""
    mine = _hold(person)
    row: UserAddress = mine.get(pk=pk)
    mine.filter(is_default_for_shipping=True).exclude(pk=pk).update(is_default_for_shipping=False)
    mine.filter(pk=row.pk).update(is_default_for_shipping=True)


@transaction.atomic
def remove_address(person: User, pk: int) -> None:
    """Keep an address no longer; of those that are left the newest becomes the default where it was that.

    Raises UserAddress.DoesNotExist for what is not the person's.
    """
    mine = _hold(person)
    row: UserAddress = mine.get(pk=pk)
    row.delete()
    newest = mine.order_by("-pk").first()
    if row.is_default_for_shipping and newest is not None:
        mine.filter(pk=newest.pk).update(is_default_for_shipping=True)


def _hold(person: User) -> "QuerySet[UserAddress]":
    """The person's addresses, which nobody else writes until the transaction ends."""
    if not lock_open(person):
        raise AccountClosed
    return UserAddress.objects.filter(user=person)
