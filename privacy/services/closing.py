"""Closing an account: what is the person's own goes, what law and money ask for stays, all of it or nothing.

Locks: the person's baskets, the account, then groups. Source: docs/adr/0018.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from marketplace.lib.audit import noting
from marketplace.lib.queue import enqueue
from notices.services.forgetting import forget_person
from orders.basket.models import Basket
from orders.models import ReturnPhoto, ShippingAddress
from orders.services.review_leaving import leave_reviews
from people.models import User
from people.services.accounts import lock_open, shut
from privacy.errors import StillOpen
from privacy.models import DataExport
from privacy.register import TOLD, Erased, Wiped, contacts_of
from privacy.selectors.openings import openings
from privacy.services.exporting import leave
from vendors.models import Invitation, Membership
from vendors.services.invitations import withdraw
from vendors.services.members import remove_member

# What an address keeps of a sale whose papers nobody may ask for any more.
_NOWHERE = {"first_name": "", "last_name": "", "line1": "", "line2": "", "line3": "", "postcode": ""}


@transaction.atomic
def close(person: User, *, removes_reviews: bool) -> bool:
    """Close an account at once and for good; False when it was closed before.

    removes_reviews: the words of reviews go, else they stay as of a former customer. Raises StillOpen with what is not at
    its end, and then nothing has changed.
    """
    # Before the account, as placing an order does.
    list(Basket.objects.select_for_update().filter(owner=person).order_by("pk").values_list("pk"))
    if not lock_open(person):
        return False
    person = User.objects.get(pk=person.pk)
    found = openings(person)
    if found:
        raise StillOpen(found)
    with noting(person=person.pk, reason="The account was closed by its owner."):
        _leave_groups(person)
        _leave_files(person)
        leave_reviews(person, removes=removes_reviews)
        forget_person(person, contacts_of(person))
        _end_rows(person)
        _forget_in_log(person)
        shut(person)
    enqueue("privacy.clear_sessions")
    return True


def forget_old_sales(now: datetime) -> int:
    """Take name and address from sales of closed accounts that are so old that no law asks for them; returns how many."""
    years = timedelta(days=round(365.25 * settings.SALES_KEEP_YEARS))
    old = ShippingAddress.objects.filter(
        order__user__closed_at__isnull=False, order__date_placed__lt=now - years
    ).exclude(first_name="", line1="")
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:500])
    return ShippingAddress.objects.filter(pk__in=keys).update(**_NOWHERE)


def _leave_groups(person: User) -> None:
    for membership in Membership.objects.filter(user=person).select_related("vendor").order_by("vendor"):
        remove_member(membership.vendor, person, actor=person)
    waiting = Invitation.objects.filter(contact__in=contacts_of(person), state=Invitation.State.OPEN)
    for invitation in waiting.order_by("pk"):
        withdraw(invitation, actor=person)


def _leave_files(person: User) -> None:
    """Note the files that must go, and delete the rows that named them; a worker that makes one finds no row to write to."""
    photos = next(told for told in TOLD if told.model is ReturnPhoto).rows(person)
    exports = DataExport.objects.filter(person=person)
    leave([*photos.values_list("name", flat=True), *exports.values_list("file", flat=True)])
    photos.delete()
    exports.delete()


def _end_rows(person: User) -> None:
    """What the register says of each kind of row. Nothing here needs the name or contact of a row ended before."""
    for told in TOLD:
        if isinstance(told.end, Erased):
            told.rows(person).delete()
        elif isinstance(told.end, Wiped):
            told.rows(person).update(**told.end.values)


def _forget_in_log(person: User) -> None:
    """Django's log of the admin names rows in words; an account's are its name or contact."""
    of_people = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=of_people, object_id=str(person.pk)).update(
        object_repr=f"#{person.pk}", change_message=""
    )
