"""What can go wrong with notices, in words for staff."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CannotResend(Exception):
    """Not ended yet, a secret, past its use, or part of a daily message."""

    def __str__(self) -> str:
        return str(
            _(
                "This notice cannot be sent again: it still waits, is secret, too old, or part of a daily message."
            )
        )


class GroundsMissing(Exception):
    """Sent again without a reason."""

    def __str__(self) -> str:
        return str(_("Say why it is sent again."))


class TextRefused(Exception):
    """A text that cannot be saved; carries every problem in words."""

    def __init__(self, problems: Sequence[str | Promise]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems


class TextChanged(Exception):
    """Somebody else has saved this text since the form was opened."""

    def __str__(self) -> str:
        return str(_("Somebody else has changed this text meanwhile. Compare it with yours and save again."))
