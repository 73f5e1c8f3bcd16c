"""Applications: a group begins as a draft with gaps, is filled in step by step, and is handed in by a decision."""

import re
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from marketplace.lib.audit import noting
from marketplace.lib.words import is_blank
from people.models import PHONE_PATTERN, User, normal_phone
from regions.models import Region
from regions.policies import reach_of
from vendors.errors import ApplicationError, FactLocked, NotNow, TooManyDrafts
from vendors.models import Membership, Partner, VendorEvent
from vendors.services.group_notices import tell_chair_of_beginning

State = Partner.State
# While the office has not looked yet, or has sent it back, the group writes everything itself.
OPEN_STATES = (State.DRAFT, State.RETURNED)
MOST_DRAFTS = 5
LONGEST_NAME = 128


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """What an application begins with. key: random, of the form; the rest is filled in later."""

    key: str
    name: str
    kind: str
    region: Region


@dataclass(frozen=True, kw_only=True)
class GroupFacts:
    """What a group says about itself; None or empty where it has not said it yet."""

    name: str
    kind: str
    registration_number: str
    member_count: int | None
    household_count: int | None
    phone: str
    email: str
    address: str
    food_licence: str


# What the office has looked at when it approves.
LOCKED_FACTS = ("name", "kind", "registration_number")


def begin(beginning: Beginning, *, applicant: User) -> Partner:
    """Begin a group whose chair the applicant becomes; sent twice with the same key it begins one.

    Raises TooManyDrafts, and ApplicationError for a place that is a whole country or a name that is empty.
    """
    return _begin(beginning, chair=applicant, actor=applicant, on_behalf_of="")


def begin_on_behalf(beginning: Beginning, *, officer: User, chair_name: str, chair_contact: str) -> Partner:
    """An officer begins a group for the person who becomes its chair; recorded as done on her or his behalf.

    chair_contact: a phone number or an e-mail address; a person who has an account with it becomes the chair, else one
    is made without a password. Raises ApplicationError naming the field, also for a place that is not one of the
    officer's, and what begin() raises.
    """
    _refuse_elsewhere(officer, beginning.region)
    contact = clean_contact(chair_contact)
    name = " ".join(chair_name.split())[:150]
    if not name:
        raise ApplicationError(_("Write the name of the chair."), field="chair_name")
    with transaction.atomic(), noting(person=officer.pk, on_behalf_of=name):
        chair = person_for(contact, name=name)
        return _begin(beginning, chair=chair, actor=officer, on_behalf_of=name)


def update_facts(vendor: Partner, facts: GroupFacts) -> None:
    """Write what the group says about itself. Raises FactLocked, NotNow, ApplicationError; then nothing is written."""
    with transaction.atomic():
        locked = lock_group(vendor)
        if locked.state not in OPEN_STATES:
            changed = [name for name in LOCKED_FACTS if getattr(locked, name) != getattr(facts, name)]
            if changed:
                raise FactLocked(field=changed[0])
        if not facts.name.strip():
            raise ApplicationError(_("Write the name of your group."), field="name")
        _keep_food_facts(locked, facts)
        names = [field.name for field in fields(facts)]
        for name in names:
            setattr(locked, name, getattr(facts, name))
        locked.save(update_fields=names)
    _copy(locked, vendor, names)


def _keep_food_facts(locked: Partner, facts: GroupFacts) -> None:
    # Food that is on sale must name its maker, where the maker is, and the licence. Source: PRODUCT, promise 7.
    if locked.state in (*OPEN_STATES, State.APPLIED):
        return
    for name in ("address", "food_licence"):
        if not is_blank(getattr(locked, name)) and is_blank(getattr(facts, name)):
            raise ApplicationError(
                _("Food may be on sale with it, so it cannot be left empty. Write what is right now."),
                field=name,
            )


def choose_place(vendor: Partner, region: Region, *, officer: User | None = None) -> None:
    """Say where the group is at home. officer: who says so on its behalf, in one of the own places.

    Raises FactLocked once the office has it, ApplicationError for a country and for a place that is not the officer's.
    """
    _refuse_country(region)
    if officer is not None:
        _refuse_elsewhere(officer, region)
    with transaction.atomic():
        locked = lock_group(vendor)
        if locked.home_region_id == region.pk:
            return
        if locked.state not in OPEN_STATES:
            raise FactLocked(field="place")
        locked.home_region = region
        locked.save(update_fields=["home_region"])
    _copy(locked, vendor, ["home_region"])


