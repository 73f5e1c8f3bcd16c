"""The form of one way of sending; its carrier is chosen before and decides which fields are shown."""

import re
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from dashboard.delivery_words import kilograms
from dashboard.forms import PRICE_ERRORS, PlainForm
from orders.services.delivery_methods import LONGEST_DAYS, MOST_STEPS, MethodData, mark_of
from orders.shipping.models import DeliveryMethod
from vendors.models import Partner

Carrier = DeliveryMethod.Carrier
Zone = DeliveryMethod.Zone
_FIGURES = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input-short"})
_AMOUNT = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-short"})
_DAYS = {
    "required": _("Write the number of days."),
    "invalid": _("Write the number in figures, such as 3."),
    "min_value": _("There cannot be fewer than none."),
    "max_value": _("Write at most %(limit_value)s."),
}
_WEIGHT = {
    "invalid": _("Write the weight in kilograms, such as 0.5 or 3."),
    "min_value": _("Write a weight above zero."),
    "max_value": _("Write at most %(limit_value)s."),
}


def _price(label: Any, *, least: str = "0", **options: Any) -> forms.DecimalField:
    errors = {**PRICE_ERRORS, "min_value": _("Write a price of at least %(limit_value)s.")}
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=Decimal(least),
        max_digits=12,
        decimal_places=2,
        widget=_AMOUNT,
        error_messages=errors,
        **options,
    )


def _days(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=LONGEST_DAYS, widget=_FIGURES, error_messages=_DAYS, **options
    )


class MethodForm(PlainForm):
    """A way of sending. carrier: of Carrier; currency is said beside each price; form_key makes sending twice safe, and says what a change began with."""

    form_key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What shall shoppers read?"),
        max_length=80,
        help_text=_("Such as: Bhutan Post, to the door."),
        error_messages={"required": _("Write what shoppers read.")},
    )
    pick_up_address = forms.CharField(
        label=_("Where does the buyer pick it up?"),
        max_length=255,
        help_text=_("Your place, or a hub or shop that keeps it. With opening hours, if there are any."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write where the buyer picks it up.")},
    )
    zone = forms.ChoiceField(label=_("Where to?"), choices=Zone.choices)
    countries = forms.CharField(
        label=_("Only to these countries"),
        required=False,
        max_length=200,
        help_text=_("Two letters each, with commas: DE, JP. Empty for all. Only for other countries."),
    )
    price = _price("", help_text=_("For everything in one package, whatever it weighs."))
    free_above = _price("", least="0.01", help_text=_("Leave it empty if it is never free."))
    preparation_days = _days(
        _("Days to make it ready"), help_text=_("Before you hand it over. 0 if it lies ready.")
    )
    days_min = _days(_("Then days on the way, at least"))
    days_max = _days(_("Days on the way, at most"))
    carries_perishables = forms.ChoiceField(
        label=_("Also for goods that spoil?"),
        choices=[
            ("no", _("No")),
            ("yes", _("Yes, it is quick enough")),
        ],
    )

    def __init__(self, *args: Any, carrier: str, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].label = _("Price in %(currency)s") % {"currency": currency}
        free = _("Free from goods of, in %(currency)s") % {"currency": currency}
        self.fields["free_above"].label = free
        for number in range(1, MOST_STEPS + 1):
            self.fields[f"step_{number}_weight"] = forms.DecimalField(
                label=_("Row %(number)d, up to kg") % {"number": number},
                required=False,
                min_value=Decimal("0.001"),
                max_value=Decimal(1000),
                decimal_places=3,
                widget=_AMOUNT,
                error_messages={**PRICE_ERRORS, **_WEIGHT},
            )
            label = _("Row %(number)d, price in %(currency)s") % {"number": number, "currency": currency}
            self.fields[f"step_{number}_price"] = _price(label)
        if carrier == Carrier.PICK_UP:
            for name in ("countries", *(name for name in self.fields if name.startswith("step_"))):
                del self.fields[name]
            self.fields["zone"].label = _("For buyers from where?")
            self.fields["price"].help_text = _("Leave it empty if picking up costs nothing.")
            self.fields["days_min"].label = _("Then ready for the buyer after days, at least")
            self.fields["days_max"].label = _("Ready after days, at most")
            self.fields["carries_perishables"].label = _(
                "Also for goods that spoil? (The buyer takes them at once.)"
            )
        else:
            del self.fields["pick_up_address"]

    def step_rows(self) -> list[tuple[BoundField, BoundField]]:
        """Weight and price of each row, for the page; none for pick-up."""
        numbers = range(1, MOST_STEPS + 1) if "step_1_weight" in self.fields else ()
        return [(self[f"step_{number}_weight"], self[f"step_{number}_price"]) for number in numbers]

    def clean_countries(self) -> list[str]:
        """Codes in capitals."""
        return [code.upper() for code in re.split(r"[\s,;]+", self.cleaned_data["countries"]) if code]

    def clean(self) -> dict[str, Any]:
        """A row has both a weight and a price, or neither."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        if "step_1_weight" in self.fields:
            for number in range(1, MOST_STEPS + 1):
                names = (f"step_{number}_weight", f"step_{number}_price")
                given = [name for name in names if sent.get(name) is not None]
                missing = [name for name in names if name not in given and name not in self.errors]
                if given and missing:
                    self.add_error(missing[0], _("A row needs a weight and a price; or empty both."))
        return sent

    def data_of(self) -> MethodData:
        """What was typed, for the service; the form must be valid."""
        sent = self.cleaned_data
        steps = [
            (int(sent[f"step_{number}_weight"] * 1000), sent[f"step_{number}_price"])
            for number in range(1, MOST_STEPS + 1)
            if sent.get(f"step_{number}_weight") is not None
        ]
        is_pick_up = "pick_up_address" in self.fields
        return MethodData(
            name=sent["name"],
            zone=sent["zone"],
            price=Decimal(0) if is_pick_up and sent["price"] is None else sent["price"],
            free_above=sent["free_above"],
            days_min=sent["days_min"],
            days_max=sent["days_max"],
            preparation_days=sent["preparation_days"],
            carries_perishables=sent["carries_perishables"] == "yes",
            pick_up_address=sent.get("pick_up_address", ""),
            countries=sent.get("countries", []),
            steps=steps,
        )


def new_values(carrier: str, vendor: Partner) -> Mapping[str, Any]:
    """What a form for a new way of sending begins with. Pick-up is at the group's place and suits what spoils."""
    is_pick_up = carrier == Carrier.PICK_UP
    return {
        "form_key": secrets.token_hex(12),
        "zone": Zone.HOME,
        "preparation_days": 0,
        "carries_perishables": "yes" if is_pick_up else "no",
        "pick_up_address": vendor.address,
        **({"name": _("Pick-up"), "days_min": 0, "days_max": 1} if is_pick_up else {}),
    }


def values_of(method: DeliveryMethod) -> Mapping[str, Any]:
    """What the form of a method, read with its steps, begins with."""
    names = ("name", "zone", "free_above", "preparation_days", "days_min", "days_max", "pick_up_address")
    values = {name: getattr(method, name) for name in names}
    steps = list(method.steps.all())
    for number, step in enumerate(steps, start=1):
        values[f"step_{number}_weight"] = kilograms(step.up_to_grams)
        values[f"step_{number}_price"] = step.price
    return {
        **values,
        "form_key": mark_of(method),
        "price": None if steps else method.price,
        "countries": ", ".join(method.countries),
        "carries_perishables": "yes" if method.carries_perishables else "no",
    }
