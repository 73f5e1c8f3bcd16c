"""What can go wrong with baskets and orders; every message is for the buyer or the member."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class OrderError(Exception):
    """Something a person can put right; message says what happened and what to do."""

    message: str | Promise = _("That did not work. Please try again.")

    def __init__(self, message: str | Promise | None = None) -> None:
        super().__init__(str(message or self.message))
        self.message = message or self.message


class NotForSale(OrderError):
    """The listing is not public, or its group is not."""

    message = _("This is not for sale any more. Take it out of the basket to go on.")


class NoLicence(NotForSale):
    """Food whose group holds no food licence today."""

    message = _("This food is not for sale at present. Take it out of the basket to go on.")


class QuantityOutOfRange(OrderError):
    """Not a whole number from 1 to the most that one order may hold."""

    message = _("Choose a whole number, at least 1.")


class NotEnoughUnits(OrderError):
    """Fewer units are left than wanted; titles says of what, left how many where one thing is short."""

    def __init__(self, titles: Sequence[str], left: int | None = None) -> None:
        names = ", ".join(titles)
        if left:
            message = _("Only %(left)d left of %(names)s. Choose fewer.") % {"left": left, "names": names}
        else:
            message = _("Sold out: %(names)s. Take it out of the basket to go on.") % {"names": names}
        super().__init__(message)
        self.titles = list(titles)
        self.left = left


class ForeignCurrency(OrderError):
    """One basket is paid in one currency."""

    message = _(
        "This is priced in another currency than your basket. Pay for the basket first, then buy this."
    )


class BasketClosed(OrderError):
    """The basket has an order already, or is empty."""

    message = _("This basket has been ordered already. Look at your order, or start a new basket.")


class AccountClosed(OrderError):
    """The account was closed while somebody was still ordering with it."""

    message = _("This account has been closed. Sign out, then order without an account.")


class AddressesTooMany(OrderError):
    """A person keeps as many addresses as an account holds."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Your account keeps %(most)s addresses. Remove one of them first.") % {"most": most}
        )


class AddressKept(OrderError):
    """Changed like this, it would be another one that the person keeps."""

    message = _("You keep this address already.")


class BasketEmpty(OrderError):
    """Nothing to order."""

    message = _("Your basket is empty.")


class TooMuchSetAside(OrderError):
    """A person's list of things for later is full."""

    message = _("So much is saved for later already. Take something off that list first.")


class GroupClosed(OrderError):
    """A group takes no orders today."""

    def __init__(self, vendor_name: str, until: str) -> None:
        super().__init__(
            _("%(group)s is closed until %(until)s. Take its goods out of the basket, or come back then.")
            % {"group": vendor_name, "until": until}
        )
        self.until = until


class NoDelivery(OrderError):
    """A group cannot send there in the way that was chosen; refusal: why it cannot send at all, if so."""

    def __init__(self, vendor_name: str, refusal: str | Promise = "") -> None:
        words = _("Choose how %(group)s should send its goods.") % {"group": vendor_name}
        super().__init__(f"{vendor_name}: {refusal}" if refusal else words)
        self.vendor_name = vendor_name


class TotalChanged(OrderError):
    """A price or delivery price is not what the buyer was shown."""

    message = _("A price has changed since you looked. Check the new total, then order again.")


class OfferGone(TotalChanged):
    """An offer that the buyer was shown takes off less by now, or nothing: it ended, was stopped or is used up."""

    words = _("“%(title)s” ended or was used up a moment ago. See the new total below. Nothing was charged.")

    def __init__(self, title: str) -> None:
        super().__init__(self.words % {"title": title})
        self.title = title


class OfferUsedBefore(OfferGone):
    """Each person may have the offer once, and this one has."""

    words = _("Each person may use “%(title)s” once. See the new total below. Nothing was charged.")


class CodeUsed(OfferGone):
    """A code for one order was used by another one a moment ago."""

    words = _(
        "Your code for “%(title)s” was used in another order. See the new total below. Nothing was charged."
    )


class CodesFetched(OrderError):
    """The codes of a set are handed out once."""

    message = _(
        "The file of these codes was handed out already. If it is lost, stop the offer and make another one."
    )


class CodeUnknown(OrderError):
    """No offer has this code."""

    message = _("We know no such code. Look at its letters and digits once more.")


class CodeRefused(OrderError):
    """The code is known and counts for nothing now; the message says why."""


class TooManyCodes(OrderError):
    """A basket holds a few codes."""

    message = _("There are as many codes here as a basket may have. Take one out first.")


