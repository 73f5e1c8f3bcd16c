"""Why a group does not send what was ordered: the words that the buyer reads, in the buyer's language."""

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Reasons to choose from; OTHER asks for own words."""

    SOLD_OUT = "sold_out", _("It is sold out.")
    DAMAGED = "damaged", _("It was damaged.")
    NO_TIME = "no_time", _("We cannot make it in time.")
    NO_WAY = "no_way", _("We cannot send it to this place.")
    PRICE = "price", _("The price was wrong.")
    OTHER = "other", _("Another reason, in own words")


# What the programme itself notes in the history of a part that was cancelled.
NOT_ACCEPTED = "not accepted in time"
BY_THE_BUYER = "cancelled by the buyer"
NOT_PAID = "not paid in time"
# What it notes on lines of which the rest did not leave.
NOT_SENT = "the rest was not sent in time"
_NOTED = {
    NOT_ACCEPTED: _("The group did not answer in time."),
    BY_THE_BUYER: _("You cancelled it."),
    NOT_PAID: _("It was not paid in time."),
    NOT_SENT: _("It was not sent in time."),
}


def noted_words(noted: str) -> str:
    """What the buyer reads of why goods do not come. noted: as in the history or on the line, the group's words as they are."""
    return str(_NOTED.get(noted, noted))


def rest_words(language: str) -> str:
    """What the buyer is told of the rest of goods that the group did not send in time, in a language."""
    with translation.override(language):
        return str(_("It was not sent in time."))


def reason_words(reason: Reason, own: str, *, language: str) -> str:
    """What the buyer is told: the chosen words in a language, or the group's own; empty when there are none."""
    if reason == Reason.OTHER:
        return own.strip()
    with translation.override(language):
        chosen = str(reason.label)
    return " ".join(words for words in (chosen, own.strip()) if words)
