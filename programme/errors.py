"""What can go wrong at the programme office; every message is for the person who works there."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from marketplace.lib.claiming import ClaimError


class HeldByAnother(ClaimError):
    """Somebody else is looking at it; carries who, and until when."""

    def __init__(self, holder: Any, until: datetime) -> None:
        words = _("%(person)s is looking at it, until %(time)s. Nothing was decided.")
        time = date_format(localtime(until), "H:i")
        super().__init__(words % {"person": holder, "time": time})
        self.holder = holder
        self.until = until


class NotHeld(ClaimError):
    """The person's time was over, or it was put back; nobody else has it."""

    def __init__(self) -> None:
        super().__init__(_("Your time with it was over. It is with you again: look once more, then decide."))
