"""Forms about the group itself: facts, place, story, people, photos, papers."""

import re
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PhotosField, PhotosInput, PlainForm
from dashboard.translation_fields import TranslatedForm
from people.models import PHONE_PATTERN, normal_phone
from regions.forms import PlaceField
from vendors.forms import PICTURES
from vendors.models import GroupDocument, Partner
from vendors.services.applications import LOCKED_FACTS, OPEN_STATES, GroupFacts

_WHOLE = {
    "invalid": _("Write the number in figures, such as 24."),
    "min_value": _("Write a number above zero."),
}


class FactsForm(PlainForm):
    """What the group says about itself; everything but the name may stay empty until it is handed in.

    What the office has looked at is shown and not changed.
    """

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Write the name of your group.")},
    )
    kind = forms.ChoiceField(label=_("What kind of group is it?"), choices=Partner.Kind.choices)
    registration_number = forms.CharField(
        label=_("Registration number"),
        max_length=60,
        required=False,
        help_text=_("As it stands on the certificate. Leave it empty if your group is not registered."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    member_count = forms.IntegerField(
        label=_("How many members?"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=_WHOLE,
    )
    household_count = forms.IntegerField(
        label=_("From how many households?"),
        required=False,
        min_value=1,
        max_value=100_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=_WHOLE,
    )
    phone = forms.CharField(
        label=_("Phone number of the group"),
        max_length=40,
        required=False,
        help_text=_("Orders are told there too, by SMS."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail address, if there is one"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    address = forms.CharField(
        label=_("Postal address"),
        max_length=255,
        required=False,
        help_text=_("Where goods are fetched and returns come to. It also stands on invoices."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "street-address"}),
    )
    food_licence = forms.CharField(
        label=_("Number of the food licence"),
        max_length=40,
        required=False,
        help_text=_("If you sell food: FSSAI in India, BFDA in Bhutan."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def __init__(self, data: Any = None, *, vendor: Partner) -> None:
        names = [field.name for field in fields(GroupFacts)]
        super().__init__(data, initial={name: getattr(vendor, name) for name in names})
        if vendor.state not in OPEN_STATES:
            for name in LOCKED_FACTS:
                # Django takes the value of a disabled field from the group, whatever was sent.
                self.fields[name].disabled = True

    def clean_phone(self) -> str:
        """A phone number in E.164 form, or nothing."""
        typed = self.cleaned_data["phone"].strip()
        if not typed:
            return ""
        number = normal_phone(typed)
        if not re.match(PHONE_PATTERN, number):
            raise forms.ValidationError(_("Write the number with its country code, as +975 17 12 34 56."))
        return number

    def clean_address(self) -> str:
        """One line, however it was typed."""
        return " ".join(self.cleaned_data["address"].split())

    def facts(self) -> GroupFacts:
        """What was typed; call it after is_valid."""
        return GroupFacts(**{field.name: self.cleaned_data[field.name] for field in fields(GroupFacts)})


class PlaceForm(PlainForm):
    """Where the group is at home."""

    region = PlaceField(
        label=_("Where is your group at home?"),
        help_text=_("Its woven band stands on your page and beside your goods."),
    )


class StoryForm(TranslatedForm, PlainForm):
    """What shoppers read about the group."""

    translated = Partner.TRANSLATED

    summary = forms.CharField(
        label=_("Your group in one line"),
        max_length=160,
        required=False,
        help_text=_("Such as: Twenty-four women weave the silk that Lhuentse is known for."),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 160}),
    )
    story = forms.CharField(
        label=_("Your story"),
        max_length=5000,
        required=False,
        help_text=_(
            "How did it begin? Who does what? What is special here? Leave a line empty between thoughts. "
            "The microphone of the keyboard writes down what you say."
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
    )


class PersonForm(PlainForm):
    """Somebody who makes the goods."""

    form_key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name.")},
    )
    work = forms.CharField(
        label=_("What does she or he do?"),
        max_length=120,
        required=False,
        help_text=_("Such as: dyes the silk with lac and madder."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    portrait = forms.FileField(
        label=_("Portrait"),
        required=False,
        help_text=_("A photo of the face, by a window. It is cut to a square."),
        widget=forms.FileInput(attrs=PICTURES),
    )
    has_consent = forms.BooleanField(
        label=_("She or he has seen this and agrees to be shown in the shop."), required=False
    )


class GroupPhotosForm(PlainForm):
    """New photos of the group."""

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("People at work, the place, the goods being made. The first one is shown large."),
        widget=PhotosInput(attrs={**PICTURES, "multiple": True}),
    )


class PaperForm(PlainForm):
    """One or more pages of a paper."""

    kind = forms.ChoiceField(label=_("Which paper is it?"), choices=GroupDocument.Kind.choices)
    number = forms.CharField(
        label=_("Its number"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    pages = PhotosField(
        label=_("Photo of each page"),
        required=False,
        help_text=_("Lay it flat in good light, so that everything can be read. No PDF: take a photo of it."),
        widget=PhotosInput(attrs={**PICTURES, "multiple": True}),
    )
