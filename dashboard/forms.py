"""Forms of the dashboard: handing goods over, price and stock."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Shipment
from orders.services.fulfilment import ShipmentData
from people.models import PHONE_PATTERN, normal_phone

MOST_UNITS = 100_000
UNIT_ERRORS = {
    "required": _("Write how many there are, 0 if there is none."),
    "invalid": _("Write the number in figures, such as 12."),
    "min_value": _("There cannot be fewer than none."),
    "max_value": _("Write at most %(limit_value)s."),
}
PRICE_ERRORS = {
    "required": _("Write the price."),
    "invalid": _("Write the price in figures, such as 280 or 280.50."),
    "min_value": _("Write a price above zero."),
    "max_digits": _("This price is too high to be one."),
    "max_whole_digits": _("This price is too high to be one."),
    "max_decimal_places": _("Write a price with at most two decimals."),
}


class PlainForm(forms.Form):
    """A form whose labels are words without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class ShipForm(PlainForm):
    """How the goods go: a courier and its number, or a vehicle and whom to ring."""

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


class PhotosInput(forms.FileInput):
    """A file input that takes several photos."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several uploads as a list; what they are is decided by the service that takes them."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """All uploads; an empty list when none was chosen."""
        uploads = data if isinstance(data, list | tuple) else [data]
        return [upload for upload in uploads if upload]


class PriceForm(PlainForm):
    """A price in the currency of the stock record; currency is said beside the label."""

    price = forms.DecimalField(
        label=_("Price"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        help_text=_("What the buyer pays for one."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=PRICE_ERRORS,
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["price"].label = price_label(currency)


class StockForm(PlainForm):
    """A count of the store; seen is the number that stood there before."""

    units = forms.IntegerField(
        label=_("How many have you got?"),
        min_value=0,
        max_value=MOST_UNITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=UNIT_ERRORS,
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


def price_label(currency: str) -> str:
    """Amounts are never without their currency."""
    return _("Price in %(currency)s") % {"currency": currency}
