"""The form with which a buyer says how the goods were."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Review

STARS = [
    (5, _("5 - very good")),
    (4, _("4 - good")),
    (3, _("3 - all right")),
    (2, _("2 - not good")),
    (1, _("1 - bad")),
]


class ReviewForm(forms.Form):
    """Stars and words; title and name may be left out."""

    stars = forms.TypedChoiceField(
        label=_("How were the goods?"),
        coerce=int,
        choices=[("", _("Choose")), *STARS],
        error_messages={"required": _("Choose from 1 to 5.")},
    )
    words = forms.CharField(
        label=_("In your own words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What was good, what was not? Everybody can read it once the office has."),
        error_messages={"required": _("Write a few words.")},
    )
    title = forms.CharField(label=_("In one line, if you like"), max_length=80, required=False)
    name = forms.CharField(
        label=_("Your first name, if you like"),
        max_length=40,
        required=False,
        help_text=_(
            "Left empty, only the place to which the goods went is shown. Write no phone number here."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )

    def __init__(self, data: Any = None, *, review: Review | None) -> None:
        names = ("stars", "words", "title", "name")
        initial = {name: getattr(review, name) for name in names} if review else None
        super().__init__(data, initial=initial, label_suffix="")
