"""Example people: the demonstration logins, members of the groups, buyers."""

import random
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from marketplace.demo.plan import groups
from people.models import User
from regions.models import Region, RegionRole
from vendors.models import Membership, Partner
from vendors.services.staff_groups import FINANCE_OFFICERS, MODERATORS, OFFICERS, create_staff_groups

PASSWORD = "one place one product"  # noqa: S105 - published on purpose; production has no demonstration data
OWN_GROUP = "Tang Women's Kitchen"
OTHER_GROUP = "Bumthang Yathra House"
DRAFT_GROUP = "Ura Honey Circle"


@dataclass(frozen=True)
class Login:
    """A person who can sign in with PASSWORD; vendor and role for members, staff_group for staff.

    works_in: code of the place of an officer.
    """

    label: str
    email: str
    name: str
    vendor: str = ""
    role: str = ""
    staff_group: str = ""
    works_in: str = ""
    is_superuser: bool = False


@dataclass(frozen=True)
class Officers:
    """Who notes what the bank says, and who approves it as the second person."""

    finance: User
    second: User


LOGINS = (
    Login("shopper", "shopper@example.org", "Aiko Tanaka (example)"),
    Login("group chair", "chair@example.org", "Karma Lhamo (example)", OWN_GROUP, Membership.Role.CHAIR),
    Login("packer", "packer@example.org", "Dorji Wangmo (example)", OWN_GROUP, Membership.Role.PACKER),
    Login("other group", "other@example.org", "Sonam Choden (example)", OTHER_GROUP, Membership.Role.CHAIR),
    Login("applicant", "applicant@example.org", "Choki Zangmo (example)", DRAFT_GROUP, Membership.Role.CHAIR),
    Login(
        "officer of Bumthang",
        "officer@example.org",
        "Tshering Dema (example)",
        staff_group=OFFICERS,
        works_in="BT-33",
    ),
    Login("moderator", "moderator@example.org", "Pema Yangzom (example)", staff_group=MODERATORS),
    Login("finance officer", "finance@example.org", "Ugyen Dorji (example)", staff_group=FINANCE_OFFICERS),
    Login("second officer", "finance2@example.org", "Phuntsho Zam (example)", staff_group=FINANCE_OFFICERS),
    Login("administrator", "admin@example.org", "Administrator (example)", is_superuser=True),
)
BHUTAN = "Karma Sonam Pema Tshering Dorji Ugyen Kinley Chimi Deki Yangchen Namgay Jigme Choki Rinchen Tandin Zangmo"
INDIA = (
    "Asha Meena Lakshmi Ravi Suresh Kavita Anil Bina Farida Imran Leela Mohan Nirmala Prakash Radha Sunita"
)
BHUTAN_LAST = "Lhamo Wangmo Dema Choden Zangmo Wangchuk Norbu Penjor Tenzin Gyeltshen Dolma Yangzom"
INDIA_LAST = "Devi Rao Das Singh Kumari Bora Naik Patel Sharma Khan Nair Murmu"


def write_logins() -> None:
    """Make the demonstration logins, staff in their groups; members get their roles with the groups."""
    create_staff_groups()
    # One hash for all: a slow hash is meant to be slow.
    password = make_password(PASSWORD)
    for number, login in enumerate(LOGINS):
        person = User.objects.create(
            username=f"example-login-{number}",
            name=login.name,
            email=login.email,
            password=password,
            is_staff=bool(login.staff_group) or login.is_superuser,
            is_superuser=login.is_superuser,
            is_example=True,
        )
        if login.staff_group:
            person.groups.add(Group.objects.get(name=login.staff_group))
        if login.works_in:
            RegionRole.objects.create(person=person, region=Region.objects.get(code=login.works_in))


def write_members(vendors: dict[str, Partner]) -> None:
    """Give every group of the plan its members, each with a role. vendors: by name.

    Only the demonstration logins among them can sign in.
    """
    for login in LOGINS:
        if login.vendor:
            person = User.objects.get(email=login.email)
            Membership.objects.create(vendor=vendors[login.vendor], user=person, role=login.role)
    taken = {(login.vendor, login.role) for login in LOGINS}
    people: list[User] = []
    roles: list[tuple[Partner, str]] = []
    for group in groups():
        lot = random.Random(f"members of {group.name}")
        wanted = [Membership.Role.CHAIR, Membership.Role.BOOKKEEPER, Membership.Role.PACKER]
        for role in wanted[: lot.choice((2, 3, 3))]:
            name = example_name(lot, is_bhutan=group.place.startswith("BT"))
            people.append(_person(f"member-{len(people)}", name))
            roles.append((vendors[group.name], role))
    written = User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(vendor=vendor, user=person, role=role)
        for person, (vendor, role) in zip(written, roles, strict=True)
        if (vendor.name, role) not in taken
    )


def write_buyers(count: int) -> list[User]:
    """Make people who have bought something; they cannot sign in."""
    lot = random.Random("buyers")
    rows = [
        _person(f"buyer-{number}", example_name(lot, is_bhutan=number % 3 == 0)) for number in range(count)
    ]
    return list(User.objects.bulk_create(rows))


def example_name(lot: random.Random, *, is_bhutan: bool) -> str:
    """An invented name, marked as one."""
    first, last = (BHUTAN, BHUTAN_LAST) if is_bhutan else (INDIA, INDIA_LAST)
    return f"{lot.choice(first.split())} {lot.choice(last.split())} (example)"


def _person(key: str, name: str) -> User:
    # "!" is what Django writes where nobody can sign in.
    return User(
        username=f"example-{key}", name=name, email=f"{key}@example.org", password=f"!{key}", is_example=True
    )
