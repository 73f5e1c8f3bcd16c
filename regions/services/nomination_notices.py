"""Who is told of nominations: those who may decide that one waits, and who proposed it what became of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from marketplace.lib.dates import today_in
from notices.services.queueing import Recipient, notify
from people.models import User
from regions.models import CommitteeMeeting, Nomination, Region, RegionRole
from regions.policies import can_approve, can_recommend
from regions.services.nomination_rules import Decision

State = Nomination.State
# So many are told; whoever comes first decides.
MOST_TOLD = 20
# So many are named in one message; the others are counted.
MOST_NAMED = 20


def tell_that_it_waits(row: Nomination) -> int:
    """Queue a notice to those who may decide about it now; returns how many are told. In the caller's transaction.

    Those nearest are told: who decides in the place that recommends, or else above it, or else staff with the right. While
    an older one still waits for the same people, they are told once a day, not for each.
    """
    is_below = row.waits_for_recommendation
    place = row.recommending_region if is_below and row.recommending_region else row.scheme.country
    persons = _deciders(place, row, is_below=is_below)
    same = Nomination.objects.filter(state=row.state, scheme=row.scheme)
    same = same.filter(recommending_region=place) if is_below else same
    oldest = same.order_by("handed_in_at", "pk").values_list("pk", flat=True).first()
    key = f"nomination-waits:{row.state}:{place.pk}:{oldest}:{today_in(place.country_code)}"
    for person in persons:
        with override(person.preferred_language):
            by = row.proposed_by.name or _("Somebody of the office")
        _tell(person, key, "nomination_waits", {**_about(row), "by": by})
    return len(persons)


def tell_proposer(row: Nomination, kind: str, *, event: int, note: str) -> None:
    """Tell who proposed it what became of it, once for each event (its key). In the caller's transaction."""
    context = {**_about(row), "note": note}
    person = row.proposed_by
    if row.effective_on is not None:
        with override(person.preferred_language):
            context["on"] = date_format(row.effective_on)
    _tell(person, f"nomination-event:{event}", kind, context)


def tell_what_was_decided(
    meeting: CommitteeMeeting, rows: Sequence[Nomination], decisions: Mapping[int, Decision]
) -> None:
    """Tell each proposer in one message what the meeting decided about hers or his. In the caller's transaction."""
    by_person: defaultdict[int, list[Nomination]] = defaultdict(list)
    for row in rows:
        by_person[row.proposed_by_id].append(row)
    persons = User.objects.in_bulk(by_person)
    for pk, own in sorted(by_person.items()):
        person = persons[pk]
        with override(person.preferred_language):
            items = [_line(row, decisions[row.pk].remarks) for row in own[:MOST_NAMED]]
            if len(own) > MOST_NAMED:
                items.append(_("and %(count)d more") % {"count": len(own) - MOST_NAMED})
        context = {
            "subject": str(meeting),
            "count": str(len(own)),
            "decided": "\n".join(items),
            "link": f"{settings.SITE_URL}{reverse('admin:regions_nomination_changelist')}",
        }
        # The same nomination may come before the same meeting again in a later version.
        key = f"nomination-meeting:{meeting.pk}:{own[0].pk}:{own[0].version}"
        _tell(person, key, "nominations_decided", context)


def _line(row: Nomination, remarks: str) -> str:
    about = {"product": row.name, "place": row.region.name, "state": row.get_state_display()}
    if row.effective_on is not None:
        words = _("%(product)s (%(place)s): %(state)s, from %(day)s on")
        line = words % {**about, "day": date_format(row.effective_on)}
    else:
        line = _("%(product)s (%(place)s): %(state)s") % about
    return f"{line}. {' '.join(remarks.split())}" if remarks.strip() else line


def _deciders(place: Region, row: Nomination, *, is_below: bool) -> list[User]:
    """Without those who may not decide about it any more, since they had a hand in it."""
    own = [pk for pk in (row.proposed_by_id, row.recommended_by_id) if pk is not None]
    roles = RegionRole.objects.filter(
        may_decide=True, region__code__in=place.codes, person__is_staff=True, person__is_active=True
    )
    near = roles.exclude(person__in=own).select_related("person", "region").order_by("-region__depth", "pk")
    found = list(near[:MOST_TOLD])
    if found:
        return [role.person for role in found if role.region.depth == found[0].region.depth]
    right, may = ("recommend", can_recommend) if is_below else ("approve", can_approve)
    staff = User.objects.with_perm(
        f"regions.{right}_nomination", backend="django.contrib.auth.backends.ModelBackend"
    )
    rows = staff.filter(is_staff=True).exclude(pk__in=own).order_by("pk")
    return [person for person in rows[:MOST_TOLD] if may(person, place)]


def _about(row: Nomination) -> dict[str, str]:
    page = reverse("admin:regions_nomination_change", args=[row.pk])
    return {"thing": row.name, "place": row.region.name, "link": f"{settings.SITE_URL}{page}"}


def _tell(person: Any, key: str, kind: str, context: Mapping[str, str]) -> None:
    to = Recipient(person.email or "", person.phone or "", person.preferred_language, person=person)
    notify(key, kind, to=to, context=context)
