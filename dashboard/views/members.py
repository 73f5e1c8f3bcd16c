"""Who works for the group, and who may do what."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.desk import Desk, frame, member_page
from dashboard.member_forms import InviteForm, LeaveForm, MemberForm
from marketplace.lib.page_address import shows_page_of
from vendors.domain.rights import Right, roles_with
from vendors.errors import ApplicationError, LastChair
from vendors.models import Invitation, MemberEvent, Membership
from vendors.services import invitations
from vendors.services.members import remove_member, set_member

EVENTS_SHOWN = 20
RUN_OUT_SHOWN = timedelta(days=30)
WORDS = {
    Right.WORK_ON_ORDERS: gettext_lazy("accept, pack and send orders"),
    Right.COUNT_STOCK: gettext_lazy("count the stock"),
    Right.ANSWER_RETURNS: gettext_lazy("answer returns"),
    Right.ANSWER_REVIEWS: gettext_lazy("answer what buyers say"),
    Right.LIST_GOODS: gettext_lazy("write listings"),
    Right.CHANGE_PRICES: gettext_lazy("change prices"),
    Right.IMPORT_EXPORT: gettext_lazy("import and export lists"),
    Right.DELIVERY_METHODS: gettext_lazy("say how goods are delivered"),
    Right.SEE_FIGURES: gettext_lazy("see the figures"),
    Right.SEE_MONEY: gettext_lazy("see the money"),
    Right.CHANGE_BANK_DETAILS: gettext_lazy("say where the money goes"),
    Right.EDIT_GROUP: gettext_lazy("write about the group"),
    Right.GIVE_OFFERS: gettext_lazy("give offers"),
    Right.CLOSE_SHOP: gettext_lazy("close the shop for some days"),
    Right.MANAGE_MEMBERS: gettext_lazy("change members and roles"),
}


@require_safe
@member_page
def members(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Members with their roles, open invitations, the table of rights and the history; constantly many queries."""
    return _list_page(request, desk, InviteForm(initial={"role": Membership.Role.PACKER}))


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def member(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Give a member another role, remove one, or leave; before somebody goes the page asks.

    404: of another group; 403: another person's, without the right.
    """
    row = get_object_or_404(Membership.objects.filter(vendor=desk.vendor).select_related("user"), pk=pk)
    is_own, may_manage = row.user_id == desk.user.pk, desk.may(Right.MANAGE_MEMBERS)
    goes = (request.POST if request.method == "POST" else request.GET).get("do") == "remove"
    if not may_manage and not (is_own and (goes or request.method != "POST")):
        raise PermissionDenied
    kind = LeaveForm if goes or not may_manage else MemberForm
    form = kind(request.POST if request.method == "POST" else None, initial={"role": row.role})
    if request.method == "POST" and form.is_valid() and _is_changed(desk, row, form):
        messages.success(request, _said(row, goes=goes, is_own=is_own))
        return redirect("account-home" if goes and is_own else "dashboard-members")
    values = frame(desk, "group") | {
        "member": row,
        "is_own": is_own,
        "may_manage": may_manage,
        "asks": goes,
        "form": form,
    }
    return render(request, "dashboard/member.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Invite somebody; sent twice it is one invitation and one message. 403: without the right.

    Looked at, as when a closed tab is opened again, it leads to the form.
    """
    if request.method != "POST":
        return redirect("dashboard-members")
    if not desk.may(Right.MANAGE_MEMBERS):
        raise PermissionDenied
    form = InviteForm(request.POST)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            invitations.invite(
                desk.vendor, sent["contact"], name=sent["name"], role=sent["role"], actor=desk.user
            )
        except ApplicationError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, _("The invitation to %(name)s is on its way.") % {"name": sent["name"]})
            return redirect("dashboard-members")
    shows_page_of(request, reverse("dashboard-members"))
    return _list_page(request, desk, form)


@require_POST
@member_page
def invitation(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Send an open invitation again, or withdraw it. 404: of another group; 403: without the right."""
    row = get_object_or_404(Invitation.objects.filter(vendor=desk.vendor).select_related("vendor"), pk=pk)
    if not desk.may(Right.MANAGE_MEMBERS):
        raise PermissionDenied
    try:
        if request.POST.get("do") == "withdraw":
            invitations.withdraw(row, actor=desk.user)
            messages.success(request, _("The invitation is withdrawn. Its link opens nothing any more."))
        elif request.POST.get("do") == "resend":
            invitations.resend(row)
            messages.success(request, _("The invitation is on its way once more."))
    except ApplicationError as error:
        messages.error(request, str(error.message))
    return redirect("dashboard-members")


def _list_page(request: HttpRequest, desk: Desk, form: InviteForm) -> HttpResponse:
    rows = Membership.objects.filter(vendor=desk.vendor).select_related("user").order_by("user__name", "pk")
    may_manage = desk.may(Right.MANAGE_MEMBERS)
    invited = Invitation.objects.filter(vendor=desk.vendor)
    events = MemberEvent.objects.filter(vendor=desk.vendor).select_related("person", "actor")
    values = frame(desk, "group") | {
        "members": list(rows),
        "invitations": list(invited.open_now().order_by("name", "pk")) if may_manage else [],
        "run_out": list(invited.run_out_since(timezone.now() - RUN_OUT_SHOWN)) if may_manage else [],
        "history": list(events.order_by("-created_at", "-pk")[:EVENTS_SHOWN]),
        "form": form,
        "rights": [
            (words, [Membership.Role(role).label for role in roles_with(right)])
            for right, words in WORDS.items()
        ],
        "may_manage": may_manage,
    }
    return render(request, "dashboard/members.html", values)


def _is_changed(desk: Desk, row: Membership, form: MemberForm) -> bool:
    """Whether it was done; if not, the form says why."""
    sent = form.cleaned_data
    try:
        if "role" in sent:
            set_member(desk.vendor, row.user, role=sent["role"], actor=desk.user, reason=sent["reason"])
        else:
            remove_member(desk.vendor, row.user, actor=desk.user, reason=sent["reason"])
    except LastChair:
        form.add_error(None, _("A group keeps at least one chair. Make somebody else chair first."))
        return False
    return True


def _said(row: Membership, *, goes: bool, is_own: bool) -> str:
    if goes and is_own:
        return _("You have left the group.")
    if goes:
        return _("%(name)s no longer works for the group.") % {"name": row.user}
    return _("The role of %(name)s is kept.") % {"name": row.user}
