"""The form of an offer that the group gives."""

import uuid
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import Product
from dashboard.forms import PlainForm
from marketplace.lib.dates import today_in
from orders.domain.offers import MOST_PERCENT
from orders.services.code_sets import MOST_CODES
from orders.services.offers import OfferTerms
from vendors.models import Partner

_SHORT = {"autocomplete": "off", "class": "input-short"}


class OwnOfferForm(PlainForm):
    """Percent, days, which listings, and a code where it is not for everybody."""

    title = forms.CharField(
        label=_("Name of the offer"), help_text=_("Buyers read it, such as: Harvest days."), max_length=80
    )
    percent = forms.IntegerField(
        label=_("Percent off"),
        min_value=1,
        max_value=int(MOST_PERCENT),
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_SHORT}),
        error_messages={"invalid": _("Write the percent in figures, such as 10.")},
    )
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    listings = forms.ModelMultipleChoiceField(
        label=_("Which goods"),
        help_text=_("None chosen: all of yours."),
        queryset=Product.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Only who writes it at the basket has the offer. Empty: everybody."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", **_SHORT}),
    )
    code_count = forms.IntegerField(
        label=_("Or codes for one order each: how many"),
        help_text=_(
            "Each is drawn so that nobody guesses it. You get a file of them, for cards or messages."
        ),
        min_value=1,
        max_value=MOST_CODES,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **_SHORT}),
        error_messages={"invalid": _("Write in figures how many codes, such as 50.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, vendor: Partner, **kwargs: Any) -> None:
        today = today_in(vendor.home_region.country_code)
        initial = {"first_day": today, "last_day": today + timedelta(days=13)}
        super().__init__(*args, initial=initial, **kwargs)
        listings: Any = self.fields["listings"]
        listings.queryset = own_listings(vendor)
        listings.label_from_instance = lambda product: product.title
        self._vendor = vendor

    def terms(self, currency: str) -> OfferTerms:
        """What was asked for, of a valid form. currency: of the group's prices."""
        given = self.cleaned_data
        first: date = given["first_day"]
        return OfferTerms(
            title=given["title"],
            payer=self._vendor,
            currency=currency,
            percent=given["percent"],
            first_day=first,
            last_day=given["last_day"],
            listings=list(given["listings"]),
            code=given["code"],
            code_count=given["code_count"] or 0,
        )


def own_listings(vendor: Partner) -> Any:
    """The group's listings that are on sale, by name; sizes stand under theirs."""
    live = Product.objects.live().filter(vendor=vendor)
    return live.exclude(structure=Product.CHILD).order_by("title", "pk")
