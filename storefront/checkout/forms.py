"""Forms of the checkout: contact and address with the country's own fields, delivery per group."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from marketplace.lib.countries import country_name
from marketplace.lib.digits import plain_digits
from marketplace.lib.fields import LineField
from marketplace.lib.words import plain_words
from orders.selectors.baskets import BasketGroup
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
FIRST_COUNTRIES = ("BT", "IN")


_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class GiftField(forms.CharField):
    """Words to a gift as they are printed: without signs that nobody sees, and without addresses of pages."""

    def to_python(self, value: Any) -> str:
        """Plain words, before they are measured: a line end counts as one sign."""
        return plain_words(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """A package is no place for links, which nobody of the group can judge."""
        super().validate(value)
        if _LINK.search(value):
            raise ValidationError(_("Leave out addresses of web pages: they are not printed on a slip."))


class AddressForm(forms.Form):
    """Who and where to. Fields follow the country: dzongkhag and gewog, state and PIN code, or plain lines.

    country_code: the country whose fields are shown. At least one of phone and e-mail is asked for.
    """

    name = LineField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write who receives it.")}
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=25,
        required=False,
        help_text=_("The bus driver or postman rings this number. We send the news of your order here."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        help_text=_("A phone number or an e-mail address is enough."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        widget=forms.Select(attrs={"autocomplete": "country", "data-submits": "change_country"}),
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

    is_gift = forms.BooleanField(
        label=_("It is a gift: put no prices into the packages"),
        required=False,
    )
    receiver_phone = forms.CharField(
        label=_("Phone of whoever receives it, if it is not yours"),
        max_length=25,
        required=False,
        help_text=_("The driver or postman rings this number then. News of the order still goes to you."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "inputmode": "tel"}),
    )
    gift_message = GiftField(
        label=_("Words to the gift"),
        max_length=300,
        required=False,
        help_text=_("They are printed on the slip in each package. You may leave this out."),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": " "}),
    )

    field_order = (
        "name",
        "phone",
        "email",
        "country",
        "state",
        "town",
        "street",
        "postcode",
        "receiver_phone",
        "is_gift",
        "gift_message",
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

    def clean_phone(self) -> str:
        """The number in E.164 form; a local number is taken to be of the country chosen."""
        return self._number("phone")

    def clean_receiver_phone(self) -> str:
        """Likewise."""
        return self._number("receiver_phone")

    def _number(self, field: str) -> str:
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

    def clean(self) -> dict[str, Any]:
        """One contact at least; words to a gift make it one."""
        sent: dict[str, Any] = super().clean() or {}
        sent["is_gift"] = bool(sent.get("is_gift") or sent.get("gift_message"))
        if not sent.get("phone") and not sent.get("email") and not {"phone", "email"} & self.errors.keys():
            self.add_error("phone", _("Write a phone number or an e-mail address, so that we can reach you."))
        return sent


class DeliveryForm(forms.Form):
    """One choice for each group of a basket; the cheapest is chosen already.

    A group that cannot send to the country has no field: the page says so and leads back to the basket.
    """

    def __init__(self, *args: Any, groups: Sequence[BasketGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group in groups:
            if group.delivery:
                self.fields[self.name_of(group)] = forms.ChoiceField(
                    label=group.vendor.name,
                    choices=[(option.code, option.name) for option in group.delivery],
                    error_messages={
                        "required": _("Choose how this group should send its goods."),
                        "invalid_choice": _("This way of sending is no longer offered. Choose another."),
                    },
                )

    @staticmethod
    def name_of(group: BasketGroup) -> str:
        """Name of the field of a group."""
        return f"delivery-{group.vendor.pk}"

    def chosen(self) -> dict[int, str]:
        """Key of the group -> code of the way of sending; the form must be valid."""
        return {int(name.partition("-")[2]): code for name, code in self.cleaned_data.items()}


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
        error_messages={"required": _("Choose one of the list.")},
    )
