"""Forms of the dashboard: price and stock."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

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


class FiguresField(forms.DecimalField):
    """A number in figures. Python also reads "540_50", which is a point mistyped, as 54,050."""

    def to_python(self, value: Any) -> Any:
        """The number. Raises ValidationError."""
        if "_" in str(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class PriceForm(PlainForm):
    """A price in the currency of the stock record; currency is said beside the label."""

    price = FiguresField(
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
