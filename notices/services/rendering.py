"""Words of a notice: the text of staff where there is one, else, or where that is broken, the shipped one."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from marketplace.lib.money import format_money
from notices.domain.sms import MOST_PARTS, sms_length
from notices.domain.texts import clean_values, fill, shortened, with_names_on_one_line
from notices.models import Notice, NoticeText
from notices.services.alerting import alert_editors

logger = logging.getLogger(__name__)

# To how many signs the values of an SMS are cut, one step after the other, until it has few enough parts.
STEPS = (200, 100, 60, 30)
LONGEST_SUBJECT = 150
# A filter of a text asks for it by name; a notice that waits from before a text had it is sent all the same.
_ALWAYS_THERE = {"currency": ""}
_SUM = re.compile(r"\{currency\} \{([a-z_]+)\}")


@dataclass(frozen=True)
class Words:
    """What is sent. subject: one line, "" for an SMS."""

    subject: str
    text: str


def render(kind: str, channel: str, language: str, context: Mapping[str, str]) -> Words:
    """The words of one notice. A text of staff that cannot be filled is left for the shipped one, and told once.

    Whatever people have typed into the values, a subject stays one line, and an SMS within the parts that phones take.
    """
    is_sms = channel == Notice.Channel.SMS
    values = with_names_on_one_line(
        clean_values({**_ALWAYS_THERE, **context, "site_name": settings.SITE_NAME}), is_sms=is_sms
    )
    words = _worded(kind, channel, language, values)
    for most in STEPS if is_sms else ():
        if sms_length(words.text).parts <= MOST_PARTS:
            break
        words = _worded(kind, channel, language, shortened(values, most))
    return words


def _worded(kind: str, channel: str, language: str, values: Mapping[str, str]) -> Words:
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    own = current_text(kind, channel, language)
    if own is not None:
        try:
            return filled(channel, own.subject, own.text, values)
        except (KeyError, ValueError) as error:
            logger.warning(
                "text of a notice is broken", extra={"text": own.pk, "error": type(error).__name__}
            )
            alert_editors(
                f"text:{own.pk}",
                subject=f"the text {own} cannot be used",
                detail="The shipped text is sent until it is corrected.",
            )
    return shipped(kind, channel, language, values)


def current_text(kind: str, channel: str, language: str) -> NoticeText | None:
    """The text of staff that counts, if any; one query."""
    rows = NoticeText.objects.filter(kind=kind, channel=channel, language=language)
    newest = rows.order_by("-version").first()
    return None if newest is None or newest.is_shipped else newest


def shipped(kind: str, channel: str, language: str, values: Mapping[str, str]) -> Words:
    """The words of the shipped text. Raises TemplateDoesNotExist."""
    with translation.override(language):
        text = render_to_string(f"notices/{kind}.{channel}.txt", dict(values)).strip()
    if channel == Notice.Channel.SMS:
        return Words("", text)
    subject, _, body = text.partition("\n")
    return Words(_one_line(subject), body.strip())


def filled(channel: str, subject: str, text: str, values: Mapping[str, str]) -> Words:
    """The words of a text with placeholders. Raises KeyError for one without a value, ValueError when nothing is said."""
    if channel == Notice.Channel.EMAIL:
        subject, text = (_with_sums(each, values) for each in (subject, text))
    words = Words(_one_line(fill(subject, values)), fill(text, values).strip())
    if not words.text or (channel == Notice.Channel.EMAIL and not words.subject):
        raise ValueError("a notice that says nothing")
    return words


def _with_sums(text: str, values: Mapping[str, str]) -> str:
    """The text with each sum after its currency written as shipped e-mails write it; what is no amount is left alone."""

    def written(found: re.Match[str]) -> str:
        try:
            return format_money(Decimal(values[found[1]]), values["currency"])
        except (KeyError, ValueError, InvalidOperation):
            return found[0]

    return _SUM.sub(written, text)


def _one_line(subject: str) -> str:
    # A name with a line break in it would be refused as a header, and the notice would never go out.
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 3]}..."
