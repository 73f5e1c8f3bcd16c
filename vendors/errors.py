"""What can go wrong with a group, its members and its stock."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class InsufficientStock(Exception):
    """Not enough units; stock_record_ids names every short record."""

    def __init__(self, stock_record_ids: Sequence[int]) -> None:
        super().__init__(f"not enough units of stock records {list(stock_record_ids)}")
        self.stock_record_ids = list(stock_record_ids)


class ReasonMissing(Exception):
    """Somebody would be told "no" without being told why."""

    def __init__(self) -> None:
        super().__init__("a decision against somebody needs a reason")


class LastChair(Exception):
    """The group would be left without a chair."""

    def __init__(self) -> None:
        super().__init__("a group keeps at least one chair")


class ApplicationError(Exception):
    """Nothing was changed; message says why and what to do, for the person who tried. field: which one is wrong."""

    message: str | Promise = _("This could not be done.")
    field: str = ""

    def __init__(self, message: str | Promise | None = None, *, field: str = "") -> None:
        self.message = message if message is not None else self.message
        self.field = field or self.field
        super().__init__(str(self.message))


class ApplicationIncomplete(ApplicationError):
    """The application cannot be handed in yet. gaps: what is missing, in words."""

    def __init__(self, gaps: Sequence[str]) -> None:
        self.gaps = list(gaps)
        super().__init__(_("Still missing: %(gaps)s.") % {"gaps": "; ".join(self.gaps)})


class RequirementsOpen(ApplicationError):
    """The group cannot be approved: something needed is neither met nor waived. gaps: what, in words."""

    def __init__(self, gaps: Sequence[str]) -> None:
        self.gaps = list(gaps)
        words = _(
            "Not approved, because this is open: %(gaps)s. Check it, waive it or return the application."
        )
        super().__init__(words % {"gaps": "; ".join(self.gaps)})


class OwnGroup(ApplicationError):
    """Nobody lets the own group sell, or says that its papers are right."""

    message = _("You are a member of this group. Another person must decide about it.")


class TooManyDrafts(ApplicationError):
    """Somebody has begun more applications than anybody needs."""

    message = _("You have begun several groups already. Finish or close one of them first.")


class FactLocked(ApplicationError):
    """What the office has looked at is changed by the office only."""

    message = _("Name, kind, number and place are with the office. Ask it to change them.")


class GroupChangeMoved(ApplicationError):
    """What shall be shown is not what was read."""

    message = _("The group has changed this since you read it. Read it again before deciding.")


class GroupChangeOutdated(ApplicationError):
    """The words that shall be replaced are others by now."""

    message = _(
        "The group's page itself has changed here since. Ask the group to write it anew on what stands now."
    )


class NotNow(ApplicationError):
    """The group is in a state in which this is not done."""

    message = _("This cannot be done any more. Nothing has been changed.")


class CertificateError(ApplicationError):
    """No certificate was handed in or verified."""


class CertificateMoved(CertificateError):
    """What shall be changed is not what was read."""

    message = _(
        "This certificate has been changed since you opened it. Nothing was saved. Read what stands there now, and"
        " send it again if it is still wrong."
    )


class FormUsed(CertificateError):
    """A form that was sent before comes again with another certificate, as after "back" in the browser."""

    message = _(
        "This form was sent before, with other words. What you have typed now was not handed in; send it again to hand"
        " in a further certificate."
    )


class InvitationError(ApplicationError):
    """Nobody was invited, or nothing was sent."""


class InvitationOver(ApplicationError):
    """The invitation cannot be accepted any more."""

    message = _("This invitation is no longer valid. Ask the group to invite you again.")


class ClosureError(ApplicationError):
    """These days are no closure."""
