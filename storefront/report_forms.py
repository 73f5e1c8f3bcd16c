"""The form with which a visitor says that something in the shop is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.words import is_blank
from people.models import normal_contact
from programme.errors import ReportWordsNeeded
from programme.models import MisuseReport


class ReportForm(forms.Form):
    """What is wrong, in which words, and where the answer goes, if one is wanted."""

    reason = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[("", _("Choose")), *MisuseReport.Reason.choices],
        error_messages={"required": _("Say what is wrong.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What did you see, and how do you know? The group does not read this."),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail address, if you want to hear what was decided"),
        max_length=254,
        required=False,
        help_text=_("The group never sees it. It is deleted some weeks after the decision."),
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")

    def clean(self) -> dict[str, Any]:
        """What is none of the named things must be said in words."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        is_other = typed.get("reason") == MisuseReport.Reason.OTHER
        if is_other and not self.has_error("words") and is_blank(typed["words"]):
            self.add_error("words", ReportWordsNeeded().message)
        return typed

    def clean_contact(self) -> str:
        """In its normal form; empty when none was given."""
        typed = self.cleaned_data["contact"]
        return normal_contact(typed) if typed else ""
