"""What the programme can have counted of a group, and our words for it. Higher rooms add theirs by register()."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vendors.models import Partner


@dataclass(frozen=True)
class Facts:
    """What is counted of one group, read once for all checks."""

    vendor: Partner
    photos: int
    people: int
    contacts: int


@dataclass(frozen=True)
class Check:
    """One count. label: for staff who choose it. words: what is asked, for a number. count: how many there are."""

    label: str | Promise
    words: Callable[[int], str]
    count: Callable[[Facts], int]


CHECKS: dict[str, Check] = {
    "summary": Check(
        gettext_lazy("one line about the group"),
        lambda _number: _("One line about your group"),
        lambda facts: int(bool(facts.vendor.summary.strip())),
    ),
    "story": Check(
        gettext_lazy("letters of the story"),
        lambda _number: _("The story of your group, some sentences long"),
        lambda facts: len(facts.vendor.story.strip()),
    ),
    "photos": Check(
        gettext_lazy("photos of the group"),
        lambda number: (
            ngettext("%(number)d photo of your group", "%(number)d photos of your group", number)
            % {"number": number}
        ),
        lambda facts: facts.photos,
    ),
    "people": Check(
        gettext_lazy("people of the story who agreed to be shown"),
        lambda number: (
            ngettext(
                "%(number)d person who makes the goods, shown with consent",
                "%(number)d people who make the goods, shown with consent",
                number,
            )
            % {"number": number}
        ),
        lambda facts: facts.people,
    ),
    "members": Check(
        gettext_lazy("members of the group"),
        lambda number: (
            ngettext("At least %(number)d member", "At least %(number)d members", number) % {"number": number}
        ),
        lambda facts: facts.vendor.member_count or 0,
    ),
    "households": Check(
        gettext_lazy("households of the group"),
        lambda number: (
            ngettext("At least %(number)d household", "At least %(number)d households", number)
            % {"number": number}
        ),
        lambda facts: facts.vendor.household_count or 0,
    ),
    "contact": Check(
        gettext_lazy("phone numbers or e-mail addresses of members"),
        lambda _number: _("A phone number or e-mail address at which we reach you"),
        lambda facts: facts.contacts + bool(facts.vendor.phone) + bool(facts.vendor.email),
    ),
    "address": Check(
        gettext_lazy("postal address"),
        lambda _number: _("The postal address of your group"),
        lambda facts: int(bool(facts.vendor.address.strip())),
    ),
    "registration_number": Check(
        gettext_lazy("registration number"),
        lambda _number: _("The registration number of your group"),
        lambda facts: int(bool(facts.vendor.registration_number.strip())),
    ),
    "food_licence": Check(
        gettext_lazy("food licence number"),
        lambda _number: _("The number of your food licence, if you sell food"),
        lambda facts: int(bool(facts.vendor.food_licence.strip())),
    ),
}
# Words of ours for what is said or looked at, by the requirement's check_name.
WORDS: dict[str, str | Promise] = {
    "own_make": gettext_lazy("We sell only what members of our group make or grow themselves"),
    "rules": gettext_lazy("We have read how selling works here, and every member knows of this application"),
    "registration_paper": gettext_lazy("Registration certificate of the group"),
    "identity_paper": gettext_lazy("Identity card of the chair"),
    "food_paper": gettext_lazy("Food licence, if you sell food"),
}


def register(name: str, check: Check) -> None:
    """Add a count of a room above; called when that room's app starts."""
    CHECKS[name] = check
