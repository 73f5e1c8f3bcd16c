"""The form of a listing: photos first, then what it is, at which price, in which sizes, from where."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.snapshots import plain_number
from catalogue.services.arranging import LONGEST_ALT, PhotoEdit
from dashboard.forms import (
    FiguresField,
    PhotosField,
    PhotosInput,
    PlainForm,
    PriceForm,
    StockForm,
    price_label,
)
from dashboard.translation_fields import TranslatedForm
from regions.forms import PlaceField
from regions.models import IdentifiedProduct, Region

Category = get_model("catalogue", "Category")
NEW_SIZE = "new"
MOST_GRAMS = 1_000_000


def optional(field: forms.Field) -> forms.Field:
    """The same field, which may stay empty: a draft is saved with gaps."""
    found = deepcopy(field)
    found.required = found.widget.is_required = False
    return found


def label_field() -> forms.CharField:
    """What a size is called where its content does not say it."""
    return forms.CharField(
        label=_("Name of the size"),
        required=False,
        max_length=40,
        help_text=_("Only where it needs one, such as “large” or “gift box”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def quantity_field() -> forms.DecimalField:
    """The net content."""
    return FiguresField(
        label=_("How much is in one?"),
        required=False,
        min_value=Decimal("0.001"),
        max_digits=10,
        decimal_places=3,
        help_text=_("Such as 250 g, or 1 piece."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Write the number in figures, such as 250.")},
    )


def unit_field() -> forms.ChoiceField:
    """The unit of the net content."""
    return forms.ChoiceField(label=_("Unit"), required=False, choices=[("", "-"), *Product.Unit.choices])


def weight_field() -> forms.IntegerField:
    """What one weighs as it is sent."""
    return forms.IntegerField(
        label=_("Weight with packing, in grams"),
        required=False,
        min_value=1,
        max_value=MOST_GRAMS,
        help_text=_("One of it, packed. The price of the delivery follows it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the weight in grams, in figures, such as 1200."),
            "min_value": _("Write a weight above zero."),
        },
    )


def check_content(form: forms.Form, given: Mapping[str, Any]) -> None:
    """A content needs its unit."""
    if given.get("net_quantity") and not given.get("net_unit"):
        form.add_error("net_unit", _("Choose the unit: g, ml or piece."))


class SizeForm(PlainForm):
    """Name and content of one size of several."""

    size_label = label_field()
    net_quantity = quantity_field()
    net_unit = unit_field()
    weight_grams = weight_field()

    @property
    def is_sent(self) -> bool:
        """Whether the page that was sent had this size: one that was gone back to may be older."""
        return self.add_prefix("net_unit") in self.data

    def clean(self) -> dict[str, Any]:
        """A content needs its unit."""
        given = super().clean() or self.cleaned_data
        check_content(self, given)
        return given

    def values(self, pk: int | None) -> dict[str, Any]:
        """The size as in a snapshot; as it stood when the sent page did not have it. The form must be valid."""
        given = self.cleaned_data if self.is_sent else self.initial
        return {
            "pk": pk,
            "label": given["size_label"].strip(),
            "net_quantity": plain_number(Decimal(given["net_quantity"])) if given["net_quantity"] else None,
            "net_unit": given["net_unit"] if given["net_quantity"] else "",
            "weight_grams": given["weight_grams"],
        }


class NewSizeForm(SizeForm):
    """A size to be added; left empty it adds none."""

    price = optional(PriceForm.base_fields["price"])
    units = optional(StockForm.base_fields["units"])

    field_order = ("size_label", "net_quantity", "net_unit", "weight_grams", "price", "units")

    def __init__(self, *args: Any, currency: str, sku: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of a size that came from a file; pages do not ask for it.
        self.sku = sku
        self.fields["price"].label = price_label(currency)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """What is said of a size needs its price."""
        given = super().clean()
        if any(given.get(name) for name in self.fields) and "price" in given and given["price"] is None:
            self.add_error("price", _("Write the price of this size."))
        if given.get("price") and not (given.get("size_label") or given.get("net_quantity")):
            self.add_error("net_quantity", _("Write how much is in one, or the name of the size."))
        return given

    def values(self, pk: int | None) -> dict[str, Any]:
        """The new size as in a snapshot, with its price and units."""
        given = self.cleaned_data
        named = {"sku": self.sku} if self.sku else {}
        offer = {"price": f"{given['price']:.2f}", "units": given["units"] or 0}
        return {**super().values(pk), **offer, **named}


def photo_edit(data: Any) -> PhotoEdit:
    """What a sent page says about the photos it showed."""
    seen = [key[:20] for key in data.getlist("photo")]
    alts = {key: data[f"alt-{key}"][:LONGEST_ALT] for key in seen if f"alt-{key}" in data}
    do, _sign, key = data.get("photo-do", "").partition(":")
    return PhotoEdit(seen=seen, alts=alts, do=do, key=key)


class IdentifiedProductField(forms.ModelChoiceField):
    """Identified products with their place and scheme."""

    def label_from_instance(self, obj: IdentifiedProduct) -> str:
        """Such as "Kishuthara, Khoma (OGOP)"."""
        words = f"{obj.name}, {obj.region.name} ({obj.scheme.code})"
        return words if obj.is_standing else _("%(product)s: named earlier") % {"product": words}


def month_field(label: Any) -> forms.TypedChoiceField:
    """A month of the year, or none for what there is all year."""
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", _("All year")), *MONTHS.items()],
        coerce=int,
        empty_value=None,
    )


class CategoryField(forms.ModelChoiceField):
    """Kinds of goods, those below others shifted."""

    def label_from_instance(self, obj: Any) -> str:
        """The name after a dash for each level above it."""
        return f"{'- ' * (obj.depth - 1)}{obj.said('name')}"


class ListingForm(TranslatedForm, PlainForm):
    """A draft of a listing, photos first. has_offer: with price, units and content, for a listing of one size."""

    translated = Product.TRANSLATED

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("By a window, without flash. One of the whole, one near, one of the back."),
        widget=PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
    )
    token = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = forms.CharField(
        label=_("What is it?"),
        required=False,
        max_length=120,
        help_text=_("As you would say it to a buyer."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    price = optional(PriceForm.base_fields["price"])
    units = optional(StockForm.base_fields["units"])
    size_label = label_field()
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    net_quantity = quantity_field()
    net_unit = unit_field()
    weight_grams = weight_field()
    region = PlaceField(
        label=_("Where is it made?"), help_text=_("The cloth of the place is shown with the listing.")
    )
    identified_product = IdentifiedProductField(
        label=_("Is it what the place is known for?"),
        queryset=IdentifiedProduct.objects.none(),
        required=False,
        empty_label=_("No, something else"),
        error_messages={
            "invalid_choice": _(
                "This product is not named for the listing's place now. Choose one that is, or none."
            )
        },
    )
    category = CategoryField(
        label=_("Kind of goods"),
        queryset=Category.objects.none(),
        required=False,
        empty_label=_("Not chosen yet"),
    )
    description = forms.CharField(
        label=_("Who made it, and how long did it take?"),
        required=False,
        max_length=5000,
        help_text=_("Two sentences are enough. The microphone of the keyboard writes down what you say."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    ingredients = forms.CharField(label=_("Ingredients or material"), required=False, max_length=255)
    storage = forms.CharField(label=_("How to keep it"), required=False, max_length=255)
    lot_rule = forms.CharField(
        label=_("How are lots marked?"),
        required=False,
        max_length=160,
        help_text=_("For food: where date and lot stand, such as on the lid."),
    )

    is_perishable = forms.BooleanField(
        label=_("It spoils within days, so it goes only to places near by."), required=False
    )

    season_from = month_field(_("Harvested or made from"))
    season_until = month_field(_("until"))

    OFFER_FIELDS = ("price", "units", "seen", "size_label", "net_quantity", "net_unit", "weight_grams")

    def __init__(
        self,
        *args: Any,
        currency: str,
        offered: Sequence[Region],
        products: QuerySet[IdentifiedProduct],
        has_offer: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_offer = has_offer
        if not has_offer:
            for name in self.OFFER_FIELDS:
                del self.fields[name]
        else:
            self.fields["price"].label = price_label(currency)
        self.fields["region"].offered = offered  # type: ignore[attr-defined]
        self.fields["identified_product"].queryset = products  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(is_public=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A content needs its unit, and a number its price."""
        given = super().clean() or self.cleaned_data
        check_content(self, given)
        if given.get("units") and "price" in given and given["price"] is None:
            self.add_error("price", _("Write the price too, so that the number can be kept."))
        return given
