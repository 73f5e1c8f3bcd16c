"""What can go wrong at the programme office; every message is for the person who tried."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from marketplace.lib.claiming import ClaimError
from programme.models import Claim


class HeldByAnother(ClaimError):
    """Somebody else is looking at it; carries the claim, which says who, and until when."""

    def __init__(self, claim: Claim) -> None:
        words = _("%(person)s is looking at it, until %(time)s. Nothing was decided.")
        super().__init__(words % {"person": claim.holder, "time": claim.until_words})
        self.claim = claim


class NotHeld(ClaimError):
    """The person's time was over, or it was put back; nobody else has it."""

    def __init__(self) -> None:
        super().__init__(_("Your time with it was over. It is with you again: look once more, then decide."))


class CurationError(Exception):
    """A collection, story or announcement cannot be changed so; the message says what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class ReportWordsNeeded(Exception):
    """A visitor reports something else than what is named, and does not say what."""

    def __init__(self) -> None:
        self.message = _("Say in a few words what is wrong.")
        super().__init__(self.message)
