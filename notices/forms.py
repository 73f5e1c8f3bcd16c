"""Forms of notices: the words of a text, and how a person is reached."""

import uuid
from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from notices.domain.texts import MOST_SIGNS, MOST_SUBJECT_SIGNS
from notices.services.preferences import Wishes


class TextForm(forms.Form):
    """Words of one text. seen: version that the writer has before them; trial: makes a trial go out once."""

    subject = forms.CharField(
        label=_("Subject"),
        max_length=MOST_SUBJECT_SIGNS,
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=MOST_SIGNS,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "vLargeTextField", "rows": 12}),
    )
    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    trial = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: object, is_email: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as it came
        if not is_email:
            del self.fields["subject"]


_CITIES = {
    "Asia/Thimphu": _("Thimphu"),
    "Asia/Kolkata": _("Kolkata"),
    "Asia/Bangkok": _("Bangkok"),
    "Asia/Kathmandu": _("Kathmandu"),
    "Asia/Dhaka": _("Dhaka"),
    "Asia/Singapore": _("Singapore"),
    "Asia/Tokyo": _("Tokyo"),
    "Europe/London": _("London"),
    "Europe/Berlin": _("Berlin"),
}
_QUIET = ("20:00-06:00", "20:00-08:00", "22:00-06:00", "22:00-08:00", "23:00-09:00")
_HOURS = (7, 12, 18, 20)


class ReachForm(forms.Form):
    """How we reach a person, in choices that need no typing on a phone."""

    language = forms.ChoiceField(label=_("Language of our messages"))
    channels = forms.ChoiceField(
        label=_("We write to you by"),
        choices=[("both", _("SMS and e-mail")), ("sms", _("SMS only")), ("email", _("e-mail only"))],
        help_text=_("Codes for signing in come by the way that you ask for."),
    )
    quiet = forms.ChoiceField(
        label=_("At night"),
        required=False,
        help_text=_(
            "New orders and trouble with a payment come at any hour; all else waits for the morning."
        ),
    )
    time_zone = forms.ChoiceField(label=_("Your clock"), required=False)
    digest = forms.ChoiceField(
        label=_("News that can wait"),
        required=False,
        help_text=_("For example that a listing is on sale."),
    )

    def __init__(self, *args: Any, person: Any, wishes: Wishes, **kwargs: Any) -> None:
        self.said = wishes
        super().__init__(*args, **{"label_suffix": "", "initial": _initial(wishes), **kwargs})
        self._choices("language", settings.LANGUAGES)
        usual = settings.NOTICE_QUIET_HOURS
        words = f"{usual[0]:%H:%M}-{usual[1]:%H:%M}" if usual else _("none")
        quiet = [("", _("Quiet as usual (%(hours)s)") % {"hours": words}), ("none", _("Write at any hour"))]
        own = _initial(wishes)["quiet"]
        hours = [*_QUIET, *([own] if own not in ("", "none", *_QUIET) else [])]
        self._choices("quiet", [*quiet, *((text, _("Quiet %(hours)s") % {"hours": text}) for text in hours)])
        zones = {"": "", wishes.time_zone: wishes.time_zone, **_CITIES}
        zones[""] = _("As my phone number says")
        self._choices("time_zone", zones.items())
        daily = [(str(hour), _("Once a day at %(hour)s") % {"hour": f"{hour}:00"}) for hour in _daily(wishes)]
        self._choices("digest", [("", _("Each as it happens")), *daily])
        if not (person.email and person.phone):
            # There is nothing to choose.
            del self.fields["channels"]

    def wishes(self) -> Wishes:
        """What was chosen; the form must be valid."""
        chosen = self.cleaned_data
        channels = chosen.get("channels")
        start, end = _times(chosen["quiet"])
        return Wishes(
            language=chosen["language"],
            wants_email=channels != "sms" if channels else self.said.wants_email,
            wants_sms=channels != "email" if channels else self.said.wants_sms,
            quiet_from=start,
            quiet_until=end,
            time_zone=chosen["time_zone"],
            wants_digest=bool(chosen["digest"]),
            digest_hour=int(chosen["digest"] or self.said.digest_hour),
        )

    def _choices(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)


def _daily(wishes: Wishes) -> list[int]:
    return sorted({*_HOURS, wishes.digest_hour})


def _initial(wishes: Wishes) -> dict[str, str]:
    quiet = ""
    if wishes.quiet_from is not None and wishes.quiet_until is not None:
        is_none = wishes.quiet_from == wishes.quiet_until
        quiet = "none" if is_none else f"{wishes.quiet_from:%H:%M}-{wishes.quiet_until:%H:%M}"
    both = wishes.wants_email and wishes.wants_sms
    return {
        "language": wishes.language,
        "channels": "both" if both else "email" if wishes.wants_email else "sms",
        "quiet": quiet,
        "time_zone": wishes.time_zone,
        "digest": str(wishes.digest_hour) if wishes.wants_digest else "",
    }


def _times(quiet: str) -> tuple[time | None, time | None]:
    if not quiet:
        return None, None
    if quiet == "none":
        return time(0), time(0)
    start, end = quiet.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)
