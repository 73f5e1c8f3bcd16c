"""Beginning to sell: the three things with which an application begins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regions.forms import PlaceField
from vendors.models import Partner

KINDS = [choice for choice in Partner.Kind.choices if choice[0] != Partner.Kind.PROGRAMME_SHOP]


class BeginForm(forms.Form):
    """Name, kind and place; an officer also names the chair. key: random, one per form shown."""

    key = forms.CharField(max_length=30, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name of the group"),
        max_length=128,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Write the name of your group.")},
    )
    kind = forms.ChoiceField(label=_("What kind of group is it?"), choices=KINDS)
    region = PlaceField(
        label=_("Where is your group at home?"),
        help_text=_("The gewog, district or province, in any script."),
    )
    chair_name = forms.CharField(
        label=_("Name of the chair"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the name of the chair.")},
    )
    chair_contact = forms.CharField(
        label=_("The chair's phone number or e-mail address"),
        max_length=254,
        help_text=_("A phone number is enough. She or he becomes the chair of the group here and is told."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write how we reach the chair.")},
    )

    def __init__(self, *args: Any, is_officer: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if not is_officer:
            del self.fields["chair_name"], self.fields["chair_contact"]