def lock_group(vendor: Partner) -> Partner:
    """The group's row, locked and read again; in a transaction. Raises NotNow for a closed group."""
    locked = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)
    if locked.state == State.CLOSED:
        raise NotNow
    return locked


def clean_contact(typed: str) -> str:
    """An e-mail address in lower case, or a phone number in E.164 form. Raises ApplicationError."""
    word = typed.strip().replace("\0", "")
    if "@" in word:
        try:
            validate_email(word)
        except ValidationError:
            word = ""
        if word:
            return word.lower()
    number = normal_phone(word)
    if not re.match(PHONE_PATTERN, number):
        raise ApplicationError(
            _("This is neither a phone number nor an e-mail address."), field="chair_contact"
        )
    return number


def person_for(contact: str, *, name: str) -> User:
    """The person with this contact; made without a password where there is none, under the given name."""
    found: User | None = User.objects.by_contact(contact).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            where = {"email": contact} if "@" in contact else {"phone": contact}
            return User.objects.create_person(name=name, password=None, **where)
    except IntegrityError:
        # Somebody made the account between the two statements.
        return User.objects.by_contact(contact).get()


def _begin(beginning: Beginning, *, chair: User, actor: User, on_behalf_of: str) -> Partner:
    _refuse_country(beginning.region)
    name = " ".join(beginning.name.split())[:LONGEST_NAME]
    if not name:
        raise ApplicationError(_("Write the name of your group."), field="name")
    key = f"{actor.pk}:{beginning.key}"[:40]
    values = {"name": name, "kind": beginning.kind, "home_region": beginning.region, "begun_key": key}
    try:
        return _write(values, chair=chair, actor=actor, on_behalf_of=on_behalf_of)
    except IntegrityError:
        # A twin of the same form was quicker; or another group of this name has just taken its address, and then
        # the next try finds one that is free.
        there = Partner.objects.filter(begun_key=key).first()
        return there or _write(values, chair=chair, actor=actor, on_behalf_of=on_behalf_of)


@transaction.atomic
def _write(values: dict[str, Any], *, chair: User, actor: User, on_behalf_of: str) -> Partner:
    there = Partner.objects.filter(begun_key=values["begun_key"]).first()
    if there is not None:
        return there
    _refuse_many(actor)
    vendor: Partner = Partner.objects.create(code=_free_code(values["name"]), state=State.DRAFT, **values)
    Membership.objects.create(vendor=vendor, user=chair, role=Membership.Role.CHAIR)
    VendorEvent.objects.create(
        vendor=vendor, from_state="", to_state=State.DRAFT, actor=actor, on_behalf_of=on_behalf_of
    )
    if on_behalf_of:
        tell_chair_of_beginning(vendor)
    return vendor


def _refuse_many(actor: User) -> None:
    begun = Partner.objects.filter(state=State.DRAFT, begun_key__startswith=f"{actor.pk}:")
    if not actor.is_staff and begun.count() >= MOST_DRAFTS:
        raise TooManyDrafts


def _free_code(name: str) -> str:
    """A code for the address of the group's page; names in other scripts leave no letters."""
    plain = slugify(name)[:100]
    if plain and not Partner.objects.filter(code=plain).exists():
        return plain
    return f"{plain or 'group'}-{get_random_string(6, '23456789abcdefghjkmnpqrstuvwxyz')}"


def _refuse_elsewhere(officer: User, region: Region) -> None:
    """Raises ApplicationError for a place in which this officer does not work."""
    if not reach_of(officer).covers(region):
        words = _("You do not work in %(place)s. Ask the office there.")
        raise ApplicationError(words % {"place": region.name}, field="place")


def _refuse_country(region: Region) -> None:
    if region.depth < 1:
        raise ApplicationError(_("Choose a place in the country, not the whole country."), field="place")


def _copy(locked: Partner, vendor: Partner, names: list[str]) -> None:
    for name in names:
        setattr(vendor, name, getattr(locked, name))
