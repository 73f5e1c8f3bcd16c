"""Where groups are paid: details are given, replaced after a delay, and withdrawn; never edited."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.dates import local_day
from notices.services.queueing import Recipient, notify
from payments.models import PayoutAccount
from payments.payout_errors import AccountServiceBusy, DetailsIncomplete
from payments.providers.base import (
    AccountRestricted,
    ProviderRequestRejected,
    ProviderUnavailable,
    RemoteAccount,
)
from payments.services.alerts import alert_finance
from payments.services.group_notices import tell_vendor
from payments.services.providers import STRIPE, get_online_provider
from vendors.models import Partner

Rail = PayoutAccount.Rail
NOT_READY = "not ready"
RETURNED = "returned by the bank"
# Whoever gave so many details before hears of the next; more than a group changes in a year.
GIVEN_BEFORE = 5
# Characters that banks use in account numbers and codes; none can begin a formula.
_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z/-]{3,33}")
_CODE = re.compile(r"[0-9A-Z][0-9A-Z-]{1,19}")


@dataclass(frozen=True, kw_only=True)
class BankDetails:
    """An account at a bank. bank_code: IFSC, SWIFT or the branch's. minimum: no payout below, in any currency."""

    holder: str
    bank_name: str
    bank_code: str
    account_number: str
    minimum: Decimal = Decimal(0)


@transaction.atomic
def give_details(vendor: Partner, details: BankDetails, *, actor: Any) -> PayoutAccount:
    """Note a bank account of a group. The first one counts at once, a later one after a delay.

    During the delay the old account is paid, and everybody whom the group could be reached by is told, so that a
    stranger's account can be withdrawn in time. Asked again with the same details it changes nothing.
    Raises DetailsIncomplete, naming the field.
    """
    clean = _clean(details)
    locked = _lock(vendor)
    newest = _newest(locked)
    if newest is not None and _says(newest, clean):
        return newest
    return _add(
        locked,
        PayoutAccount(
            rail=Rail.BANK_BATCH,
            holder=clean.holder,
            bank_name=clean.bank_name,
            bank_code=clean.bank_code,
            account_number=clean.account_number,
            minimum=clean.minimum,
        ),
        actor,
    )


def onboard(vendor: Partner, *, actor: Any, return_url: str, refresh_url: str) -> str:
    """The address where a group tells Stripe what it wants to know; its account there is opened at the first call.

    The account counts like other details: the first at once, a later one after a delay; until Stripe lets it receive
    money it is restricted. Raises AccountServiceBusy; asking again is safe.
    """
    provider = get_online_provider(STRIPE)
    stripe_accounts = PayoutAccount.objects.filter(vendor=vendor, rail=Rail.STRIPE_TRANSFER)
    known = stripe_accounts.filter(cancelled_at__isnull=True).order_by("-pk").first()
    try:
        account_id = known.stripe_account_id if known else _open_stripe_account(vendor, actor)
        return provider.account_link(account_id, return_url=return_url, refresh_url=refresh_url)
    except (ProviderUnavailable, ProviderRequestRejected) as error:
        raise AccountServiceBusy from error


@transaction.atomic
def withdraw_details(account: PayoutAccount, *, actor: Any) -> bool:
    """Pay no more to an account; the one before it counts again. False when it was withdrawn before.

    Payouts that are with the bank or the provider are not called back. Everybody in the group is told.
    """
    locked = PayoutAccount.objects.select_for_update(of=("self",)).select_related("vendor").get(pk=account.pk)
    if locked.cancelled_at is not None:
        return False
    locked.cancelled_at, locked.cancelled_by = timezone.now(), actor
    locked.save(update_fields=["cancelled_at", "cancelled_by"])
    _tell(
        locked.vendor,
        key=f"payout-account:{locked.pk}:withdrawn",
        kind="payout_details_withdrawn",
        context={"account": _last_signs(locked)},
    )
    return True


def restrict_returned(reasons: Mapping[int, str]) -> None:
    """Pay no more to accounts from which a bank has sent money back; in the caller's transaction, in two queries.

    reasons: key of the account -> the bank's words, which may be empty.
    """
    accounts = list(
        PayoutAccount.objects.select_for_update(of=("self",)).filter(pk__in=reasons).order_by("pk")
    )
    for account in accounts:
        reason = reasons[account.pk]
        account.restriction = (f"{RETURNED}: {reason}" if reason else RETURNED)[:200]
    PayoutAccount.objects.bulk_update(accounts, ["restriction"])


def clear_restriction(account: PayoutAccount) -> bool:
    """Pay again to a bank account from which money was sent back: its details turned out to be right.

    False when nothing stands in the way, and for an account at Stripe, which says so itself.
    """
    accounts = PayoutAccount.objects.filter(pk=account.pk, rail=Rail.BANK_BATCH)
    return bool(accounts.exclude(restriction="").update(restriction=""))


def refresh_account(stripe_account_id: str) -> bool:
    """Ask Stripe whether an account may receive money, and note it; True when that has changed.

    Raises ProviderUnavailable. An account that Stripe does not show us any more may receive nothing.
    """
    if not PayoutAccount.objects.filter(stripe_account_id=stripe_account_id).exists():
        return False
    try:
        restriction = _restriction(get_online_provider(STRIPE).retrieve_account(stripe_account_id))
    except AccountRestricted as error:
        restriction = error.code or NOT_READY
    return _note_restriction(stripe_account_id, restriction)


