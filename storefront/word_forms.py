"""The form with which a reader says that a word of a page is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.fields import LineField


class WrongWordForm(forms.Form):
    """What stands there, and what should. page: where it was read."""

    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    wrong = LineField(
        label=_("Which words are wrong?"),
        max_length=300,
        help_text=_("As they stand on the page."),
        error_messages={"required": _("Write the words that are wrong.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    better = LineField(
        label=_("What should stand there?"),
        max_length=300,
        required=False,
        help_text=_("You may leave it out."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
