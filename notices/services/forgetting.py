"""Taking contacts out of notices that were sent to people who are to be forgotten."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q, Value
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
    there = Notice.objects.filter(reduce(or_, about)).exclude(address=FORGOTTEN)
    keys = list(there.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    rows = Notice.objects.filter(pk__in=keys)
    rows.filter(state=Notice.State.WAITING).update(state=Notice.State.FAILED, last_error=FORGOTTEN)
    return rows.update(
        key=Concat(Value(f"{FORGOTTEN}:"), Cast(F("pk"), CharField())),
        address=FORGOTTEN,
        person=None,
        context={},
    )
