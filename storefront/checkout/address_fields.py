"""The fields of an address as its country has them: dzongkhag and gewog, state and PIN code, or plain lines."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from marketplace.lib.countries import country_name
from marketplace.lib.digits import plain_digits
from marketplace.lib.fields import LineField
from orders.addresses.models import UserAddress
from orders.services.kept_addresses import AddressWords
from people.models import PHONE_PATTERN, normal_phone
from regions.models import Region

Country = get_model("address", "Country")

_DIGITS = {"BT": 8, "IN": 10}
_PHONE_HINTS = {
    "BT": _("Bhutanese mobile numbers have 8 digits, as 17 12 34 56."),
    "IN": _("Indian mobile numbers have 10 digits, as 98765 43210."),
}
_OTHER_PHONE = _("Write the number with its country code, as +81 90 1234 5678.")
_POSTCODES = {
    "BT": (r"\d{5}", _("Bhutanese postcodes have 5 digits, as 11001.")),
    "IN": (r"[1-9]\d{5}", _("A PIN code has 6 digits, as 793150.")),
}
_OF_LIST = dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list."))
FIRST_COUNTRIES = ("BT", "IN")


class AddressFields(forms.Form):
    """Who receives it, and where. country_code: the country whose fields are shown."""

    name = LineField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write who receives it.")}
    )
    country = forms.ChoiceField(
        label=_("Country"),
        widget=forms.Select(attrs={"autocomplete": "country", "data-submits": "change_country"}),
        error_messages=_OF_LIST,
    )
    state = LineField(label=_("State, province or region"), max_length=100, required=False)
    town = LineField(
        label=_("Town"), max_length=150, error_messages={"required": _("Write the town or village.")}
    )
    street = LineField(
        label=_("House, street or landmark"),
        max_length=200,
        error_messages={"required": _("Write the house, the street or a landmark near it.")},
    )
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    receiver_phone = forms.CharField(
        label=_("Phone of whoever receives it, if it is not yours"),
        max_length=25,
        required=False,
        help_text=_("The driver or postman rings this number then. News of the order still goes to you."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    field_order: tuple[str, ...] = (
        "name",
        "country",
        "state",
        "town",
        "street",
        "postcode",
        "receiver_phone",
    )

    def __init__(self, data: Any = None, *, country_code: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.country_code = country_code
        choices = country_choices()
        self.fields["country"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("country", country_code)
        for name, hint in (("name", "name"), ("state", "address-level1"), ("town", "address-level2")):
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["street"].widget.attrs["autocomplete"] = "address-line1"
        self.fields["postcode"].widget.attrs |= {"autocomplete": "postal-code", "class": "input-short"}
        if country_code == "BT":
            self._ask_as_in_bhutan()
        elif country_code == "IN":
            self._ask_as_in_india()

    def words(self) -> AddressWords:
        """The address, to be kept; the form must be valid."""
        sent = self.cleaned_data
        return AddressWords(
            name=sent["name"],
            country_code=sent["country"],
            state=sent["state"],
            town=sent["town"],
            street=sent["street"],
            postcode=sent["postcode"],
            receiver_phone=sent["receiver_phone"],
        )

    def _ask_as_in_bhutan(self) -> None:
        self.fields["state"] = _region_choice("BT", _("Dzongkhag"))
        self.fields["town"].label = _("Gewog or town")
        self.fields["town"].error_messages["required"] = _("Write the gewog or town.")
        self.fields["postcode"].label = _("Postcode (5 digits)")
        self.fields["postcode"].help_text = _("You may leave it out.")
        self.fields["postcode"].widget.attrs["inputmode"] = "numeric"

    def _ask_as_in_india(self) -> None:
        self.fields["state"] = _region_choice("IN", _("State or union territory"))
        self.fields["town"].label = _("City, town or village")
        self.fields["postcode"].label = _("PIN code")
        self.fields["postcode"].error_messages["required"] = _POSTCODES["IN"][1]
        self.fields["postcode"].required = True
        self.fields["postcode"].widget.attrs["inputmode"] = "numeric"

    def clean_receiver_phone(self) -> str:
        """The number in E.164 form; a local number is taken to be of the country chosen."""
        return self.number_of("receiver_phone")

    def number_of(self, field: str) -> str:
        """What was typed into a field as a number in E.164 form; empty where nothing was."""
        typed = plain_digits(self.cleaned_data[field].strip())
        if not typed:
            return ""
        digits = re.sub(r"\D", "", typed)
        is_local = not typed.startswith(("+", "00"))
        wanted = _DIGITS.get(self.country_code)
        if is_local and wanted and len(digits) != wanted:
            raise ValidationError(_PHONE_HINTS[self.country_code])
        if is_local and not wanted:
            raise ValidationError(_OTHER_PHONE)
        number = normal_phone(typed)
        if re.search(r"[^\d\s+()./-]", typed) or not re.match(PHONE_PATTERN, number):
            raise ValidationError(_OTHER_PHONE)
        return number

    def clean_postcode(self) -> str:
        """The postcode without blanks and in our digits, in the country's form where that is known."""
        typed = re.sub(r"\s", "", plain_digits(self.cleaned_data["postcode"]))
        pattern, message = _POSTCODES.get(self.country_code, (r".*", ""))
        if typed and not re.fullmatch(pattern, typed):
            raise ValidationError(message)
        return typed


def as_typed(row: UserAddress) -> dict[str, str]:
    """A kept address as these fields hold it."""
    return {
        "name": row.first_name,
        "country": row.country_id,
        "state": row.state,
        "town": row.line4,
        "street": row.line1,
        "postcode": row.postcode,
        "receiver_phone": str(row.phone_number or ""),
    }


def country_choices() -> list[tuple[str, str]]:
    """Countries that are delivered to, in the reader's language, those of the programme first."""
    rows = Country.objects.filter(is_shipping_country=True).values_list("iso_3166_1_a2", "printable_name")
    names = {code: country_name(code, name) for code, name in rows}
    first = [(code, names.pop(code)) for code in FIRST_COUNTRIES if code in names]
    return [*first, *sorted(names.items(), key=lambda pair: pair[1])]


def _region_choice(country: str, label: Any) -> forms.ChoiceField:
    names = Region.objects.standing().filter(depth=1, path__startswith=f"{country}/").order_by("name")
    choices = [("", _("Choose")), *((name, name) for name in names.values_list("name", flat=True))]
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
        error_messages=_OF_LIST,
    )


def known_country(sent: str) -> str:
    """The country that was sent, where it is delivered to; else the first of them."""
    codes = [code for code, _name in country_choices()]
    return sent if sent in codes else (codes[0] if codes else "BT")
