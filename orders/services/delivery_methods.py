"""A group's own ways of sending: taken over from the programme, added, changed, switched off. Orders keep their copy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2s

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from orders.errors import DeliveryMethodError
from orders.shipping.models import DeliveryMethod, WeightStep
from vendors.models import Partner

Country = get_model("address", "Country")

MOST_METHODS = 20
MOST_STEPS = 6
LONGEST_DAYS = 120
_COPIED = (
    "name",
    "carrier",
    "zone",
    "price",
    "currency",
    "free_above",
    "days_min",
    "days_max",
    "preparation_days",
    "carries_perishables",
    "countries",
    "pick_up_address",
)


@dataclass(frozen=True, kw_only=True)
class MethodData:
    """One way of sending as a group writes it; amounts in the currency that is charged, days from hand-over.

    price: for any weight, None with steps. steps: (up to so many grams, price), in any order. countries: codes.
    """

    name: str
    zone: str
    price: Decimal | None
    days_min: int
    days_max: int
    free_above: Decimal | None = None
    preparation_days: int = 0
    carries_perishables: bool = False
    pick_up_address: str = ""
    countries: Sequence[str] = field(default_factory=tuple)
    steps: Sequence[tuple[int, Decimal]] = field(default_factory=tuple)


def own_methods(vendor: Partner) -> QuerySet[DeliveryMethod]:
    """Ways of sending of this group, those that are switched off too, with their steps."""
    return DeliveryMethod.objects.filter(vendor=vendor).prefetch_related("steps")


def programme_methods() -> QuerySet[DeliveryMethod]:
    """What every group offers that has no way of its own, with the steps."""
    rows = DeliveryMethod.objects.filter(vendor=None, is_active=True, currency=settings.CHARGE_CURRENCY)
    return rows.prefetch_related("steps")


@transaction.atomic
def take_over(vendor: Partner) -> int:
    """Copy the programme's ways as the group's own; how many. A group that offers its own keeps them: 0."""
    _lock(vendor)
    own = list(own_methods(vendor))
    if any(method.is_active for method in own):
        return 0
    taken = {method.code for method in own}
    found = list(programme_methods())
    for method in found:
        steps = [(step.up_to_grams, step.price) for step in method.steps.all()]
        copy = DeliveryMethod(vendor=vendor, **{name: getattr(method, name) for name in _COPIED})
        copy.code = _free_code(method.code, taken)
        copy.save(force_insert=True)
        _write_steps(copy, steps)
    return len(found)


@transaction.atomic
def create_method(vendor: Partner, carrier: str, data: MethodData, *, key: str) -> DeliveryMethod:
    """Add a way of sending. key: random, of the form; sent again with the same values it is the same row.

    Raises DeliveryMethodError, naming the field, and for a key that was used for other values.
    """
    code = slugify(key)[:40]
    if carrier not in DeliveryMethod.Carrier.values or not code:
        raise DeliveryMethodError(_("Choose how the goods go."), field="carrier")
    _check(carrier, data)
    _lock(vendor)
    method = DeliveryMethod(vendor=vendor, code=code, carrier=carrier, currency=settings.CHARGE_CURRENCY)
    _fill(method, data)
    known = own_methods(vendor).filter(code=code).first()
    if known is not None:
        if _values(known, known.tariff.steps) == _values(method, sorted(data.steps)):
            return known
        raise DeliveryMethodError(_("This was saved already. Open it in the list to change it."))
    if own_methods(vendor).count() >= MOST_METHODS:
        raise DeliveryMethodError(_("That is more than shoppers can choose from. Change one that you have."))
    method.save(force_insert=True)
    _write_steps(method, data.steps)
    return method


@transaction.atomic
def change_method(method: DeliveryMethod, data: MethodData, *, seen: str) -> DeliveryMethod:
    """Change a way of sending for orders to come; those placed keep their copy.

    seen: mark of what the form began with (mark_of). Raises DeliveryMethodError, also when somebody else has changed it
    since then; sent again with the same values it is the same.
    """
    locked = DeliveryMethod.objects.select_for_update().get(pk=method.pk)
    _check(locked.carrier, data)
    before = _values(locked, locked.tariff.steps)
    is_seen = seen == mark_of(locked)
    _fill(locked, data)
    if not is_seen and _values(locked, sorted(data.steps)) != before:
        raise DeliveryMethodError(
            _(
                "Somebody else of the group has changed this meanwhile. Look at it in the list, then change it again."
            )
        )
    locked.save()
    locked.steps.all().delete()
    _write_steps(locked, data.steps)
    return locked


@transaction.atomic
def switch_method(method: DeliveryMethod, *, is_offered: bool) -> None:
    """Offer a way of sending, or offer it no more; it is never deleted, since orders name it."""
    DeliveryMethod.objects.filter(pk=method.pk).update(is_active=is_offered)


def mark_of(method: DeliveryMethod) -> str:
    """A short mark of all that a form can change, the same as long as nothing is changed."""
    values = _values(method, method.tariff.steps)
    return blake2s(repr(values).encode(), digest_size=8).hexdigest()


def _lock(vendor: Partner) -> None:
    Partner.objects.select_for_update().only("pk").get(pk=vendor.pk)


def _check(carrier: str, data: MethodData) -> None:
    if not data.name.strip():
        raise DeliveryMethodError(_("Write what shoppers read."), field="name")
    if data.zone not in DeliveryMethod.Zone.values:
        raise DeliveryMethodError(_("Choose where to."), field="zone")
    if carrier == DeliveryMethod.Carrier.PICK_UP and not data.pick_up_address.strip():
        raise DeliveryMethodError(_("Write where the buyer picks it up."), field="pick_up_address")
    if data.days_min > data.days_max:
        raise DeliveryMethodError(
            _("The most days are fewer than the fewest. Change one of them."), field="days_max"
        )
    if max(data.days_max, data.preparation_days) > LONGEST_DAYS:
        raise DeliveryMethodError(_("That is longer than anybody waits."), field="days_max")
    _check_prices(data)
    _check_countries(data)


def _check_prices(data: MethodData) -> None:
    if data.price is None and not data.steps:
        raise DeliveryMethodError(_("Write the price, 0 if it is free."), field="price")
    if (data.price is not None and data.price < 0) or (data.free_above is not None and data.free_above <= 0):
        raise DeliveryMethodError(_("Write a price above zero."), field="price")
    weights = [grams for grams, _price in data.steps]
    if len(set(weights)) != len(weights):
        raise DeliveryMethodError(_("Two rows have the same weight. Change one of them."), field="steps")
    if len(weights) > MOST_STEPS or any(grams <= 0 or price < 0 for grams, price in data.steps):
        raise DeliveryMethodError(_("Write weights above zero, six at most."), field="steps")


def _check_countries(data: MethodData) -> None:
    if data.countries and data.zone != DeliveryMethod.Zone.ABROAD:
        raise DeliveryMethodError(
            _("Countries narrow a way of sending to other countries. Choose that, or leave them out."),
            field="countries",
        )
    known = set(Country.objects.filter(pk__in=data.countries).values_list("pk", flat=True))
    strange = [code for code in data.countries if code not in known]
    if strange:
        words = _("No country is called %(codes)s. Write two letters each, as DE, JP.")
        raise DeliveryMethodError(words % {"codes": ", ".join(strange)}, field="countries")


def _fill(method: DeliveryMethod, data: MethodData) -> None:
    is_pick_up = method.carrier == DeliveryMethod.Carrier.PICK_UP
    method.name = data.name.strip()[:80]
    method.zone = data.zone
    method.price = data.price if data.price is not None else min(price for _grams, price in data.steps)
    method.free_above = data.free_above
    method.days_min, method.days_max = data.days_min, data.days_max
    method.preparation_days = data.preparation_days
    method.carries_perishables = data.carries_perishables
    method.countries = list(data.countries)
    method.pick_up_address = data.pick_up_address.strip()[:255] if is_pick_up else ""


def _values(method: DeliveryMethod, steps: Sequence[tuple[int, Decimal]]) -> tuple[object, ...]:
    return (*(getattr(method, name) for name in _COPIED), list(steps))


def _write_steps(method: DeliveryMethod, steps: Sequence[tuple[int, Decimal]]) -> None:
    WeightStep.objects.bulk_create(
        WeightStep(method=method, up_to_grams=grams, price=price) for grams, price in sorted(steps)
    )


def _free_code(code: str, taken: set[str]) -> str:
    found, number = code, 2
    while found in taken:
        found, number = f"{code[:36]}-{number}", number + 1
    taken.add(found)
    return found
