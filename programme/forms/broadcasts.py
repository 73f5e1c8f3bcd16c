"""The form of a message to groups: words in each language, and whom it is for."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from marketplace.lib.words import is_blank, plain_words
from notices.domain.sms import sms_length
from notices.domain.texts import MOST_SIGNS, MOST_SUBJECT_SIGNS
from notices.models import Notice
from notices.services.rendering import render
from people.models import User
from programme.domain.audiences import short_words
from programme.models import Broadcast
from programme.policies import can_call_important, can_write_to
from programme.services.broadcasts import Draft
from regions.forms import PlaceField
from vendors.models import Certificate, Partner

# Three parts reach the simplest phones in one piece.
MOST_SMS_PARTS = 3
ENGLISH = "en"
_ANY = _("any")


class BroadcastForm(forms.Form):
    """Cleans to a Draft. seen: version that the form was filled with; key: makes one message of a form sent twice."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)
    seen = forms.IntegerField(
        min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput, required=False, initial=1
    )
    region = PlaceField(label=_("Place"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of group"), required=False, choices=[("", _ANY), *Partner.Kind.choices]
    )
    group_state = forms.ChoiceField(
        label=_("State of the group"),
        required=False,
        choices=[("", _ANY), *Partner.State.choices],
        initial=Partner.State.APPROVED,
    )
    certificate_state = forms.ChoiceField(
        label=_("Certificate"), required=False, choices=[("", _ANY), *Broadcast.Standing.choices]
    )
    certificate_kind = forms.ChoiceField(
        label=_("of the kind"), required=False, choices=[("", _ANY), *Certificate.Kind.choices]
    )
    certificate_days = forms.IntegerField(
        label=_("runs out within days"), min_value=1, max_value=365, initial=60, required=False
    )
    readers = forms.ChoiceField(
        label=_("Who reads it"), choices=Broadcast.Readers.choices, initial=Broadcast.Readers.MEMBERS
    )
    language = forms.ChoiceField(label=_("Only readers whose language is"), required=False)
    to_contacts = forms.BooleanField(
        label=_("Also to the group's own e-mail address and phone number"), required=False
    )
    is_important = forms.BooleanField(
        label=_("Important: goes out at once, at night too"),
        required=False,
        help_text=_("For what cannot wait until the morning. Channels stay as each reader wishes."),
    )

    def __init__(self, *args: Any, user: User, broadcast: Broadcast | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": _initial(broadcast) if broadcast else None, **kwargs})
        self.user = user
        languages: Any = self.fields["language"]
        languages.choices = [("", _ANY), *settings.LANGUAGES]
        for code, name in settings.LANGUAGES:
            self._add_words(code, name)
        if not can_call_important(user):
            del self.fields["is_important"]

    @property
    def words(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Code, name and fields of each language."""
        return [
            (code, str(name), [self[f"{part}_{code}"] for part in ("subject", "text", "short")])
            for code, name in settings.LANGUAGES
        ]

    @property
    def audience(self) -> list[forms.BoundField]:
        """The fields that say whom it is for, without the place."""
        names = ("kind", "group_state", "certificate_state", "certificate_kind", "certificate_days")
        return [self[name] for name in (*names, "readers", "language")]

    def clean_region(self) -> Any:
        """A place in which the person decides; all places only for whoever works everywhere."""
        region = self.cleaned_data["region"]
        if can_write_to(self.user, region):
            return region
        if region is None:
            raise forms.ValidationError(_("Choose a place: you do not work everywhere."))
        raise forms.ValidationError(_("You do not decide in this place."))

    def clean(self) -> dict[str, Any]:
        """English is whole; another language is whole or empty; an SMS has few parts."""
        found = super().clean() or {}
        for code, _name in settings.LANGUAGES:
            self._check_words(code)
        return found

    def draft(self) -> Draft:
        """What was written; the form must be valid."""
        given = self.cleaned_data
        texts = {code: _texts(given, code) for code, _name in settings.LANGUAGES if given[f"subject_{code}"]}
        names = ("region", "kind", "group_state", "certificate_kind", "certificate_state", "readers")
        return Draft(
            texts=texts,
            is_important=given.get("is_important", False),
            language=given["language"],
            to_contacts=given["to_contacts"],
            certificate_days=given["certificate_days"] or 60,
            **{name: given[name] for name in names},
        )

    def _add_words(self, code: str, name: Any) -> None:
        is_needed = code == ENGLISH
        line = forms.TextInput(attrs={"class": "vTextField", "lang": code})
        self.fields[f"subject_{code}"] = forms.CharField(
            label=_("Subject"), max_length=MOST_SUBJECT_SIGNS, required=is_needed, widget=line
        )
        self.fields[f"text_{code}"] = forms.CharField(
            label=_("Words"),
            max_length=MOST_SIGNS,
            required=is_needed,
            widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 7, "lang": code}),
        )
        self.fields[f"short_{code}"] = forms.CharField(
            label=_("Short, for SMS"),
            max_length=500,
            required=False,
            widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 2, "lang": code}),
            help_text=_("Empty: subject and words, where they fit into %(parts)s parts.")
            % {"parts": MOST_SMS_PARTS},
        )

    def _check_words(self, code: str) -> None:
        names = [f"subject_{code}", f"text_{code}", f"short_{code}"]
        if any(name in self.errors for name in names):
            return
        for name in names:
            self.cleaned_data[name] = plain_words(self.cleaned_data[name])
        subject, short = self.cleaned_data[names[0]], self.cleaned_data[names[2]]
        self.cleaned_data[names[0]] = " ".join(subject.split())
        empty = [name for name in names[:2] if is_blank(self.cleaned_data[name])]
        if len(empty) == 2 and not short and code != ENGLISH:
            return
        for name in empty:
            self.add_error(name, _("Write subject and words, or leave this language empty."))
        if not empty:
            self._check_sms(code)

    def _check_sms(self, code: str) -> None:
        parts = sms_of(_texts(self.cleaned_data, code), code).parts
        if parts > MOST_SMS_PARTS:
            wrong = ngettext(
                "The SMS would have %(parts)d parts; at most %(most)d part is sent. Write it shorter here.",
                "The SMS would have %(parts)d parts; at most %(most)d parts are sent. Write it shorter here.",
                MOST_SMS_PARTS,
            )
            self.add_error(f"short_{code}", wrong % {"parts": parts, "most": MOST_SMS_PARTS})


def sms_of(texts: Mapping[str, str], language: str) -> Any:
    """Length of the SMS that these words make, as it is sent."""
    return sms_length(render("broadcast", Notice.Channel.SMS, language, texts).text)


def _texts(given: Mapping[str, Any], code: str) -> dict[str, str]:
    subject, text = given[f"subject_{code}"], given[f"text_{code}"]
    short = short_words(subject, text, given[f"short_{code}"])
    return {"subject": subject, "text": text, "short": short}


def _initial(broadcast: Broadcast) -> dict[str, Any]:
    names = (
        "region",
        "kind",
        "group_state",
        "certificate_state",
        "certificate_kind",
        "certificate_days",
        "readers",
        "language",
        "to_contacts",
        "is_important",
    )
    found = {name: getattr(broadcast, name) for name in names}
    for code, texts in broadcast.texts.items():
        found |= {f"{part}_{code}": words for part, words in texts.items()}
        if texts["short"] == short_words(texts["subject"], texts["text"], ""):
            found[f"short_{code}"] = ""
    return {**found, "seen": broadcast.version, "key": broadcast.form_key}
