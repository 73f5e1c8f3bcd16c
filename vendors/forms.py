"""The forms with which a certificate is handed in, by a member or on behalf of the group, and corrected by the office."""

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regions.models import GeographicalIndication, IdentifiedProduct, Region
from vendors.models import Certificate, Partner
from vendors.selectors.corrections import FIELDS
from vendors.services.certificates import CertificateData

KEY_LENGTH = 40
PICTURES = {"accept": "image/jpeg,image/png,image/webp"}
# The food licence of the group's country is what most groups hand in.
_LICENCES = {"BT": Certificate.Kind.BFDA, "IN": Certificate.Kind.FSSAI}
_DAY = {
    "required": _("Choose a day."),
    "invalid": _("Choose a day, or write it as 2026-12-31."),
}


class CertificateForm(forms.Form):
    """What stands on a certificate, for the group's own places; whether it counts is decided by staff."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Certificate.Kind.choices)
    gi = forms.ModelChoiceField(
        GeographicalIndication.objects.none(),
        label=_("Protected name"),
        required=False,
        empty_label=_("none"),
        help_text=_("Only for a GI: the name that you may use as authorised user (Part B of the register)."),
    )
    number = forms.CharField(
        label=_("Its number"),
        max_length=60,
        help_text=_("For a GI your number as authorised user."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Write the number as printed on the paper.")},
    )
    holder = forms.CharField(
        label=_("Holder"),
        max_length=160,
        help_text=_("The name as printed on the paper."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name as printed on the paper.")},
    )
    issuer = forms.CharField(
        label=_("Issued by"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    products = forms.ModelMultipleChoiceField(
        IdentifiedProduct.objects.none(),
        label=_("Products it covers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    goods = forms.CharField(
        label=_("Words of the goods it covers"),
        max_length=200,
        required=False,
        help_text=_(
            "As they stand in the titles of your listings, with commas: turmeric, haldi. A food licence may leave it"
            " empty: it then covers all food that you make."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    region = forms.ModelChoiceField(Region.objects.none(), label=_("The goods come from"), empty_label=None)
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages=_DAY,
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        help_text=_("The last day. At its end shoppers do not see it any more; we write to you before."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages=_DAY,
    )
    paper = forms.FileField(
        label=_("Photo of the paper"),
        help_text=_("Lay it flat in good light, so that everything can be read. No PDF: take a photo of it."),
        widget=forms.FileInput(attrs=PICTURES),
        error_messages={"required": _("Choose a photo of the paper.")},
    )
    form_key = forms.CharField(max_length=KEY_LENGTH, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, vendor: Partner, initial: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        home = vendor.home_region
        begun = {
            "form_key": secrets.token_urlsafe(16),
            "kind": _LICENCES.get(home.country_code, ""),
            "holder": vendor.name,
            "valid_from": vendor.today,
            **(initial or {}),
        }
        super().__init__(*args, **{"label_suffix": "", "initial": begun, **kwargs})
        own = [home, *reversed(home.ancestors())]
        below_home, around = Q(path__startswith=home.path), Q(pk__in=[place.pk for place in own])
        places = Region.objects.filter(below_home | around).values("pk")
        country = Region.objects.filter(path__startswith=f"{home.country_code}/").values("pk")
        names = GeographicalIndication.objects.filter(regions__in=places).distinct().order_by("name")
        # A country whose register gives no districts, or none at all, offers every name that it has.
        self._field("gi").queryset = (
            names
            if names.exists()
            else GeographicalIndication.objects.filter(regions__in=country).distinct().order_by("name")
        )
        # Goods of a product that has ended are sold as before, and their papers name it.
        products = IdentifiedProduct.objects.begun().filter(region__in=places)
        self._field("products").queryset = products.order_by("name")
        region = self._field("region")
        # A paper may be of one gewog where the group is at home in a whole dzongkhag.
        standing = Region.objects.standing().filter(around | below_home)
        region.queryset = standing.order_by("-depth", "name")
        region.initial = home.pk

    def certificate_data(self) -> CertificateData:
        """What was typed, as the service takes it. The form must be valid."""
        names = ("kind", "number", "holder", "region", "valid_from", "valid_until", "issuer", "gi", "goods")
        typed = self.cleaned_data
        return CertificateData(**{name: typed[name] for name in names}, products=list(typed["products"]))

    def ask_for_photo(self) -> None:
        """Say that the photo must be chosen again: a browser keeps all that was typed, and no file."""
        if self.errors and self.files.get("paper") and "paper" not in self.errors:
            self.add_error("paper", _("Choose the photo again. All that you have typed is still here."))

    def send_again(self) -> None:
        """Keep what was typed, and let it be sent as a form of its own."""
        sent: Any = self.data
        data = sent.copy()
        data["form_key"] = secrets.token_urlsafe(16)
        self.data = data

    def _field(self, name: str) -> Any:
        return self.fields[name]


class OfficeCertificateForm(CertificateForm):
    """The same for somebody of the office, who hands it in on behalf of the group."""

    _HELP: ClassVar[dict[str, Any]] = {
        "gi": _(
            "Only for a GI: the name that the group may use as authorised user (Part B of the register)."
        ),
        "number": _("For a GI the number of the group as authorised user."),
        "goods": _(
            "As they stand in the titles of the listings, with commas: turmeric, haldi. A food licence may leave it"
            " empty: it then covers all food that the group makes."
        ),
        "valid_until": _(
            "The last day. At its end shoppers do not see it any more; the group is told before."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self._HELP.items():
            self._field(name).help_text = words


class CorrectionForm(OfficeCertificateForm):
    """What stands on a verified certificate, and why it is corrected; begins with what stands there."""

    reason = forms.CharField(
        label=_("Why is it corrected?"),
        max_length=500,
        help_text=_("The group reads it, and it is kept in the history."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        error_messages={"required": _("Write the reason.")},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, certificate: Certificate, **kwargs: Any) -> None:
        self.certificate = certificate
        stands = {name: getattr(certificate, name) for name in FIELDS if name not in ("products", "region")}
        chosen = list(certificate.products.values_list("pk", flat=True))
        initial = {
            **stands,
            "products": chosen,
            "region": certificate.region_id,
            "version": certificate.version,
        }
        super().__init__(*args, vendor=certificate.vendor, initial=initial, **kwargs)
        for name in ("kind", "gi", "paper"):
            del self.fields[name]
        # What stands there may stay, wherever the group is at home by now.
        for name, there in (("products", chosen), ("region", [certificate.region_id])):
            offered = self._field(name)
            near = offered.queryset.values("pk")
            ordered = offered.queryset.query.order_by
            rows = offered.queryset.model.objects.filter(Q(pk__in=near) | Q(pk__in=there))
            offered.queryset = rows.order_by(*ordered)
        self._field("region").initial = certificate.region_id

    def certificate_data(self) -> CertificateData:
        """All that stands there from now on; kind and protected name stay. The form must be valid."""
        typed = {name: self.cleaned_data[name] for name in FIELDS}
        typed["products"] = list(typed["products"])
        return CertificateData(kind=self.certificate.kind, gi=self.certificate.gi, **typed)

    def read_again(self) -> None:
        """Read the certificate again, keep what was typed, and let it be sent about what stands there now."""
        self.certificate.refresh_from_db()
        self.send_again()
        data: Any = self.data
        data["version"] = str(self.certificate.version)
