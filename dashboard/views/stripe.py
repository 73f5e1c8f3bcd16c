"""An account at Stripe for the group: begin or go on there, come back, and how it stands."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.desk import Desk, frame, group_page
from payments.models import PayoutAccount
from payments.payout_errors import AccountServiceBusy
from payments.providers.base import ProviderUnavailable
from payments.services.payout_accounts import onboard, refresh_account


@require_safe
@group_page
def stripe_account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How the group's account at Stripe stands. Coming back from there, Stripe is asked first: the address proves nothing."""
    account = _account(desk)
    if account is not None and request.GET.get("from") == "stripe":
        try:
            refresh_account(account.stripe_account_id)
        except ProviderUnavailable:
            messages.error(request, _("Stripe does not answer just now. We ask again by ourselves."))
        return redirect("dashboard-stripe")
    values = {**frame(desk, "money"), "account": account, "delay": settings.PAYOUT_DETAILS_DELAY_DAYS}
    return render(request, "dashboard/money_stripe.html", values)


@require_POST
@group_page
def stripe_begin(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Go to Stripe, where the group tells what Stripe wants to know; twice it is the same account."""
    page = f"{settings.SITE_URL}{reverse('dashboard-stripe')}"
    try:
        # A link is good once and for minutes: who opens an old one comes back to the page and presses again.
        address = onboard(desk.vendor, actor=desk.user, return_url=f"{page}?from=stripe", refresh_url=page)
    except AccountServiceBusy as busy:
        messages.error(request, str(busy.message))
        return redirect("dashboard-stripe")
    return HttpResponseRedirect(address)


def _account(desk: Desk) -> PayoutAccount | None:
    rows = PayoutAccount.objects.filter(
        vendor=desk.vendor, rail=PayoutAccount.Rail.STRIPE_TRANSFER, cancelled_at__isnull=True
    )
    return rows.order_by("-pk").first()
