"""The form with which one asks to be told when something is there again."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from catalogue.selectors.listings import content_words


class StockForm(forms.Form):
    """Which size, where there are several, and a guest's e-mail address."""

    product = forms.TypedChoiceField(
        label=_("Size"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a size.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We write to it once for your yes, and once when the thing is there."),
        error_messages={
            "required": _("Write your e-mail address."),
            "invalid": _("Write an e-mail address, such as dema@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, data: Any, *, sold_out: Sequence[Product], is_guest: bool) -> None:
        """sold_out: what may be asked for, at least one; is_guest: whether an address is needed."""
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
            del self.fields["email"]

    def clean_email(self) -> str:
        """Written as accounts write it."""
        return str(self.cleaned_data["email"]).lower()
