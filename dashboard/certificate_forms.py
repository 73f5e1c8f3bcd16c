"""Forms about certificates at the desk of a group."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PlainForm


class WithdrawForm(PlainForm):
    """Why a certificate is given up."""

    reason = forms.CharField(
        label=_("Why do you withdraw it?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason.")},
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
