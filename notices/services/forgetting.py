"""Taking contacts out of notices that were sent to people who are to be forgotten."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat

from notices.models import Notice

# Stands for an address that was wiped; nothing is ever sent to it.
FORGOTTEN = "forgotten"


@transaction.atomic
def forget_addresses(events: Iterable[str]) -> int:
    """Wipe address, person and values of what was sent about these events, copies included; returns how many.

    events: keys as they were given to notify. What still waits ends unsent. The key, which holds the address as a hash,
    is replaced: the event can be told of anew, so that nobody may be left to tell. Run again it changes nothing.
    """
    about = [Q(key__startswith=f"{event}:") | Q(resend_of__key__startswith=f"{event}:") for event in events]
    if not about:
        return 0
    return _forget(Notice.objects.filter(reduce(or_, about)))


@transaction.atomic
def forget_person(person: Any, contacts: Iterable[str]) -> int:
    """Wipe address, person and values of all that was sent to a person or to these contacts; returns how many."""
    return _forget(Notice.objects.filter(Q(person=person) | Q(address__in=list(contacts))))


def _forget(about: QuerySet[Notice]) -> int:
    there = about.exclude(address=FORGOTTEN)
    keys = list(there.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    rows = Notice.objects.filter(pk__in=keys)
    rows.filter(state=Notice.State.WAITING).update(state=Notice.State.FAILED, last_error=FORGOTTEN)
    return rows.update(
        key=Concat(Value(f"{FORGOTTEN}:"), Cast(F("pk"), CharField())),
        address=FORGOTTEN,
        person=None,
        context={},
    )
