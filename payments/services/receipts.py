"""Credits on our bank account: entered once, matched to what they pay, or sent back; large ones by two persons."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from marketplace.lib.locks import is_busy
from orders.services.notifying import tell_buyer
from payments.errors import (
    NoJournalNumber,
    NothingOwed,
    OwesLess,
    OwnAffair,
    ReceiptChanged,
    ReceiptDiffers,
    ReceiptDoesNotFit,
    ReceiptInOtherCurrency,
    ReceiptSettled,
    ReceiptTaken,
    ReturnNumberMissing,
    SecondPersonNeeded,
)
from payments.models import BankReceipt, PaymentAttempt
from payments.policies import needs_second_person
from payments.selectors.balances import vendor_balance
from payments.selectors.receipts import other_orders_with
from payments.services import ledger
from payments.services.books import bank_received
from payments.services.settling import SETTLED_STATES, settle
from people.models import User
from vendors.models import Membership, Partner

State = BankReceipt.State
# Of our accounts; what they would bring in another currency, no order and no group could be paid with.
CURRENCIES = tuple(dict.fromkeys((settings.CHARGE_CURRENCY, *settings.FOUR_EYES_ABOVE)))
ONE_DAY = timedelta(days=1)
OLDEST = timedelta(days=365)
JOURNAL_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/-]{3,39}")


@dataclass(frozen=True, kw_only=True)
class ReceiptData:
    """One credit as the bank's statement names it. amount: in currency, two decimals, above zero.

    is_imported: read from the bank's statement, not typed by a person.
    """

    reference: str
    received_on: date
    amount: Decimal
    currency: str
    note: str = ""
    is_imported: bool = False


def is_likely_day(day: date) -> bool:
    """Whether a credit of this day may be entered: of the last year, or of the bank's day that began before ours."""
    today = timezone.localdate()
    return today - OLDEST <= day <= today + ONE_DAY


def known_in_other_currency(reference: str, received_on: date, amount: Decimal, currency: str) -> bool:
    """Whether the same credit is entered already as one of another currency; one query."""
    alike = BankReceipt.objects.filter(reference=reference, received_on=received_on, amount=amount)
    return alike.exclude(state=State.MISTAKEN).exclude(currency=currency).exists()


def read_journal_number(text: str) -> str:
    """A bank's journal number in the one form in which it is kept: capitals, no blanks. Raises NoJournalNumber."""
    number = re.sub(r"\s", "", text).upper()
    if not JOURNAL_NUMBER.fullmatch(number):
        raise NoJournalNumber
    return number


@transaction.atomic
def note_buyer_reference(attempt: PaymentAttempt, text: str) -> bool:
    """Keep the journal number that a buyer wrote for a transfer, or correct it; False when it stood there already.

    Raises NoJournalNumber, and ReceiptDoesNotFit for an attempt that is no transfer or is settled.
    """
    number = read_journal_number(text)
    locked = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    is_waiting = locked.state in (*PaymentAttempt.OPEN_STATES, PaymentAttempt.State.EXPIRED)
    if locked.provider != PaymentAttempt.Provider.BANK_TRANSFER or not is_waiting:
        raise ReceiptDoesNotFit
    if locked.buyer_reference == number:
        return False
    locked.buyer_reference = number
    locked.save(update_fields=["buyer_reference"])
    return True


@transaction.atomic
def enter_receipt(data: ReceiptData, *, actor: User) -> tuple[BankReceipt, bool]:
    """Enter a credit and post it; the receipt, and whether it is new. Entered again it changes nothing.

    The number of one that was entered in error is free again.
    Raises NoJournalNumber, ReceiptDiffers for a known journal number with another amount or date,
    ReceiptInOtherCurrency for one that is known with both, but in another currency.
    """
    reference = read_journal_number(data.reference)
    receipt, is_new = BankReceipt.objects.exclude(state=State.MISTAKEN).get_or_create(
        reference=reference,
        currency=data.currency,
        defaults={
            "received_on": data.received_on,
            "amount": data.amount,
            "note": data.note[:140],
            "is_imported": data.is_imported,
            "entered_by": actor,
        },
    )
    if not is_new and (receipt.amount, receipt.received_on) != (data.amount, data.received_on):
        raise ReceiptDiffers
    if is_new:
        if known_in_other_currency(reference, data.received_on, data.amount, data.currency):
            raise ReceiptInOtherCurrency
        ledger.post_receipt(receipt)
    return receipt, is_new


