"""Forms in which a product is proposed for a place, and handed in anew after a return."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.forms import PlaceWordsField
from regions.models import (
    PROPOSED_FIELDS,
    GeographicalIndication,
    IdentifiedProduct,
    Nomination,
    Region,
    Scheme,
)
from regions.services.proposals import LONGEST_GROUNDS, Proposed

_WORDS = {"class": "vTextField"}


class PapersInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Photos of papers; cleans to a list, empty when none was chosen."""

    widget = PapersInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself; whether it is a photo is found out by the service."""
        chosen = data if isinstance(data, list | tuple) else [data]
        return [super(PapersField, self).clean(each, initial) for each in chosen if each]


class WhereForm(forms.Form):
    """To which scheme, and for which place."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.filter(is_programme=True).select_related("country").order_by("code"),
        label=_("Scheme"),
        error_messages={"invalid_choice": _("Products are not proposed to this scheme. Choose another.")},
    )
    region = PlaceWordsField(
        label=_("Place"),
        widget=forms.TextInput(attrs=_WORDS),
        error_messages={"required": _("Write the place, by name or code.")},
    )


def _grounds(label: Any, help_text: Any = "") -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_GROUNDS, widget=area, help_text=help_text
    )


class ProposalForm(forms.Form):
    """A product with its grounds. form_key: random; what is sent twice is one proposal."""

    name = forms.CharField(label=_("Product"), max_length=160, widget=forms.TextInput(attrs=_WORDS))
    category = forms.CharField(
        label=_("Category"),
        max_length=60,
        widget=forms.TextInput(attrs=_WORDS),
        help_text=_("Such as Food, Textiles, Handicrafts."),
    )
    ecosystem = _grounds(
        _("Who makes it there already"), _("Groups, households, firms; how much in a year, since when.")
    )
    export_list = _grounds(_("Export list on which it stands"), _("Name and date of the list."))
    gi = forms.ModelChoiceField(
        GeographicalIndication.objects.none(),
        label=_("Protected name"),
        required=False,
        empty_label=_("none"),
    )
    other_grounds = _grounds(_("Other grounds"))
    replaces = forms.ModelChoiceField(
        IdentifiedProduct.objects.none(),
        label=_("In place of"),
        required=False,
        empty_label=_("nothing: it is one more product"),
        help_text=_("This one ends on the day on which the new one begins."),
        error_messages={
            "invalid_choice": _("This is no product of the place now. Choose one that is, or none.")
        },
    )
    papers = PapersField(
        label=_("Photos of papers"),
        required=False,
        help_text=_("JPEG, PNG or WebP; several at once."),
        widget=PapersInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)
    version = forms.IntegerField(
        required=False, min_value=0, max_value=32767, widget=forms.HiddenInput, initial=0
    )

    def __init__(
        self,
        sent: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        scheme: Scheme,
        region: Region,
        nomination: Nomination | None = None,
    ) -> None:
        first = {name: getattr(nomination, name) for name in PROPOSED_FIELDS} if nomination else {}
        version = {"version": nomination.version} if nomination else {}
        super().__init__(sent, files, initial={**first, **version})
        self._field("gi").queryset = _names_of(region)
        products = IdentifiedProduct.objects.filter(scheme=scheme, region=region).without_end()
        self._field("replaces").queryset = products.order_by("name")

    def _field(self, name: str) -> Any:
        return self.fields[name]

    @property
    def rows(self) -> list[Any]:
        """What is shown, in order; nothing to choose from is not asked."""
        empty = [name for name in ("gi", "replaces") if not self._field(name).queryset.exists()]
        return [field for field in self.visible_fields() if field.name not in empty]

    def send_again(self) -> None:
        """Keep what was typed, and let it be sent as a form of its own."""
        sent: Any = self.data
        data = sent.copy()
        data["form_key"] = uuid.uuid4().hex
        self.data = data

    def proposed(self) -> Proposed:
        """What was typed, as the services take it. The form must be valid."""
        return Proposed(**{name: self.cleaned_data[name] for name in PROPOSED_FIELDS})


def _names_of(region: Region) -> Any:
    country = GeographicalIndication.objects.filter(country=region.country_code)
    near = Q(regions__path__startswith=region.path) | Q(regions__code__in=region.codes[1:])
    names = country.filter(near).distinct().order_by("name")
    # A country whose register gives no places offers every name that it has.
    return names if names.exists() else country.order_by("name")
