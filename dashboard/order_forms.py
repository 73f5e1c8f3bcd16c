"""Forms of a group's order: saying no, sending fewer, packing, handing over."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PlainForm
from orders.models import Shipment
from orders.reasons import Reason, reason_words
from orders.selectors.vendor_order_page import GoodsLine, PackageBox
from orders.services.fulfilment import ShipmentData
from people.models import PHONE_PATTERN, normal_phone

UNIT_ERRORS = {
    "required": _("Write how many, 0 if none."),
    "invalid": _("Write the number in figures, such as 2."),
    "min_value": _("There cannot be fewer than none."),
    "max_value": _("There are %(limit_value)s at most."),
}


class ReasonForm(PlainForm):
    """Why goods are not sent: chosen from a list, with own words where they help."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why. The buyer reads it.")},
    )
    words = forms.CharField(
        label=_("Own words to the buyer"),
        max_length=300,
        required=False,
        help_text=_("You may leave this out when you have chosen a reason."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Another reason is one in own words."""
        given = super().clean() or self.cleaned_data
        if given.get("reason") == Reason.OTHER and not given.get("words") and "words" not in self.errors:
            self.add_error("words", _("Write the reason. The buyer reads it."))
        return given

    def told(self, language: str) -> str:
        """What the buyer is told, in a language; the form must be valid."""
        return reason_words(
            Reason(self.cleaned_data["reason"]), self.cleaned_data["words"], language=language
        )


class UnitsForm(PlainForm):
    """A number of units for each line of an order: units-<key of the line>."""

    def __init__(self, data: Any = None, *, lines: Sequence[GoodsLine], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.lines = [line for line in lines if self.most(line)]
        for line in self.lines:
            self.fields[self.name_of(line)] = forms.IntegerField(
                label=f"{line.title} {line.size}".strip(),
                min_value=0,
                max_value=self.most(line),
                initial=self.most(line),
                error_messages=UNIT_ERRORS,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def most(self, line: GoodsLine) -> int:
        """Most units that may be written for a line."""
        return line.to_pack

    @staticmethod
    def name_of(line: GoodsLine) -> str:
        """Name of the field of a line."""
        return f"units-{line.pk}"

    def rows(self) -> list[tuple[GoodsLine, forms.BoundField, int]]:
        """Each line with its field and the most that may be written."""
        return [(line, self[self.name_of(line)], self.most(line)) for line in self.lines]

    def units(self) -> Mapping[int, int]:
        """Units by key of the line; the form must be valid."""
        return {line.pk: self.cleaned_data[self.name_of(line)] for line in self.lines}


class PackForm(UnitsForm):
    """What goes into the next package. seen: number of the last package when the page was made.

    last: the package that was packed just after that, if that is the last one; sent twice, the form holds its units.
    """

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, last: PackageBox | None = None, **kwargs: Any) -> None:
        self.again = (
            last.units if last is not None and data and data.get("seen") == str(last.place - 1) else {}
        )
        super().__init__(data, **kwargs)

    def most(self, line: GoodsLine) -> int:
        """What lies in no package, and what this very form has packed."""
        return line.to_pack + self.again.get(line.pk, 0)


class ShortForm(UnitsForm, ReasonForm):
    """How many units of each line can be sent of those that have not left, and why not all."""

    def most(self, line: GoodsLine) -> int:
        """All that have not left."""
        return line.to_send

    def missing(self) -> Mapping[int, int]:
        """Units that are missing in all, counting those said before, by key of the line; the form must be valid."""
        sent = self.units()
        return {line.pk: line.not_supplied + line.to_send - sent[line.pk] for line in self.lines}


class ShipForm(PlainForm):
    """Which packages go, and how: a courier and its number, or a vehicle and whom to ring.

    places: numbers of all packages that there are. by_package: whether the page offered any; if not, everything goes,
    and seen is the number of the last package when the page was made. A package that somebody has sent meanwhile is for
    the service to tell.
    """

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    packages = forms.TypedMultipleChoiceField(
        label=_("Which packages go?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This package is not there any more.")},
    )

    carrier = forms.ChoiceField(
        label=_("How do the goods go?"),
        choices=Shipment.Carrier.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the goods go.")},
    )
    courier_name = forms.CharField(
        label=_("Name of the post or courier"),
        max_length=60,
        required=False,
        help_text=_("Such as Bhutan Post or India Post."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tracking_number = forms.CharField(
        label=_("Number on the receipt"),
        max_length=60,
        required=False,
        help_text=_("The buyer follows the goods with it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    vehicle_number = forms.CharField(
        label=_("Number of the bus or taxi"),
        max_length=30,
        required=False,
        help_text=_("Such as BP-1-A1234."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    driver_name = forms.CharField(
        label=_("Driver"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    driver_phone = forms.CharField(
        label=_("Driver's phone number"),
        max_length=30,
        required=False,
        help_text=_("The buyer rings it to ask where the goods are."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "type": "tel"}),
    )

    def __init__(
        self, *args: Any, places: Sequence[int] = (), by_package: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_package = by_package
        self.fields["packages"].choices = [(place, str(place)) for place in places]  # type: ignore[attr-defined]

    COURIER_FIELDS = ("courier_name", "tracking_number")
    VEHICLE_FIELDS = ("vehicle_number", "driver_name", "driver_phone")

    def clean_driver_phone(self) -> str:
        """A phone number in E.164 form, or nothing."""
        typed: str = self.cleaned_data["driver_phone"]
        if not typed:
            return ""
        phone = normal_phone(typed)
        if not re.match(PHONE_PATTERN, phone):
            raise forms.ValidationError(_("This is no phone number. Write it such as 17 12 34 56."))
        return phone

    def clean_packages(self) -> list[int]:
        """At least one package where the page offered any, though they may be opened again by now."""
        chosen: list[int] = self.cleaned_data["packages"]
        if self.by_package and not chosen:
            raise forms.ValidationError(_("Choose at least one package."))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Goods must be found on their way: the courier's number, or the vehicle's."""
        given = super().clean() or self.cleaned_data
        carrier = given.get("carrier")
        if carrier == Shipment.Carrier.COURIER:
            self._leave_out(self.VEHICLE_FIELDS)
            self._need("tracking_number", _("Write the number that stands on the receipt."))
        if carrier == Shipment.Carrier.VEHICLE:
            self._leave_out(self.COURIER_FIELDS)
            self._need("vehicle_number", _("Write the number of the bus or taxi."))
        return given

    def _leave_out(self, names: tuple[str, ...]) -> None:
        # What belongs to the other way of sending is not looked at: its fields are hidden.
        for name in names:
            self.errors.pop(name, None)

    def _need(self, name: str, words: str | Promise) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, str(words))

    def shipment(self) -> ShipmentData:
        """What was typed of the chosen way, for the service; the form must be valid."""
        carrier = Shipment.Carrier(self.cleaned_data["carrier"])
        is_courier = carrier == Shipment.Carrier.COURIER
        names = self.COURIER_FIELDS if is_courier else self.VEHICLE_FIELDS
        return ShipmentData(carrier=carrier, **{name: self.cleaned_data[name] for name in names})
