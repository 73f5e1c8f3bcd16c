"""Telling those who may approve a message to groups that one waits."""

from django.contrib.auth.models import Permission
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, override

from catalogue.selectors.places import paths_above
from marketplace.lib.addresses import public_link
from notices.services.queueing import Recipient, notify
from people.models import User
from programme.models import Broadcast
from programme.policies import can_work_on

# So many are told; whoever comes first approves.
MOST_TOLD = 20


def tell_second_persons(broadcast: Broadcast) -> int:
    """Queue a notice to each, once for each version of the message; returns how many were told. In the caller's transaction."""
    link = public_link(reverse("admin:programme_broadcast_change", args=[broadcast.pk]))
    persons = _second_persons(broadcast)
    for person in persons:
        with override(person.preferred_language):
            by = broadcast.author.name or gettext("Somebody of the office")
        to = Recipient(person.email or "", person.phone or "", person.preferred_language, person=person)
        # Not as the message's own notices begin, which are counted.
        key = f"second-person:{broadcast.pk}:{broadcast.version}"
        notify(key, "broadcast_waits", to=to, context={"by": by, "subject": str(broadcast), "link": link})
    return len(persons)


def _second_persons(broadcast: Broadcast) -> list[User]:
    """Staff who may approve it, without its author: by the staff group, or where a role says so."""
    right = Permission.objects.filter(content_type__app_label="programme", codename="send_broadcast")
    has_right = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    places = paths_above(broadcast.region.path) if broadcast.region else []
    decides = Q(region_roles__may_decide=True, region_roles__region__path__in=places)
    staff = User.objects.filter(has_right | decides, is_staff=True, is_active=True)
    rows = staff.exclude(pk=broadcast.author_id).distinct().order_by("pk")
    return [person for person in rows[:MOST_TOLD] if can_work_on(person, broadcast)]
