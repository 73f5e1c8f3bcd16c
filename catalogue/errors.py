"""What can go wrong with listings and photos; every message is for the member or the moderator."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ListingError(Exception):
    """Something a person can put right; message says what happened and what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


class ListingIncomplete(ListingError):
    """The listing cannot be offered yet; missing names each gap."""

    def __init__(self, missing: Sequence[str | Promise]) -> None:
        words = ", ".join(str(gap) for gap in missing)
        super().__init__(_("The listing is not complete. Still missing: %(gaps)s.") % {"gaps": words})
        self.missing = [str(gap) for gap in missing]


class VendorNotApproved(ListingError):
    """The group of the listing may not sell (yet)."""

    def __init__(self) -> None:
        super().__init__(_("The group has not been approved. Decide about the group first."))


class ListingLocked(ListingError):
    """The texts of a listing under review or on sale are not changed behind the moderator's back."""

    def __init__(self) -> None:
        super().__init__(
            _("Take the listing back or from sale before changing it; price and stock may change any time.")
        )


class OnlySize(ListingError):
    """The last size of a listing is not taken out of it."""

    def __init__(self) -> None:
        super().__init__(_("This is the only size left. To stop selling it, take the listing from sale."))


class ProductOfAnotherPlace(ListingError):
    """The chosen identified product belongs to a place that does not hold the listing's place."""

    def __init__(self) -> None:
        super().__init__(_("This product is named for another place. Choose one of the listing's place."))


class ProductNotNamed(ListingError):
    """The chosen identified product is not that of its place today: not yet, or not any more."""

    def __init__(self) -> None:
        super().__init__(_("This product is not named for its place now. Choose one that is, or none."))


class PriceOutOfRange(ListingError):
    """Not an amount above zero with at most two decimals, or in another currency than the other sizes."""


class PhotoRefused(ListingError):
    """The upload is not a photo that we can show; message says what to do."""


class ChangeMoved(ListingError):
    """The group has proposed something else since the moderator's page was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The group has changed its proposal while you looked at it. Read it again before deciding.")
        )


class ChangeOutdated(ListingError):
    """The listing itself has changed since the change was proposed; fields names where."""

    def __init__(self, fields: Sequence[str | Promise]) -> None:
        words = ", ".join(str(field) for field in fields)
        super().__init__(
            _(
                "The listing has changed since this was proposed: %(fields)s. Return it to the group, which then "
                "proposes on what stands now."
            )
            % {"fields": words}
        )
        self.fields = [str(field) for field in fields]


class SavedTooMany(ListingError):
    """A person's list of saved listings is full."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Your list holds %(most)d things. Take something off it first.") % {"most": most})


class InStock(ListingError):
    """What somebody wants to be told of is there."""

    def __init__(self) -> None:
        super().__init__(_("It is there again: you can buy it now."))


class WaitsForTooMuch(ListingError):
    """A person waits for more things than anybody would."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("You wait for %(most)d things already. Take one off that list first.") % {"most": most}
        )


class FollowsTooMany(ListingError):
    """A person follows more than anybody would read of."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("You follow %(most)d places and groups already. Leave one of them first.") % {"most": most}
        )
