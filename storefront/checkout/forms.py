"""Forms of the checkout: contact and address with the country's own fields, delivery per group."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.lib.words import plain_words
from orders.addresses.models import UserAddress
from orders.selectors.baskets import BasketGroup
from storefront.checkout.address_fields import AddressFields

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


class AddressForm(AddressFields):
    """Who and where to. Fields follow the country: dzongkhag and gewog, state and PIN code, or plain lines.

    At least one of phone and e-mail is asked for. kept: what the buyer keeps, to choose among; may_keep: whether another
    address can be kept.
    """

    kept = forms.ChoiceField(
        label=_("Address"),
        required=False,
        error_messages={
            "invalid_choice": _("You do not keep this address any more. Choose another one, or write it.")
        },
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
    keep = forms.BooleanField(label=_("Keep this address in my account"), required=False)
    is_gift = forms.BooleanField(
        label=_("It is a gift: put no prices into the packages"),
        required=False,
    )
    gift_message = GiftField(
        label=_("Words to the gift"),
        max_length=300,
        required=False,
        help_text=_("They are printed on the slip in each package. You may leave this out."),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": " "}),
    )

    field_order = (
        "kept",
        "name",
        "phone",
        "email",
        "country",
        "state",
        "town",
        "street",
        "postcode",
        "receiver_phone",
        "keep",
        "is_gift",
        "gift_message",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        country_code: str,
        initial: dict[str, Any] | None = None,
        kept: Sequence[UserAddress] = (),
        may_keep: bool = False,
    ) -> None:
        super().__init__(data, country_code=country_code, initial=initial)
        # Asked for as well where the last one was removed meanwhile: what the fields hold besides was not chosen.
        if kept or (data and data.get("kept")):
            choices = [(str(row.pk), row.first_name) for row in kept]
            self.fields["kept"].choices = [*choices, ("", "")]  # type: ignore[attr-defined]
        else:
            del self.fields["kept"]
        if not may_keep:
            del self.fields["keep"]

    def clean_phone(self) -> str:
        """The number in E.164 form; a local number is taken to be of the country chosen."""
        return self.number_of("phone")

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
