"""What each state of a group means for its listings, its open orders and its money: the one place that says so.

Staff read it before they decide, the group afterwards. What it says of listings is done by Product.objects.live(), of
money by payments.selectors.payouts, which asks holds_payouts() and pays_last_balance().
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vendors.models import Partner

State = Partner.State
Text = str | Promise


@dataclass(frozen=True)
class Effect:
    """What a state means, in words for everybody."""

    listings: Text
    orders: Text
    money: Text

    @property
    def lines(self) -> list[tuple[Text, Text]]:
        """Pairs of heading and words, in the order in which they are shown."""
        return [(_("Listings"), self.listings), (_("Open orders"), self.orders), (_("Money"), self.money)]


_NOT_YET = Effect(
    _("Can be written already. Nobody sees them before the group is approved."),
    _("There are none: nobody can order yet."),
    _("Nothing is due yet. Account details can be given already."),
)
EFFECTS: dict[str, Effect] = {
    State.DRAFT: _NOT_YET,
    State.APPLIED: _NOT_YET,
    State.RETURNED: _NOT_YET,
    State.APPROVED: Effect(
        _("Shown and sold, each one once the office has approved it."),
        _("New orders come in and are accepted, packed and sent."),
        _("Each sale is paid out some days after the goods are delivered."),
    ),
    State.SUSPENDED: Effect(
        _("Hidden at once, and cannot be bought. They come back as they were when the group is reinstated."),
        _("Go on: what was ordered is packed and sent. No new order can come."),
        _(
            "Stays the group's own, and no payout is begun until it is reinstated or closed. "
            "A payout that was planned before goes through."
        ),
    ),
    State.CLOSED: Effect(
        _("Taken from sale for good. Nobody sees or buys them any more."),
        _("Must still be sent, or declined so that the buyer gets the money back."),
        _("Each finished order is paid out, also below the smallest payout, until nothing is left."),
    ),
}


def effect_of(state: str) -> Effect:
    """What a state means; what it does not know raises KeyError."""
    return EFFECTS[state]


def holds_payouts(state: str) -> bool:
    """Whether no payout is begun for a group in this state."""
    return state == State.SUSPENDED


def pays_last_balance(state: str) -> bool:
    """Whether a group in this state is paid however little it is due."""
    return state == State.CLOSED
