"""What a reader asks of the audit."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from audit.tracked import TRACKED


class PageForm(forms.Form):
    """Where a page of history begins: with what happened before this moment."""

    until = forms.DateTimeField(required=False, widget=forms.HiddenInput)


def _kinds() -> list[tuple[str, Any]]:
    named = ((each.model._meta.label_lower, capfirst(str(each.model._meta.verbose_name))) for each in TRACKED)
    return [("", _("every kind")), *sorted(named, key=lambda pair: pair[1])]


class AuditForm(PageForm):
    """Filters of the audit; all of them at once."""

    person = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=150,
        help_text=_("Name, or e-mail address or phone number in full."),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=_kinds)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(
        label=_("Place"), required=False, max_length=100, help_text=_("Code or name; with all below it.")
    )
    operation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    row = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
