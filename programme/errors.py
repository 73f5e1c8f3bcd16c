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


class ReportsUnread(Exception):
    """Somebody has reported it once more since the page was opened."""

    def __init__(self) -> None:
        self.message = _("Somebody has reported it again since you opened it. Read that too before deciding.")
        super().__init__(self.message)


class BroadcastError(Exception):
    """Why a message to groups was not changed or sent; nothing was written. Carries words for the writer."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BroadcastChanged(BroadcastError):
    """It is not as it was when the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("Somebody has changed this message meanwhile. Read it again, then decide."))


class NobodyToReach(BroadcastError):
    """The audience is empty."""

    def __init__(self) -> None:
        super().__init__(_("Nobody would get this message. Choose more groups or more readers."))


class NotYours(BroadcastError):
    """The person may not write to this place, or not in this way."""

    def __init__(self) -> None:
        super().__init__(_("You may not send this message: it is for places where you do not decide."))


class NeedsAnother(BroadcastError):
    """The writer cannot be the second person."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else must approve it: you wrote or changed it."))


class ReportRefused(Exception):
    """Why a report is not kept, not run or not made; nothing was written. Carries words for the person who asked."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


class TranslationRefused(Exception):
    """Why a translation is not noted as right; nothing was written. Carries words for the person who asked."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = str(message)


class TranslationMoved(TranslationRefused):
    """It is not as it was when it was read."""

    def __init__(self) -> None:
        super().__init__(_("The words have changed since you read them. Read them again."))


class OwnTranslation(TranslationRefused):
    """Nobody finds the own words right."""

    def __init__(self) -> None:
        super().__init__(_("You wrote this translation. Somebody else who speaks the language must read it."))
