"""Forms of signing in: a contact and a password, a contact alone, a code, a name, a new password."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from marketplace.lib.digits import plain_digits
from marketplace.lib.fields import LineField
from people.models import User, contact_to_write_to

CONTACT_LABEL = _("Phone number or e-mail address")


def contact_field() -> forms.CharField:
    """The field in which people write how they are known."""
    return forms.CharField(
        label=CONTACT_LABEL,
        max_length=254,
        error_messages={"required": _("Write your phone number or e-mail address.")},
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )


class SignInForm(forms.Form):
    """A contact and a password."""

    contact = contact_field()
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("No password, or forgotten? Leave it empty and let us send you a code."),
        error_messages={"required": _("Write your password, or let us send you a code.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ContactForm(forms.Form):
    """Where to send a code."""

    contact = contact_field()

    def clean_contact(self) -> str:
        """In its normal form, whether anybody has it or not."""
        return contact_to_write_to(self.cleaned_data["contact"])


class CodeForm(forms.Form):
    """The six digits of a code, in any script, with or without spaces."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits, from the message that we sent."),
        error_messages={"required": _("Write the six digits of the code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        """Six plain digits."""
        digits = "".join(sign for sign in plain_digits(self.cleaned_data["code"]) if sign.isdecimal())
        if len(digits) != 6:
            raise forms.ValidationError(_("A code has six digits."))
        return digits


class NewAccountForm(forms.Form):
    """Who the new person is; a password only for those who want one."""

    name = LineField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Write your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password, if you want one"),
        max_length=200,
        strip=False,
        required=False,
        help_text=_("Without one we send you a code each time. At least 8 signs, and not a common word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """A password that Django's validators let pass, or none."""
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password


class ConfirmForm(forms.Form):
    """The password of whoever is signed in."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        error_messages={"required": _("Write your password, or let us send you a code.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """A new password; the old one too, unless a code was just typed."""

    old = forms.CharField(
        label=_("Password until now"),
        max_length=200,
        strip=False,
        help_text=_("Forgotten? Sign out, sign in by code, and come back to this page."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("At least 8 signs, and not a common word."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, user: User, is_proven: bool) -> None:
        super().__init__(data, label_suffix="")
        self.user = user
        if is_proven:
            del self.fields["old"]

    def clean_new(self) -> str:
        """A password that Django's validators let pass."""
        password: str = self.cleaned_data["new"]
        validate_password(password, self.user)
        return password
