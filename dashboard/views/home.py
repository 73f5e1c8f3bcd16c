"""The first page of a member, and the choice of the group."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dashboard.checklist import application_tasks
from dashboard.desk import Desk, frame, member_page, move_to
from dashboard.listing_rows import low_stock
from dashboard.work import tasks
from payments.selectors.next_payouts import next_payouts
from vendors.selectors.certificates import running_out


@require_safe
@member_page
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Answer one question: what must I do now."""
    values = frame(desk, "now")
    found = [
        *application_tasks(desk),
        *tasks(desk.vendor, desk.vendor_orders, values["order_counts"]),
    ]
    values["tasks"], values["task_count"] = found, sum(task.number for task in found)
    values["certificates"] = running_out(desk.vendor) if desk.edits_group else []
    values["low_stock"] = low_stock(desk.vendor)
    paid = next_payouts(desk.vendor) if desk.keeps_books else []
    values["next_payouts"] = [each for each in paid if each.on is not None]
    return render(request, "dashboard/home.html", values)


@require_POST
@member_page
def choose_group(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Work for another of the own groups from now on. 404: a group of others, or none."""
    code = request.POST.get("group", "")
    chosen = next((each.vendor_id for each in desk.memberships if each.vendor.code == code), 0)
    move_to(request, desk, chosen)
    return redirect("dashboard-home")
