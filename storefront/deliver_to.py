"""The form that asks where goods should go: a country, and its dzongkhag or state."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from regions.selectors.register import addressed_place
from storefront.checkout.address_fields import FIRST_COUNTRIES, country_choices


class DeliverToForm(forms.Form):
    """A country that is delivered to; of Bhutan and India a dzongkhag or state that exists, or nothing."""

    country = forms.ChoiceField(label=_("Country"))
    state = forms.CharField(
        label=_("Dzongkhag, state or province"),
        required=False,
        max_length=100,
        help_text=_("Some groups send cheaper nearby. You may leave it out."),
        widget=forms.TextInput(attrs={"list": "states", "autocomplete": "address-level1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["country"].choices = country_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The state as it is written in the tree of places."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        country, state = sent.get("country", ""), sent.get("state", "").strip()
        if country in FIRST_COUNTRIES and state:
            found = addressed_place(country, state=state)
            if found is None:
                self.add_error(
                    "state", _("We know no such dzongkhag or state. Choose one of the list, or leave it out.")
                )
            sent["state"] = found.name if found else state
        return sent


def state_names() -> list[str]:
    """Dzongkhags and states to choose from while typing; one query."""
    rows = Region.objects.standing().filter(depth=1).order_by("name")
    return list(rows.values_list("name", flat=True))