class OfferError(OrderError):
    """An offer that cannot be; field: which value is wrong, empty when it is none of them."""

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class OfferNotYours(OrderError):
    """Nobody gives the programme's money to the own group, or agrees to the own proposal."""

    message = _("Somebody else must do this: you made it, or you are a member of the group that it is for.")


class ShipmentIncomplete(OrderError):
    """Neither a courier's number nor a vehicle."""

    message = _("Write the courier's number, or the vehicle and its driver.")


class ShopBusy(OrderError):
    """So many people order the same goods at once that the wait was given up; nothing was written."""

    message = _("Many people are ordering just now. Nothing has been ordered yet. Please try again.")


class OrderTooLarge(OrderError):
    """More than any payment service charges at once."""

    message = _("This is more than can be paid at once. Take something out and order it separately.")


class UnitsNotThere(OrderError):
    """Units were named that this part of the order does not have, or that are gone from it already."""

    message = _("This part of the order does not have so many units left. Check the numbers.")


class ReasonNeeded(OrderError):
    """The buyer is told why, so a reason is asked for."""

    message = _("Write the reason. The buyer reads it.")


class ReturnWhole(OrderError):
    """Goods that are paid for at the door are taken whole or not at all."""

    message = _("Nothing has been paid for these goods yet: all of them come back, or none.")


class CashFirst(OrderError):
    """Goods to be paid at hand-over are there when the cash is."""

    message = _("This order is paid at hand-over: note the cash, and the goods count as delivered.")


class PackedMeanwhile(OrderError):
    """Somebody else of the group has packed since the page was opened."""

    message = _("Somebody has packed meanwhile. Look at the packages, then pack what is left.")


class PackageGone(OrderError):
    """A package was named that has left already, or is not there any more."""

    message = _("One of these packages has left already, or was opened again. Look at what is still here.")


class WrongCode(OrderError):
    """The hand-over code does not belong to this order; one answer for everything that does not match."""

    message = _("This number and this code do not belong together. Look at both again.")


class AnsweredAlready(OrderError):
    """The group has said yes, so the buyer cannot cancel any more."""

    message = _(
        "The group has said yes already, so this part cannot be cancelled. Ask the group, or send it back."
    )


class ContactNotProven(OrderError):
    """An order can be kept only by whoever has proven each contact that it was placed with."""

    message = _(
        "This order was placed with a phone number or e-mail address that you have not proven to be yours by a code."
    )


class KeptByOther(OrderError):
    """The order is in another account."""

    message = _("This order is kept in another account already. The link in our message still shows it.")


class ReturnError(OrderError):
    """Why a return cannot be asked for, or moved on, like this."""


class ReturnNotNow(ReturnError):
    """The goods are not with the buyer yet, or have been there for too long."""

    message = _("A return can be asked for once the goods are with you, and only for some days after that.")


class ReturnUnderWay(ReturnError):
    """One of the same goods is unfinished."""

    message = _("You have asked for a return of these goods already. See how it stands before you ask again.")


class ReturnEmpty(ReturnError):
    """No units were chosen."""

    message = _("Choose what you want to give back.")


class ReturnWordsNeeded(ReturnError):
    """The reason says nothing by itself."""

    message = _("Write what is wrong, so that the group understands it.")


class TooManyPhotos(ReturnError):
    """More photos than are kept."""

    def __init__(self, most: int) -> None:
        super().__init__(_("At most %(count)d photos are kept. Choose fewer.") % {"count": most})


class AnswerReasonNeeded(ReturnError):
    """A no, and a decision, need words."""

    message = _("Write the reason. The buyer and the group read it.")


class NotNeutral(ReturnError):
    """Who belongs to the group does not decide about it."""

    message = _("You are a member of this group. Somebody else must decide.")


class DeliveryMethodError(OrderError):
    """A way of sending that cannot be; field: which value is wrong, empty when it is none of them."""

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ReviewClosed(OrderError):
    """The goods are not with the buyer, or what was said has been decided about already."""

    message = _(
        "This can be written once the goods are with the buyer, and changed until the office has read it."
    )


class ReviewNotYours(OrderError):
    """People of a group do not praise their own goods."""

    message = _("People of the group do not review its goods.")


class ReviewWordsNeeded(OrderError):
    """Nothing was said."""

    message = _("Write a few words.")


class ReviewUnchanged(OrderError):
    """What was refused is sent once more as it was."""

    message = _("The office does not show these words. Change them before you send them again.")


class GroupNotInShop(OrderError):
    """A group that is suspended or closed answers nobody."""

    message = _(
        "Your group is not in the shop now, so its answers are not shown. Answer when it is there again."
    )


class ReviewMoved(OrderError):
    """The words are others than those that were read."""

    message = _("The words have been changed since you read them. Read them again before deciding.")
