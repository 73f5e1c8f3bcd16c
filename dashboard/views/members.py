"""Who works for the group, and who may do what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from dashboard.desk import Desk, frame, member_page
from vendors.domain.rights import RIGHTS, Right
from vendors.errors import LastChair
from vendors.models import Membership
from vendors.services.members import remove_member, set_member

WORDS = {
    Right.WORK_ON_ORDERS: gettext_lazy("accept, pack and send orders"),
    Right.COUNT_STOCK: gettext_lazy("count the stock"),
    Right.ANSWER_RETURNS: gettext_lazy("answer returns"),
    Right.LIST_GOODS: gettext_lazy("write listings"),
    Right.CHANGE_PRICES: gettext_lazy("change prices"),
    Right.IMPORT_EXPORT: gettext_lazy("import and export lists"),
    Right.DELIVERY_METHODS: gettext_lazy("say how goods are delivered"),
    Right.SEE_FIGURES: gettext_lazy("see the figures"),
    Right.SEE_MONEY: gettext_lazy("see the money"),
    Right.CHANGE_BANK_DETAILS: gettext_lazy("say where the money goes"),
    Right.EDIT_GROUP: gettext_lazy("write about the group"),
    Right.CLOSE_SHOP: gettext_lazy("close the shop for some days"),
    Right.MANAGE_MEMBERS: gettext_lazy("change members and roles"),
}


@require_safe
@member_page
def members(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Members with their roles, and the table of rights. One query besides the desk's."""
    rows = Membership.objects.filter(vendor=desk.vendor).select_related("user").order_by("user__name", "pk")
    values = frame(desk, "group") | {
        "members": list(rows),
        "roles": Membership.Role.choices,
        "rights": [
            (words, [right in RIGHTS[role] for role in Membership.Role]) for right, words in WORDS.items()
        ],
        "may_manage": desk.may(Right.MANAGE_MEMBERS),
    }
    return render(request, "dashboard/members.html", values)


@require_POST
@member_page
def member_change(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Give a member another role, remove one, or leave. 404: of another group; 403: another person's, without the right."""
    member = get_object_or_404(Membership.objects.filter(vendor=desk.vendor).select_related("user"), pk=pk)
    leaves = request.POST.get("do") == "remove"
    is_own = member.user_id == desk.user.pk
    if not desk.may(Right.MANAGE_MEMBERS) and not (is_own and leaves):
        raise PermissionDenied
    role, reason = request.POST.get("role", ""), request.POST.get("reason", "").strip()[:300]
    try:
        if leaves:
            remove_member(desk.vendor, member.user, actor=desk.user, reason=reason)
        elif role in Membership.Role.values:
            set_member(desk.vendor, member.user, role=role, actor=desk.user, reason=reason)
        else:
            messages.error(request, _("Choose a role."))
            return redirect("dashboard-members")
    except LastChair:
        messages.error(request, _("A group keeps at least one chair. Make somebody else chair first."))
        return redirect("dashboard-members")
    messages.success(request, _("Done."))
    return redirect("account-home" if leaves and is_own else "dashboard-members")
