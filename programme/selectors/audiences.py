"""Whom a message to groups reaches: groups, people and the groups' own contacts, as they are now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from marketplace.lib.dates import TIME_ZONES, today_in
from marketplace.lib.words import language_name
from people.models import User
from programme.models import Broadcast
from regions.policies import reach_of
from vendors.models import Certificate, Membership, Partner

Readers, Standing = Broadcast.Readers, Broadcast.Standing
ROLES = {
    Readers.CHAIRS: (Membership.Role.CHAIR,),
    Readers.MANAGERS: (Membership.Role.CHAIR, Membership.Role.BOOKKEEPER),
    Readers.MEMBERS: tuple(Membership.Role.values),
}


@dataclass(frozen=True)
class Reading:
    """How many readers wish for one language, and how they are reached; read: the language that they read it in."""

    language: str
    read: str
    people: int
    by_email: int
    by_sms: int
    unreachable: int

    @property
    def name(self) -> str:
        """What the language is called."""
        return language_name(self.language)

    @property
    def read_name(self) -> str:
        """What the language is called in which they read it."""
        return language_name(self.read)


@dataclass(frozen=True)
class Counts:
    """An audience in figures; contacts: of groups themselves, where no reader has the same number or address."""

    groups: int
    readings: Sequence[Reading]
    contacts_by_email: int
    contacts_by_sms: int

    @property
    def people(self) -> int:
        """Readers with an account."""
        return sum(each.people for each in self.readings)

    @property
    def by_email(self) -> int:
        """E-mails that go out, those to contacts of groups too."""
        return sum(each.by_email for each in self.readings) + self.contacts_by_email

    @property
    def by_sms(self) -> int:
        """SMS that go out, those to contacts of groups too."""
        return sum(each.by_sms for each in self.readings) + self.contacts_by_sms

    @property
    def unreachable(self) -> int:
        """Readers without any contact."""
        return sum(each.unreachable for each in self.readings)


def groups_of(broadcast: Broadcast) -> QuerySet[Partner]:
    """Groups that it is for, never outside the places where its author decides today; no query but that of the reach."""
    author = broadcast.author
    has_right = author.has_perm("programme.send_broadcast")
    groups = Partner.objects.filter(reach_of(author).rows_to_decide("home_region__path", has_right=has_right))
    if broadcast.region is not None:
        groups = groups.filter(home_region__path__startswith=broadcast.region.path)
    if broadcast.kind:
        groups = groups.filter(kind=broadcast.kind)
    if broadcast.group_state:
        groups = groups.filter(state=broadcast.group_state)
    return groups.filter(_certified(broadcast)) if broadcast.certificate_state else groups


def people_of(broadcast: Broadcast) -> QuerySet[User]:
    """Members who read it, each once whatever the number of their groups."""
    people = User.objects.filter(
        Exists(memberships_of(broadcast).filter(user=OuterRef("pk"))), is_active=True
    )
    return people.filter(preferred_language=broadcast.language) if broadcast.language else people


def memberships_of(broadcast: Broadcast) -> QuerySet[Membership]:
    """The memberships by which people read it."""
    roles = ROLES[Readers(broadcast.readers)]
    return Membership.objects.filter(role__in=roles, vendor__in=groups_of(broadcast).values("pk"))


def contacts_of(broadcast: Broadcast) -> QuerySet[Partner]:
    """Groups whose own contacts get it too."""
    if not broadcast.to_contacts:
        return Partner.objects.none()
    groups = groups_of(broadcast).exclude(email="", phone="")
    return groups.filter(language=broadcast.language) if broadcast.language else groups


def count_audience(broadcast: Broadcast) -> Counts:
    """Count it as it is now; three queries, and one for contacts of groups where they get it."""
    wants_email = Q(notice_preference=None) | Q(notice_preference__wants_email=True)
    wants_sms = Q(notice_preference=None) | Q(notice_preference__wants_sms=True)
    has_email, has_phone = Q(email__isnull=False), Q(phone__isnull=False)
    people = people_of(broadcast)
    # A channel that is not wanted is used where it is the only one: as notices.services.reach says.
    rows = (
        people.values("preferred_language")
        .order_by("preferred_language")
        .annotate(
            people=Count("pk"),
            by_email=Count("pk", filter=has_email & (wants_email | ~(has_phone & wants_sms))),
            by_sms=Count("pk", filter=has_phone & (wants_sms | ~(has_email & wants_email))),
            unreachable=Count("pk", filter=~has_email & ~has_phone),
        )
    )
    readings = [
        Reading(
            row["preferred_language"],
            broadcast.words_for(row["preferred_language"])[0],
            *(row[name] for name in ("people", "by_email", "by_sms", "unreachable")),
        )
        for row in rows
    ]
    contacts = {"emails": 0, "phones": 0}
    if broadcast.to_contacts:
        same_email = Exists(people.filter(email=Lower(OuterRef("email"))))
        same_phone = Exists(people.filter(phone=OuterRef("phone")))
        contacts = contacts_of(broadcast).aggregate(
            emails=Count(Lower("email"), filter=~Q(email="") & ~Q(same_email), distinct=True),
            phones=Count("phone", filter=~Q(phone="") & ~Q(same_phone), distinct=True),
        )
    return Counts(groups_reached(broadcast).count(), readings, contacts["emails"], contacts["phones"])


def groups_reached(broadcast: Broadcast) -> QuerySet[Partner]:
    """Groups of which somebody gets it."""
    members = memberships_of(broadcast).filter(user__is_active=True)
    if broadcast.language:
        members = members.filter(user__preferred_language=broadcast.language)
    reached = Q(pk__in=members.values("vendor"))
    if broadcast.to_contacts:
        reached |= Q(pk__in=contacts_of(broadcast).values("pk"))
    return groups_of(broadcast).filter(reached)


def _certified(broadcast: Broadcast) -> Q:
    """What is true of a group whose certificates of the kind stand as asked; days are those of its country."""
    held = Certificate.objects.filter(vendor=OuterRef("pk"))
    if broadcast.certificate_kind:
        held = held.filter(kind=broadcast.certificate_kind)
    verified = held.filter(state=Certificate.State.VERIFIED)
    valid = verified.valid_now()
    if broadcast.certificate_state == Standing.NONE:
        return ~Q(Exists(held.filter(state__in=Certificate.COUNTING)))
    if broadcast.certificate_state == Standing.VALID:
        return Q(Exists(valid))
    if broadcast.certificate_state == Standing.ENDED:
        ended = verified.filter(_by_country(lambda today: Q(valid_until__lt=today)))
        return Q(Exists(ended)) & ~Q(Exists(valid))
    limit = timedelta(days=broadcast.certificate_days)
    ending = valid.filter(_by_country(lambda today: Q(valid_until__lte=today + limit)))
    followed = Certificate.objects.filter(
        vendor=OuterRef("vendor"), kind=OuterRef("kind"), state=Certificate.State.VERIFIED
    ).filter(_by_country(lambda today: Q(valid_until__gt=today + limit)))
    return Q(Exists(ending.filter(~Exists(followed))))


def _by_country(condition: Callable[[date], Q]) -> Q:
    """A condition on the day of each certificate's group, asked of the clock for each country."""
    found, elsewhere = Q(pk__in=()), Q()
    for country in TIME_ZONES:
        home = Q(vendor__home_region__path__startswith=f"{country}/")
        found |= home & condition(today_in(country))
        elsewhere &= ~home
    return found | (elsewhere & condition(today_in("")))
