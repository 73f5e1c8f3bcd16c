"""The form with which one asks to be told when something is there again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from catalogue.selectors.listings import content_words
from people.models import contact_to_write_to
from storefront.account.forms import CONTACT_LABEL


class StockForm(forms.Form):
    """Which size, where there are several, and how a guest is reached: by phone or e-mail."""

    product = forms.TypedChoiceField(
        label=_("Size"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a size.")},
    )
    contact = forms.CharField(
        label=CONTACT_LABEL,
        max_length=254,
        help_text=_("We write to it once for your yes, and once when the thing is there."),
        error_messages={"required": _("Write your phone number or e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, data: Any, *, sold_out: Sequence[Product], is_guest: bool) -> None:
        """sold_out: what may be asked for, at least one; is_guest: whether a contact is needed."""
        super().__init__(data, label_suffix="")
        choices = [(each.pk, each.size_label or content_words(each)) for each in sold_out]
        product = self.fields["product"]
        assert isinstance(product, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        product.choices = choices
        self.is_one = len(choices) == 1
        if self.is_one:
            product.widget = forms.HiddenInput()
            product.initial = choices[0][0]
        if not is_guest:
            del self.fields["contact"]

    def clean_contact(self) -> str:
        """In its normal form, as accounts have it."""
        return contact_to_write_to(self.cleaned_data["contact"])
