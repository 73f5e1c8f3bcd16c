"""Forms of the shop: finding, putting into the basket, the checkout, finding an order."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.selectors.claims import ASKED
from catalogue.selectors.search import SORTS
from vendors.models import Partner

MAX_QUANTITY = 500


class FindForm(forms.Form):
    """Shapes the filters of a list; what is nonsense is left out and said, nothing else is lost."""

    q = forms.CharField(required=False, max_length=200)
    place = forms.CharField(required=False, max_length=80)
    category = forms.SlugField(required=False, allow_unicode=True)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *Partner.Kind.choices])
    known = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    certificate = forms.ChoiceField(required=False, choices=[(asked, asked) for asked in ("", *ASKED)])
    price_min = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12, decimal_places=2)
    price_max = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=12, decimal_places=2)
    in_stock = forms.BooleanField(required=False)
    season = forms.BooleanField(required=False)
    sort = forms.ChoiceField(required=False, choices=[(sort, sort) for sort in ("", *SORTS)])


class AddForm(forms.Form):
    """What goes into the basket: a listing or one of its sizes, and how many. form_key: tells a form sent twice."""

    product = forms.IntegerField(
        min_value=1,
        max_value=2**31,
        error_messages={"required": _("Choose a size."), "invalid": _("Choose a size.")},
    )
    quantity = forms.IntegerField(
        min_value=1,
        max_value=MAX_QUANTITY,
        label=_("How many"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("Write how many you want."),
            "invalid": _("Write how many you want as a number, such as 2."),
            "min_value": _("Order at least one."),
            "max_value": _(
                "At most %(limit_value)s of one thing go into a basket. For more, write to the group."
            ),
        },
    )
    form_key = forms.CharField(required=False, max_length=40)


class QuantityForm(forms.Form):
    """A new number for a basket line; 0 takes the line out."""

    quantity = forms.IntegerField(
        min_value=0, max_value=MAX_QUANTITY, error_messages=AddForm.base_fields["quantity"].error_messages
    )


def first_error(form: forms.Form) -> str:
    """The first message of a bound form, for pages that say it in one note."""
    errors: dict[str, Any] = form.errors
    return str(next(iter(errors.values()))[0])


class ReceivedForm(forms.Form):
    """Number of a vendor order and the hand-over code of its shipment."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=30,
        help_text=_("Such as 7K3M-2291-9X-1."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Write the number that stands on the package.")},
    )
    code = forms.CharField(
        label=_("Hand-over code"),
        max_length=20,
        help_text=_("Six digits."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Write the six digits.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class OrderFindForm(forms.Form):
    """What a guest knows of an order."""

    number = forms.CharField(
        label=_("Order number"),
        max_length=30,
        help_text=_("It stands in the message we sent you, such as 7K3M-2291-9X."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=254,
        help_text=_("The one you gave when you ordered."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class JournalForm(forms.Form):
    """The number that the buyer's bank gave a transfer."""

    journal = forms.CharField(
        label=_("Journal number of your transfer"),
        max_length=60,
        help_text=_("It stands on your bank's slip or message. You can correct it later."),
        error_messages={"required": _("Write the journal number that your bank gave you.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
