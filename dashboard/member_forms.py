"""Forms about members: inviting somebody, another role, the reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.forms import PlainForm
from people.models import normal_contact
from vendors.models import Membership


def role_field() -> forms.ChoiceField:
    """One of the three roles."""
    return forms.ChoiceField(
        label=_("Role"),
        choices=Membership.Role.choices,
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose a role.")},
    )


class InviteForm(PlainForm):
    """Whom to invite, how to reach them, and as what."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Write the name of the person.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("Phone number or e-mail address"),
        max_length=254,
        help_text=_("The link goes there, and the code too. A phone number is enough."),
        error_messages={"required": _("Write a phone number or an e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = role_field()

    def clean_contact(self) -> str:
        """In its normal form, whether anybody has it or not."""
        return normal_contact(self.cleaned_data["contact"])


class MemberForm(PlainForm):
    """Another role for a member, and why."""

    role = role_field()
    reason = forms.CharField(
        label=_("Reason, if you want to give one"),
        max_length=300,
        required=False,
        help_text=_("The person and the chairs read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class LeaveForm(MemberForm):
    """Why a member goes."""

    role = None  # type: ignore[assignment]  # Django's way to drop a field of the base
