"""Why a file cannot be asked for, or an account not be closed; every message says what to do."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class PrivacyError(Exception):
    """Something that a person reads."""

    message: str | Promise = ""

    def __init__(self) -> None:
        super().__init__(str(self.message))


class TooManyExports(PrivacyError):
    """Files were asked for too often."""

    message = _("You have asked for this file three times today. Take the newest one, or ask again tomorrow.")


class StillOpen(PrivacyError):
    """Something is not at its end; openings: what, as privacy.selectors.openings says it."""

    message = _("Your account cannot be closed yet. See below what is still open, and what to do.")

    def __init__(self, openings: Sequence[object]) -> None:
        super().__init__()
        self.openings = openings
