"""What can go wrong with a nomination."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class NominationError(Exception):
    """Nothing was changed; message says why and what to do, for the person who tried. field: which one is wrong."""

    message: str | Promise = _("This could not be done.")
    field: str = ""

    def __init__(self, message: str | Promise | None = None, *, field: str = "") -> None:
        self.message = message if message is not None else self.message
        self.field = field or self.field
        super().__init__(str(self.message))


class NotYourPlace(NominationError):
    """The person does not work, or not decide, in the place that it takes."""

    message = _("You may not do this for this place.")


class OwnNomination(NominationError):
    """Nobody decides about what she or he had a hand in before."""

    message = _("You have handed this in yourself. Another person must decide about it.")


class OwnRecommendation(OwnNomination):
    """Whoever recommended does not approve."""

    message = _("You have recommended this yourself. Another person must approve it.")


class NominationMoved(NominationError):
    """What is decided about is not what was read."""

    message = _("This has been handed in anew since you read it. Read it again before deciding.")


class ProposalFormUsed(NominationError):
    """A form that was sent before comes again with another product, as after "back" in the browser."""

    message = _(
        "This form was sent before, with another product. What you have typed now was not handed in; send it again to"
        " propose it too."
    )


class RemarksMissing(NominationError):
    """Somebody would be told "no" without being told why."""

    message = _("Say why, and what should be different: who proposed it will read this.")
    field = "remarks"


class MinutesMoved(NominationError):
    """The minutes are others than those that were corrected."""

    message = _(
        "Somebody else has written the minutes anew since you read them. Read them again, then add yours."
    )
    field = "minutes"
