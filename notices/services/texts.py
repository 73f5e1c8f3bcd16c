"""Texts of notices as staff write them: looked at before they are saved, kept version by version."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from notices.domain import texts as rules
from notices.domain.sms import MOST_PARTS, SmsLength, sms_length
from notices.errors import TextChanged, TextRefused
from notices.kinds import kind_named
from notices.models import Notice, NoticeText
from notices.services.queueing import Recipient, notify
from notices.services.rendering import Words, filled, shipped

# Without these a message says nothing: a code, what a daily message has gathered, and the text on trial.
NEEDED = ("code", "items", "text")
# Too long for an SMS, which leads to it.
NEEDED_IN_MAIL = ("decided",)


@dataclass(frozen=True)
class Place:
    """One text: of a kind, by a channel, in a language."""

    kind: str
    channel: str
    language: str


@dataclass(frozen=True)
class Preview:
    """A text with sample values. length: how an SMS is counted, None for an e-mail."""

    words: Words
    length: SmsLength | None


def save_text(place: Place, *, subject: str, text: str, actor: Any, seen: int) -> NoticeText:
    """Save a new version of a text. Saved twice with the same words it is saved once.

    seen: version that the writer has seen, 0 where there was none. Raises TextRefused, TextChanged, UnknownKind.
    """
    problems = problems_of(place, subject=subject, text=text)
    if problems:
        raise TextRefused(problems)
    words = {
        "subject": subject.strip() if place.channel == Notice.Channel.EMAIL else "",
        "text": text.strip(),
    }
    return _append(place, actor, seen, is_shipped=False, **words)


def reset_text(place: Place, *, actor: Any, seen: int) -> NoticeText:
    """Send the shipped text from now on; the versions stay to be read. Raises TextChanged, UnknownKind."""
    return _append(place, actor, seen, is_shipped=True, subject="", text="")


def problems_of(place: Place, *, subject: str, text: str) -> Sequence[str | Promise]:
    """Everything that keeps a text from being saved, in words that say what to do. Raises UnknownKind."""
    kind = kind_named(place.kind)
    is_email = place.channel == Notice.Channel.EMAIL
    whole = f"{subject}\n{text}" if is_email else text
    found: list[str] = []
    if not text.strip():
        found.append(_("Write the text."))
    if is_email and not subject.strip():
        found.append(_("Write a subject."))
    if len(subject) > rules.MOST_SUBJECT_SIGNS or len(text) > rules.MOST_SIGNS:
        found.append(_("The text is too long."))
    if rules.stray_braces(whole):
        found.append(_("Braces stand only around the name of a value, as in {site_name}."))
    wrong = rules.unknown(whole, kind.samples)
    if wrong:
        names = ", ".join(f"{{{name}}}" for name in wrong)
        known = ", ".join(f"{{{name}}}" for name in kind.samples)
        found.append(
            _("Not known here: %(names)s. You may use %(known)s.") % {"names": names, "known": known}
        )
    # What has a short form or a number is sent as that by SMS.
    if is_email:
        wanted: tuple[str, ...] = (*NEEDED, *NEEDED_IN_MAIL)
    else:
        wanted = next(((name,) for name in ("short", "count") if name in kind.values), NEEDED)
    needed = [name for name in wanted if name in kind.values and name not in rules.placeholders(text)]
    found += [
        _("The text must contain {%(name)s}, or nobody can use it.") % {"name": name} for name in needed
    ]
    if not found and not is_email:
        parts = sms_length(rules.fill(text, kind.samples)).parts
        if parts > MOST_PARTS:
            words = _("The SMS has %(parts)s parts; %(most)s are the most. Make it shorter.")
            found.append(words % {"parts": parts, "most": MOST_PARTS})
    return found


def preview(place: Place, *, subject: str, text: str) -> Preview:
    """A text as a reader would get it, with sample values. The text must have no problems."""
    samples = kind_named(place.kind).samples
    return _measured(place, filled(place.channel, subject, text, samples))


def preview_shipped(place: Place) -> Preview:
    """The shipped text with sample values."""
    return _measured(
        place, shipped(place.kind, place.channel, place.language, kind_named(place.kind).samples)
    )


def shipped_source(place: Place) -> Words:
    """The shipped text with placeholders instead of values, to begin with."""
    names = {name: f"{{{name}}}" for name in kind_named(place.kind).samples}
    return shipped(place.kind, place.channel, place.language, names)


def send_trial(place: Place, *, subject: str, text: str, to: Any, key: str) -> Sequence[Notice]:
    """Send a text with sample values to the one who writes it, saved or not; once for each key.

    to: a person of the staff; key: at most 60 characters. Returns what was queued, nothing where the person cannot be
    reached by this channel. Raises TextRefused.
    """
    problems = problems_of(place, subject=subject, text=text)
    if problems:
        raise TextRefused(problems)
    words = preview(place, subject=subject, text=text).words
    is_email = place.channel == Notice.Channel.EMAIL
    own = Recipient(
        email=(to.email or "") if is_email else "",
        phone="" if is_email else (to.phone or ""),
        language=place.language,
        person=to,
    )
    context = {"subject": words.subject, "text": words.text}
    return notify(f"trial:{to.pk}:{key}", "text_trial", to=own, context=context)


@transaction.atomic
def _append(place: Place, actor: Any, seen: int, *, is_shipped: bool, subject: str, text: str) -> NoticeText:
    kind_named(place.kind)
    versions = NoticeText.objects.filter(kind=place.kind, channel=place.channel, language=place.language)
    newest = versions.order_by("-version").first()
    words = (is_shipped, subject, text)
    if newest is not None and words == (newest.is_shipped, newest.subject, newest.text):
        return newest
    if seen != (newest.version if newest is not None else 0):
        raise TextChanged
    try:
        # Of two who save the same version at once, the unique key lets one through.
        with transaction.atomic():
            return NoticeText.objects.create(
                kind=place.kind,
                channel=place.channel,
                language=place.language,
                version=seen + 1,
                subject=subject,
                text=text,
                is_shipped=is_shipped,
                created_by=actor,
            )
    except IntegrityError as error:
        raise TextChanged from error


def _measured(place: Place, words: Words) -> Preview:
    return Preview(words, sms_length(words.text) if place.channel == Notice.Channel.SMS else None)