def refresh_restricted() -> int:
    """Ask again about each account that may receive nothing, in case an event was lost; returns how many may now."""
    restricted = PayoutAccount.objects.filter(rail=Rail.STRIPE_TRANSFER, cancelled_at__isnull=True)
    names = (
        restricted.exclude(restriction="").order_by().values_list("stripe_account_id", flat=True).distinct()
    )
    return sum(refresh_account(name) for name in list(names[:500]))


@transaction.atomic
def _note_restriction(stripe_account_id: str, restriction: str) -> bool:
    accounts = PayoutAccount.objects.filter(stripe_account_id=stripe_account_id)
    changed = accounts.exclude(restriction=restriction).update(restriction=restriction[:200])
    if changed and restriction:
        alert_finance(
            f"account:{stripe_account_id}:{timezone.now():%Y%m%d}:restricted",
            subject=f"account {stripe_account_id} may not receive money: {restriction}",
            detail="the group is not paid until the provider lets it",
        )
    return bool(changed)


def _open_stripe_account(vendor: Partner, actor: Any) -> str:
    rows = PayoutAccount.objects.filter(vendor=vendor, rail=Rail.STRIPE_TRANSFER)
    # Made of what is stored before the call: asked again after a crash, or by two people, it opens the same account.
    key = f"account:{vendor.pk}:{rows.count() + 1}"
    remote = get_online_provider(STRIPE).create_account(
        key=key,
        email=vendor.email,
        country=vendor.home_region.country_code,
        metadata={"vendor": str(vendor.pk), "account": key},
    )
    with transaction.atomic():
        locked = _lock(vendor)
        if not rows.filter(stripe_account_id=remote.id).exists():
            account = PayoutAccount(
                rail=Rail.STRIPE_TRANSFER, stripe_account_id=remote.id, restriction=_restriction(remote)
            )
            _add(locked, account, actor)
    return remote.id


def _restriction(remote: RemoteAccount) -> str:
    return "" if remote.can_receive else (remote.disabled_reason or NOT_READY)[:200]


def _add(vendor: Partner, account: PayoutAccount, actor: Any) -> PayoutAccount:
    now = timezone.now()
    is_first = not PayoutAccount.objects.filter(vendor=vendor).exists()
    account.vendor = vendor
    account.group_phone, account.group_email = vendor.phone, vendor.email
    account.requested_by = actor
    account.active_from = now if is_first else now + timedelta(days=settings.PAYOUT_DETAILS_DELAY_DAYS)
    account.save()
    if not is_first:
        day = local_day(account.active_from, vendor.home_region.country_code)
        _tell(
            vendor,
            key=f"payout-account:{account.pk}:given",
            kind="payout_details_given",
            context={
                "account": _last_signs(account),
                "on": day.isoformat(),
                "contact": settings.DEFAULT_FROM_EMAIL,
            },
        )
    return account


def _tell(vendor: Partner, *, key: str, kind: str, context: Mapping[str, str]) -> None:
    """Tell a group, and whoever it was when it gave the details before: its contacts and members may be others by now."""
    tell_vendor(vendor, key, kind, context=context)
    for account in vendor.payout_accounts.select_related("requested_by").order_by("-pk")[:GIVEN_BEFORE]:
        giver = account.requested_by
        old = [Recipient(email=account.group_email, phone=account.group_phone, language=vendor.language)]
        if giver.is_active:
            language = giver.preferred_language
            old.append(Recipient(giver.email or "", giver.phone or "", language, person=giver))
        for recipient in old:
            notify(key, kind, to=recipient, context={"vendor": vendor.name, **context})


def _lock(vendor: Partner) -> Partner:
    # Two people who give details at once must see each other's; and whose contacts are changed at this moment.
    return Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=vendor.pk)


def _newest(vendor: Partner) -> PayoutAccount | None:
    kept = PayoutAccount.objects.filter(vendor=vendor, cancelled_at__isnull=True)
    return kept.order_by("-active_from", "-pk").first()


def _says(account: PayoutAccount, details: BankDetails) -> bool:
    return (
        account.holder,
        account.bank_name,
        account.bank_code,
        account.account_number,
        account.minimum,
    ) == (
        details.holder,
        details.bank_name,
        details.bank_code,
        details.account_number,
        details.minimum,
    )


def _clean(details: BankDetails) -> BankDetails:
    """The details as they are stored: without blanks in numbers. Raises DetailsIncomplete."""
    number = "".join(details.account_number.split()).upper()
    code = "".join(details.bank_code.split()).upper()
    holder, bank = " ".join(details.holder.split()), " ".join(details.bank_name.split())
    if not holder or len(holder) > 120 or not holder.isprintable():
        raise DetailsIncomplete("holder", _("Write the name of the account's holder, as the bank knows it."))
    if not bank or len(bank) > 80 or not bank.isprintable():
        raise DetailsIncomplete("bank_name", _("Write the name of the bank."))
    if not _CODE.fullmatch(code):
        raise DetailsIncomplete(
            "bank_code", _("Write the bank's code (IFSC, SWIFT or branch), letters and digits.")
        )
    if not _NUMBER.fullmatch(number):
        raise DetailsIncomplete("account_number", _("Write the account number, 4 to 34 letters and digits."))
    if details.minimum < 0:
        raise DetailsIncomplete("minimum", _("The smallest payout cannot be below zero."))
    return BankDetails(
        holder=holder, bank_name=bank, bank_code=code, account_number=number, minimum=details.minimum
    )


def _last_signs(account: PayoutAccount) -> str:
    return (account.account_number or account.stripe_account_id)[-4:]
