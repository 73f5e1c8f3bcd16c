"""What the programme's checklist can ask about a group's money."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.models import PayoutAccount
from vendors.selectors.checks import Check, Facts, register


def offer_checks() -> None:
    """Add ours to the counts from which staff choose."""
    register(
        "payout_details",
        Check(
            gettext_lazy("account details for payouts"),
            lambda _number: _("Where your group is paid: a bank account, or an account at Stripe"),
            _accounts,
        ),
    )


def _accounts(facts: Facts) -> int:
    return PayoutAccount.objects.filter(vendor=facts.vendor, cancelled_at__isnull=True).count()
