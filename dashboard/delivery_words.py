"""A way of sending in plain words, as a group reads its own."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.lib.money import format_price
from orders.shipping.models import DeliveryMethod


@dataclass(frozen=True)
class MethodRow:
    """One line of the list: where to and how, what it costs, how long it takes, what it does not carry."""

    pk: int
    name: str
    where: str
    summary: str
    is_active: bool


def method_row(method: DeliveryMethod) -> MethodRow:
    """A method read with its steps; no query."""
    where = f"{method.get_carrier_display()}, {method.get_zone_display()}"
    if method.countries:
        where = f"{where} ({', '.join(method.countries)})"
    parts = [_prices(method), _days(method)]
    if method.pick_up_address:
        parts.append(_("picked up at %(address)s") % {"address": method.pick_up_address})
    parts.append(
        _("also for goods that spoil") if method.carries_perishables else _("not for goods that spoil")
    )
    return MethodRow(method.pk, method.name, where, "; ".join(parts) + ".", method.is_active)


def kilograms(grams: int) -> str:
    """A weight as people write it: "0.5", "3"."""
    return f"{Decimal(grams) / 1000:f}"


def _prices(method: DeliveryMethod) -> str:
    steps = [
        _("%(price)s up to %(weight)s kg")
        % {"price": format_price(step.price, method.currency), "weight": kilograms(step.up_to_grams)}
        for step in method.steps.all()
    ]
    found = steps or [
        _("%(price)s for any weight") % {"price": format_price(method.price, method.currency)}
        if method.price
        else _("free")
    ]
    if method.free_above is not None and (steps or method.price):
        found.append(_("free from %(price)s") % {"price": format_price(method.free_above, method.currency)})
    return ", ".join(found)


def _days(method: DeliveryMethod) -> str:
    if method.days_min == method.days_max:
        words = ngettext("%(days)d day", "%(days)d days", method.days_max) % {"days": method.days_max}
    else:
        words = _("%(first)d to %(last)d days") % {"first": method.days_min, "last": method.days_max}
    if not method.preparation_days:
        return words
    ready = ngettext(
        "%(days)d day to make it ready", "%(days)d days to make it ready", method.preparation_days
    )
    return f"{ready % {'days': method.preparation_days}}, {words}"
