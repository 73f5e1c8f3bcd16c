"""What events of connected accounts, and of payouts to banks, make us look at."""

from payments.models import PayoutAccount, ProviderEvent
from payments.services.alerts import alert_finance
from payments.services.payout_accounts import refresh_account


def look_at_account(event: ProviderEvent) -> bool:
    """Ask whether a group's account may receive money now; False for an account that is no group's.

    Also when its owner has cut the tie to us: then the provider does not show it any more.
    """
    if not PayoutAccount.objects.filter(stripe_account_id=event.account).exists():
        return False
    refresh_account(event.account)
    return True


def note_failed_payout(event: ProviderEvent) -> bool:
    """A bank refused the provider's payout, to us or to a group: an officer is told, and the group's account looked at.

    The money is back in the balance it was taken from; what is owed to groups has not changed.
    """
    if event.account and not look_at_account(event):
        return False
    alert_finance(
        f"provider-payout:{event.object_id}:failed",
        subject=f"a bank refused payout {event.object_id} of the provider",
        detail=f"account {event.account}"
        if event.account
        else "to our own bank account: look at the account details",
    )
    return True
