"""Example groups: those of the plan, and any number of others for tests of size."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from marketplace.demo.bulk import own_dates
from marketplace.demo.people import OWN_GROUP
from marketplace.demo.plan import Group, groups
from orders.models import CommissionRule
from orders.shipping.models import DeliveryMethod, WeightStep
from payments.models import CashRule
from people.models import User
from regions.models import Region
from vendors.models import Partner, VendorEvent

State = Partner.State
# By place in the plan: who has only applied, who was sent back, who is suspended, who is closed for a while.
APPLIED, RETURNED, SUSPENDED, CLOSED_NOW, CLOSING_SOON = {40, 66, 75}, {57}, {22, 61}, {8, 33, 50}, {5, 44}
# Before the first example order.
RULED_FROM = date(2020, 1, 1)
# Goods that spoil go only by ways that take no longer.
FRESH_DAYS = 3
REASONS = {
    State.RETURNED: "Example: the food licence number is missing.",
    State.SUSPENDED: "Example: three orders were not sent.",
}


def write_vendors(places: dict[str, Region], *, now: datetime, moderator: User) -> dict[str, Partner]:
    """Write the groups of the plan with the decisions about them; by name. places: by code."""
    rows = [_vendor(number, group, places[group.place], now) for number, group in enumerate(groups())]
    with own_dates(Partner, VendorEvent):
        written = {vendor.name: vendor for vendor in Partner.objects.bulk_create(rows)}
        VendorEvent.objects.bulk_create(
            event for vendor in written.values() for event in _events(vendor, moderator, now)
        )
    CommissionRule.objects.bulk_create(
        CommissionRule(
            vendor=vendor,
            rate=Decimal("0.0500"),
            valid_from=RULED_FROM,
            note="Example: self-help groups pay less",
        )
        for vendor in written.values()
        if vendor.kind == Partner.Kind.SELF_HELP_GROUP
    )
    return written


def write_more_vendors(places: list[Region], *, first: int, count: int, now: datetime) -> list[Partner]:
    """Write further approved groups with plain names, in places drawn by lot. first: number of the first one."""
    rows = []
    for number in range(first, first + count):
        lot = random.Random(f"group {number}")
        place = lot.choice(places)
        since = now - timedelta(days=lot.randint(30, 900))
        rows.append(
            Partner(
                name=f"{place.name} example group {number}",
                code=f"example-group-{number}",
                kind=Partner.Kind.PRODUCER_GROUP,
                state=State.APPROVED,
                home_region=place,
                address=f"Example house, {place.name}",
                story=f"Example: an invented group of {place.name}, made to try the marketplace with many groups.",
                approved_at=since,
                created_at=since - timedelta(days=7),
                is_example=True,
            )
        )
    with own_dates(Partner):
        return list(Partner.objects.bulk_create(rows, batch_size=2000))


def write_delivery(vendors: dict[str, Partner]) -> None:
    """Write the programme's ways of sending, and some groups' own."""
    rows = [
        _method(None, "post", "Post, two to six days", "post", "home", "80", days=(2, 6), free_above="3000"),
        _method(
            None,
            "bus",
            "By bus to the nearest stop, one to three days",
            "vehicle",
            "home",
            "130",
            days=(1, 3),
        ),
        _method(None, "courier-abroad", "Courier abroad, tracked", "post", "abroad", "1650", days=(8, 18)),
    ]
    for group in groups()[::3]:
        vendor = vendors[group.name]
        if group.place.startswith("BT"):
            rows.append(
                _method(vendor, "bus", "By bus to the next bus station", "vehicle", "home", "60", days=(1, 3))
            )
            rows.append(
                _method(vendor, "post", "Bhutan Post, to the door", "post", "home", "110", days=(3, 8))
            )
        else:
            rows.append(_method(vendor, "post", "India Post, registered", "post", "home", "70", days=(3, 9)))
            rows.append(_method(vendor, "courier", "Courier, express", "post", "home", "160", days=(1, 3)))
        rows.append(
            _method(vendor, "pick-up", f"Pick up at {group.name}", "pick_up", "home", "0", days=(0, 1))
        )
        rows.append(_method(vendor, "abroad", "Airmail abroad", "post", "abroad", "1400", days=(10, 25)))
    written = DeliveryMethod.objects.bulk_create(rows)
    WeightStep.objects.bulk_create(
        WeightStep(method=method, up_to_grams=grams, price=method.price * factor)
        for method in written
        if method.code == "post"
        for grams, factor in ((2000, 1), (5000, 2), (20000, 4))
    )


def write_cash_rules(places: dict[str, Region], vendors: dict[str, Partner]) -> None:
    """Let every second Bhutanese group take cash at hand-over everywhere in its country. places: by code."""
    home = [group for group in groups() if group.place.startswith("BT")]
    taking = {group.name for group in home[::2]} | {OWN_GROUP}
    CashRule.objects.bulk_create(
        CashRule(vendor=vendors[name], region=places["BT"]) for name in sorted(taking)
    )


def state_of(number: int) -> Partner.State:
    """State of the group at that place in the plan."""
    if number in APPLIED:
        return State.APPLIED
    if number in RETURNED:
        return State.RETURNED
    return State.SUSPENDED if number in SUSPENDED else State.APPROVED


def _vendor(number: int, group: Group, place: Region, now: datetime) -> Partner:
    lot = random.Random(f"vendor {group.name}")
    state = state_of(number)
    is_new = state in (State.APPLIED, State.RETURNED)
    created = now - (timedelta(days=lot.randint(2, 12)) if is_new else timedelta(days=lot.randint(90, 1400)))
    closed = _closure(number, now.date())
    return Partner(
        name=group.name,
        code=slugify(group.name.replace("'", "")),
        kind=group.kind,
        state=state,
        home_region=place,
        summary=_summary(group),
        story=_story(group, place),
        household_count=group.households,
        member_count=group.households * 2,
        registration_number=f"EX-{number + 1:03d}",
        address=f"Example house, {place.name}",
        email=f"{slugify(group.name.replace(chr(39), ''))}@example.org",
        closed_from=closed[0],
        closed_until=closed[1],
        submitted_at=created,
        approved_at=None if is_new else created + timedelta(days=lot.randint(3, 20)),
        created_at=created,
        is_example=True,
    )


def _summary(group: Group) -> str:
    return f"Example: {group.households} households, {group.about}."[:160]


def _story(group: Group, place: Region) -> str:
    return (
        f"Example: this group is invented; the place and what it is known for are real.\n\n"
        f"{group.households} households of {place.name} work together at {group.about}. They meet on the first Monday "
        f"of the month, agree on prices and decide who packs. What is earned is paid out by the books, which every "
        f"member may read.\n\n"
        f"The group puts one part in ten into a common fund for tools, seed and school books."
    )


def _closure(number: int, today: date) -> tuple[date | None, date | None]:
    if number in CLOSED_NOW:
        return today - timedelta(days=4), today + timedelta(days=12)
    if number in CLOSING_SOON:
        return today + timedelta(days=9), today + timedelta(days=20)
    return None, None


def _events(vendor: Partner, moderator: User, now: datetime) -> list[VendorEvent]:
    moves = [(State.APPLIED, State.APPROVED, vendor.approved_at)] if vendor.approved_at else []
    if vendor.state == State.RETURNED:
        moves.append((State.APPLIED, State.RETURNED, now - timedelta(days=1)))
    if vendor.state == State.SUSPENDED:
        moves.append((State.APPROVED, State.SUSPENDED, now - timedelta(days=2)))
    return [
        VendorEvent(
            vendor=vendor,
            from_state=source,
            to_state=target,
            actor=moderator,
            reason=REASONS.get(target, ""),
            created_at=when,
        )
        for source, target, when in moves
    ]


def _method(
    vendor: Partner | None,
    code: str,
    name: str,
    carrier: str,
    zone: str,
    price: str,
    *,
    days: tuple[int, int],
    free_above: str = "",
) -> DeliveryMethod:
    return DeliveryMethod(
        vendor=vendor,
        code=code,
        name=name[:80],
        carrier=carrier,
        zone=zone,
        price=Decimal(price),
        currency="INR",
        free_above=Decimal(free_above) if free_above else None,
        carries_perishables=days[1] <= FRESH_DAYS,
        pick_up_address=name.removeprefix("Pick up at ") if carrier == "pick_up" else "",
        days_min=days[0],
        days_max=days[1],
    )