def match(receipt: BankReceipt, attempt: PaymentAttempt, *, actor: User) -> bool:
    """Say which transfer a receipt is; True when it is matched now, False when that waits for a second person.

    It waits above the limit, in which counts what the same attempt was matched before; for a receipt that the same
    person typed; for one that the bank had more than a day before the attempt began; and where the buyer of another
    order wrote its journal number, since one of the two has not paid.
    The attempt is settled: with enough money its order is released, with more the rest goes back, with less the
    buyer is told what is missing; money for an order that has ended goes back or takes the order up after all.
    Raises ReceiptTaken, ReceiptDoesNotFit, OwnAffair for the buyer; nothing has changed then.
    """
    with transaction.atomic():
        transfer = _lock_attempt(attempt.pk)
        locked = _lock(receipt)
        if locked.state != State.UNMATCHED:
            raise ReceiptTaken
        is_transfer = transfer.provider == PaymentAttempt.Provider.BANK_TRANSFER
        if not is_transfer or transfer.currency != locked.currency:
            raise ReceiptDoesNotFit
        _refuse_own_order(transfer, actor)
        is_early = locked.received_on < timezone.localdate(transfer.created_at) - ONE_DAY
        is_contested = other_orders_with(locked.reference, transfer.order_id).exists()
        waits = (
            is_early or is_contested or _asks_for_second_person(locked, transfer.receipts.all(), actor=actor)
        )
        locked.state = State.PROPOSED if waits else State.MATCHED
        locked.attempt = transfer
        locked.matched_by = actor
        locked.return_reference = ""
        locked.save()
        if not waits:
            _tell_what_is_missing(transfer, locked)
    if not waits:
        _settle_now(transfer)
    return not waits


@transaction.atomic
def match_to_group(receipt: BankReceipt, vendor: Partner, *, actor: User) -> bool:
    """Say that a group pays with a receipt what it owes; True when it is matched now, else it waits.

    It waits for a second person above the limit, in which counts what the group was credited before, and for a
    receipt that the same person typed.
    Raises ReceiptTaken, NothingOwed for a group that owes less in the receipt's currency, OwnAffair for its members.
    """
    locked = _lock(receipt)
    if locked.state != State.UNMATCHED:
        raise ReceiptTaken
    _refuse_own_group(vendor.pk, actor)
    _require_debt(vendor.pk, locked)
    waits = _asks_for_second_person(locked, BankReceipt.objects.filter(vendor=vendor), actor=actor)
    locked.state = State.PROPOSED if waits else State.MATCHED
    locked.vendor = vendor
    locked.matched_by = actor
    locked.return_reference = ""
    locked.save()
    if not waits:
        ledger.post_debt_paid(locked)
    return not waits


def proposal_mark(receipt: BankReceipt) -> str:
    """What was proposed and by whom, as one word: who approves sends back the one that their page showed."""
    parts = (receipt.attempt_id, receipt.vendor_id, receipt.return_reference, receipt.matched_by_id)
    return "|".join(str(part or "") for part in parts)


def approve(receipt: BankReceipt, *, actor: User) -> bool:
    """Agree, as a second person, with what the first proposed: a match or a return. True, since it is done then.

    receipt: as it was shown. Raises SecondPersonNeeded for the person who proposed it, ReceiptTaken when nothing waits,
    ReceiptChanged when something else does, NothingOwed when the group owes less by now, OwnAffair for the buyer and
    for members of the group.
    """
    with transaction.atomic():
        transfer = _lock_attempt(receipt.attempt_id) if receipt.attempt_id else None
        locked = _lock(receipt)
        is_match = locked.state == State.PROPOSED
        if not (is_match or _waits_for_return(locked)):
            raise ReceiptTaken
        if proposal_mark(locked) != proposal_mark(receipt):
            raise ReceiptChanged
        if locked.matched_by_id == actor.pk:
            raise SecondPersonNeeded
        if transfer is not None:
            _refuse_own_order(transfer, actor)
        elif locked.vendor_id is not None:
            _refuse_own_group(locked.vendor_id, actor)
            _require_debt(locked.vendor_id, locked)
        locked.approved_by = actor
        if not is_match:
            _return(locked)
            return True
        locked.state = State.MATCHED
        locked.save()
        if transfer is None:
            ledger.post_debt_paid(locked)
            return True
        _tell_what_is_missing(transfer, locked)
    _settle_now(transfer)
    return True


@transaction.atomic
def refuse(receipt: BankReceipt, *, actor: User, reason: str) -> bool:
    """Put a proposed match or return back, by its own proposer too; False when nothing waits.

    reason: kept as the receipt's remark.
    """
    locked = _lock(receipt)
    if locked.state != State.PROPOSED and not _waits_for_return(locked):
        return False
    _free(locked, actor, reason)
    return True


@transaction.atomic
def unmatch(receipt: BankReceipt, *, actor: User, reason: str) -> bool:
    """Take a receipt from an order to which it was matched in error; False when it is matched to nothing.

    reason: kept as the receipt's remark. One that was matched to a group is entered in error instead (see cancel).
    Raises ReceiptSettled once the order was paid with it or the money is on its way back.
    """
    if receipt.attempt_id is None:
        return False
    transfer = _lock_attempt(receipt.attempt_id)
    locked = _lock(receipt)
    if locked.state != State.MATCHED or locked.attempt_id != transfer.pk:
        return False
    if transfer.state in SETTLED_STATES:
        raise ReceiptSettled
    _free(locked, actor, reason)
    return True


