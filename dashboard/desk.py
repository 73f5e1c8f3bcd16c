"""The desk of a group: who sits there, for which group, and what the frame of every page shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from marketplace.lib.audit import note
from marketplace.lib.dates import TIME_ZONES
from marketplace.lib.locks import is_busy
from marketplace.lib.session_keys import CHOSEN_GROUP
from orders.models import VendorOrder
from orders.selectors.vendor_orders import TO_SEND, counts_by_state, own_vendor_orders
from people.models import User
from vendors.domain.rights import Right, rights_of
from vendors.models import Membership, Partner
from vendors.policies import can_apply_for_group

CHOSEN = CHOSEN_GROUP
# Key of the group for which an officer fills in the application.
ON_BEHALF = "on-behalf-group"
APPLICATION_STATES = (Partner.State.DRAFT, Partner.State.APPLIED, Partner.State.RETURNED)
Parameters = ParamSpec("Parameters")


@dataclass(frozen=True)
class Desk:
    """A member at work for one group. memberships: all that the person has, by name of the group.

    is_on_behalf: an officer who is no member fills in the group's application; membership is then not stored.
    """

    user: User
    membership: Membership
    memberships: Sequence[Membership]
    is_on_behalf: bool = False

    @property
    def vendor(self) -> Partner:
        """The group."""
        return self.membership.vendor

    @property
    def vendor_orders(self) -> QuerySet[VendorOrder]:
        """Paid orders of this group."""
        return own_vendor_orders(self.user).filter(vendor=self.vendor)

    @property
    def time_zone(self) -> ZoneInfo:
        """Times are said as the clock in the group's country shows them."""
        return TIME_ZONES.get(self.vendor.home_region.country_code, ZoneInfo("UTC"))

    @property
    def rights(self) -> frozenset[Right]:
        """What the member may do for this group; no query. Templates ask `right in desk.rights`."""
        return rights_of(self.membership.role)

    def may(self, right: Right) -> bool:
        """Whether the member has this right in this group; no query."""
        return right in self.rights

    @property
    def writes_listings(self) -> bool:
        """Whether the member writes listings; packers count and send."""
        return self.may(Right.LIST_GOODS)

    @property
    def keeps_books(self) -> bool:
        """Whether the member sees the money."""
        return self.may(Right.SEE_MONEY)

    @property
    def edits_group(self) -> bool:
        """Whether the member writes the application, the story and the papers."""
        return self.may(Right.EDIT_GROUP)

    @property
    def on_behalf_of(self) -> str:
        """For whom an officer acts, for the history; empty for a member."""
        return self.vendor.name[:128] if self.is_on_behalf else ""

    def membership_in(self, vendor_pk: int) -> Membership | None:
        """The person's membership in a group; None in a group of others."""
        return next((each for each in self.memberships if each.vendor_id == vendor_pk), None)


def member_page(
    view: Callable[Concatenate[HttpRequest, Desk, Parameters], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    """Hand a view the desk of its visitor: sign-in first, then 404 for whoever belongs to no group.

    Pages hold buyers' addresses, so nothing is kept by a cache. A row that somebody else holds for seconds is
    answered with "busy, try again": the services have written nothing then.
    """
    return _page(view, _open_desk)


def group_page(
    view: Callable[Concatenate[HttpRequest, Desk, Parameters], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    """Like application_page, for pages about the group itself: 404 for members who do not write them, as the packer."""

    def written(
        request: HttpRequest, desk: Desk, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        if not desk.edits_group:
            raise Http404
        return view(request, desk, *args, **kwargs)

    update_wrapper(written, view)
    return application_page(written)


def application_page(
    view: Callable[Concatenate[HttpRequest, Desk, Parameters], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    """Like member_page, and an officer may come here too who fills in the application on behalf of its group."""
    return _page(view, lambda request: _officers_desk(request) or _open_desk(request))


def _page(
    view: Callable[Concatenate[HttpRequest, Desk, Parameters], HttpResponse],
    open_desk: Callable[[HttpRequest], Desk],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponse]:
    def answered(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        desk = open_desk(request)
        note(on_behalf_of=desk.on_behalf_of)
        with timezone.override(desk.time_zone):
            try:
                return view(request, desk, *args, **kwargs)
            except OperationalError as error:
                if not is_busy(error):
                    raise
                return render(request, "dashboard/busy.html", frame(desk, ""), status=503)

    update_wrapper(answered, view)
    return never_cache(login_required(answered))


def move_to(request: HttpRequest, desk: Desk, vendor_pk: int) -> Desk:
    """The desk of another of the person's own groups, which stays chosen. Raises Http404 for a group of others."""
    membership = desk.membership_in(vendor_pk)
    if membership is None:
        raise Http404
    if request.session.get(CHOSEN) != vendor_pk:
        request.session[CHOSEN] = vendor_pk
    moved = Desk(desk.user, membership, desk.memberships)
    # member_page puts back what was active before.
    timezone.activate(moved.time_zone)
    return moved


def frame(desk: Desk, section: str) -> dict[str, Any]:
    """Values of the frame: the group, the others of this person, and how many orders wait. One query.

    section: "now", "orders", "listings", "money" or "group".
    """
    counts = counts_by_state(desk.vendor_orders)
    waiting = sum(counts.get(state, 0) for state in (VendorOrder.State.NEW, *TO_SEND))
    return {"desk": desk, "section": section, "order_counts": counts, "orders_waiting": waiting}


def _officers_desk(request: HttpRequest) -> Desk | None:
    """The desk of an officer who has taken up an application; None for everybody else, and once it is decided."""
    chosen, user = request.session.get(ON_BEHALF), request.user
    if not chosen or not isinstance(user, User) or not can_apply_for_group(user):
        return None
    visible = Partner.objects.visible_to(user).select_related("home_region")
    rows = visible.filter(pk=chosen, state__in=APPLICATION_STATES)
    vendor = rows.first()
    if vendor is None:
        return None
    membership = Membership(vendor=vendor, user=user, role=Membership.Role.CHAIR)
    return Desk(user, membership, [membership], is_on_behalf=True)


def _open_desk(request: HttpRequest) -> Desk:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    rows = Membership.objects.filter(user=user).select_related("vendor__home_region", "user")
    memberships = list(rows.order_by("vendor__name", "pk"))
    if not memberships:
        raise Http404
    chosen = request.session.get(CHOSEN)
    found = next((each for each in memberships if each.vendor_id == chosen), memberships[0])
    return Desk(user, found, memberships)
