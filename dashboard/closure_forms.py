"""The form that closes the shop for some days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PlainForm

_DAY = {
    "required": _("Choose a day."),
    "invalid": _("Choose a day, or write it as 2026-12-31."),
}


class ClosureForm(PlainForm):
    """First and last day, both closed, in the group's country, and what shoppers are told."""

    closed_from = forms.DateField(
        label=_("First day closed"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages=_DAY,
    )
    closed_until = forms.DateField(
        label=_("Last day closed"),
        help_text=_("The shop opens again by itself on the next day."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages=_DAY,
    )
    closure_message = forms.CharField(
        label=_("What shall shoppers read?"),
        max_length=200,
        required=False,
        help_text=_("For example: We harvest cardamom and pack again after the festival."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