@transaction.atomic
def cancel(receipt: BankReceipt, *, actor: User, reason: str) -> bool:
    """Note that a receipt was entered in error, and post the opposite of it; False when that was noted before.

    Such as one with a wrong amount, or what our own provider paid to us: it may be entered again under its number.
    One that was matched to a group by mistake is ended in this way too; the group owes its debt again.
    No second person: nothing leaves our account, and entered again it is matched as any other.
    Raises ReceiptTaken for one that pays for an order, was sent back, or waits for a second person.
    """
    locked = _lock(receipt)
    if locked.state == State.MISTAKEN:
        return False
    is_free = locked.state == State.UNMATCHED and not _waits_for_return(locked)
    if not is_free and not (locked.state == State.MATCHED and locked.vendor):
        raise ReceiptTaken
    ledger.post_receipt_mistaken(locked)
    locked.state = State.MISTAKEN
    locked.remark = _remark(actor, reason)
    locked.save()
    return True


@transaction.atomic
def send_back(receipt: BankReceipt, *, return_reference: str, actor: User) -> bool:
    """Note that a receipt which fits nothing went back to its payer; above the limit it waits for a second person.

    return_reference: the bank's journal number of the return. True when it is noted, False when it waits.
    Raises ReturnNumberMissing, ReceiptTaken.
    """
    try:
        number = read_journal_number(return_reference)
    except NoJournalNumber:
        raise ReturnNumberMissing from None
    locked = _lock(receipt)
    if locked.state != State.UNMATCHED or _waits_for_return(locked):
        raise ReceiptTaken
    locked.return_reference = number
    locked.matched_by = actor
    if needs_second_person(locked.amount, locked.currency):
        locked.save()
        return False
    _return(locked)
    return True


def waits_for_second_person(receipt: BankReceipt) -> bool:
    """Whether a match or a return of this receipt was proposed and is not decided."""
    return receipt.state == State.PROPOSED or _waits_for_return(receipt)


def _waits_for_return(receipt: BankReceipt) -> bool:
    return receipt.state == State.UNMATCHED and bool(receipt.return_reference)


def _asks_for_second_person(locked: BankReceipt, before: QuerySet[BankReceipt], *, actor: User) -> bool:
    """Whether one person is not enough. before: receipts of the same payer, so that no sum is split below the limit."""
    if locked.entered_by_id == actor.pk and not locked.is_imported:
        return True
    counted = before.filter(currency=locked.currency, state__in=(State.PROPOSED, State.MATCHED))
    so_far: Decimal = counted.aggregate(total=Sum("amount", default=Decimal(0)))["total"]
    return needs_second_person(so_far + locked.amount, locked.currency)


def _refuse_own_order(transfer: PaymentAttempt, actor: User) -> None:
    if transfer.order.user_id == actor.pk:
        raise OwnAffair


def _refuse_own_group(vendor_pk: int, actor: User) -> None:
    if Membership.objects.filter(vendor=vendor_pk, user=actor).exists():
        raise OwnAffair


def _require_debt(vendor_pk: int, locked: BankReceipt) -> None:
    """Refuse more than the group owes now; with its row locked, so that two receipts pay no debt twice."""
    vendor = Partner.objects.select_for_update(of=("self",)).get(pk=vendor_pk)
    owed = -vendor_balance(vendor, locked.currency).payable
    if owed <= 0:
        raise NothingOwed
    if locked.amount > owed:
        raise OwesLess(owed, locked.currency)


def _free(locked: BankReceipt, actor: User, reason: str) -> None:
    locked.state = State.UNMATCHED
    locked.attempt = locked.vendor = locked.matched_by = locked.approved_by = None
    locked.return_reference = ""
    locked.remark = _remark(actor, reason)
    locked.save()


def _remark(actor: User, reason: str) -> str:
    return f"{actor.name}: {reason}"[:200]


def _return(locked: BankReceipt) -> None:
    locked.state = State.RETURNED
    locked.save()
    ledger.post_receipt_returned(locked)


def _lock(receipt: BankReceipt) -> BankReceipt:
    return BankReceipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)


def _lock_attempt(attempt_pk: int) -> PaymentAttempt:
    return (
        PaymentAttempt.objects.select_for_update(of=("self",))
        .select_related("order__user")
        .get(pk=attempt_pk)
    )


def _tell_what_is_missing(attempt: PaymentAttempt, receipt: BankReceipt) -> None:
    missing = attempt.amount - bank_received(attempt)
    if attempt.state in PaymentAttempt.OPEN_STATES and missing > 0:
        tell_buyer(
            attempt.order,
            "payment_short",
            about=str(receipt.pk),
            amount=str(receipt.amount),
            missing=str(missing),
        )


def _settle_now(attempt: PaymentAttempt) -> None:
    try:
        settle(attempt.pk)
    except OperationalError as error:
        # The match stands; the sweeper settles it in some minutes.
        if not is_busy(error):
            raise
