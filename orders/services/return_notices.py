"""What the buyer and the group are told of each move of a return."""

from collections.abc import Mapping

from django.urls import reverse

from marketplace.lib.addresses import public_link
from orders.models import Return
from orders.services.notifying import status_key, tell_buyer
from orders.services.parts import goods_words
from vendors.services.telling import tell_members

State = Return.State
_BUYER: Mapping[str, str] = {
    State.ASKED: "return_asked",
    State.AGREED: "return_agreed",
    State.REFUSED: "return_refused",
    State.DISPUTED: "return_at_office",
    State.DECLINED: "return_declined",
}
_GROUP: Mapping[str, str] = {
    State.ASKED: "group_return_asked",
    State.SENT: "group_return_sent",
    State.DISPUTED: "group_return_at_office",
    State.WITHDRAWN: "group_return_withdrawn",
}


def tell_of_move(case: Return, *, came_from: str = "", reason: str = "") -> None:
    """Queue the notices that fit the state of a locked return; whoever did it himself is not told of everything.

    came_from: the state before, empty for a new one. What was closed is told by take_back, with the money.
    """
    # A return may come twice into one state, so the move is counted.
    count = case.events.count()
    buyer, group = _kinds(case, came_from)
    goods = goods_words({item.line: item.quantity for item in case.items.select_related("line")})
    due_on = case.due_at.date().isoformat() if case.due_at else ""
    part = case.vendor_order
    common = {"goods": goods, "reason": reason, "on": due_on}
    if buyer:
        page = public_link(case.get_absolute_url(), language=part.order.language)
        link = f"{page}?key={status_key(part.order)}"
        about = f"{case.pk}:{count}"
        tell_buyer(part.order, buyer, about=about, vendor=part.vendor.name, **{**common, "link": link})
    if group:
        link = public_link(reverse("dashboard-return", args=[case.pk]))
        context = {"number": part.number, **common, "link": link}
        tell_members(part.vendor, group, key=f"return:{case.pk}:{count}:{group}", context=context)


def _kinds(case: Return, came_from: str) -> tuple[str, str]:
    """The kinds of notice for the buyer and for the group, empty where there is nothing to say."""
    buyer, group = _BUYER.get(case.state, ""), _GROUP.get(case.state, "")
    is_decided = came_from == State.DISPUTED and case.state in (State.AGREED, State.CLOSED, State.DECLINED)
    if is_decided:
        group = "group_return_decided"
    if case.state == State.WITHDRAWN and came_from == State.AGREED:
        # Also when the clock did it; the buyer then learns why.
        buyer = "return_ended"
    return buyer, group
