"""When a group is paid for a sale, how much and why: what each sale's page and the money page say."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.lib.dates import local_day
from marketplace.lib.money import format_money
from orders.models import VendorOrder
from payments.domain.promise import PayoutPromise, PromiseReason
from payments.models import Payout, PayoutAccount
from payments.selectors.payouts import next_run, smallest_payout
from payments.selectors.sale_money import NOTHING, PaidPart, SaleMoney, read_sale_money
from vendors.effects import holds_payouts

Reason = PromiseReason


def payout_promise(vendor_order: VendorOrder) -> PayoutPromise:
    """Amount, date and reason for one sale."""
    return payout_promises([vendor_order])[vendor_order.pk]


def payout_promises(
    vendor_orders: Sequence[VendorOrder], *, now: datetime | None = None
) -> dict[int, PayoutPromise]:
    """Promises by key of the vendor order; the number of queries does not grow with the number of sales."""
    moment = now or timezone.now()
    money = read_sale_money(vendor_orders, moment)
    return {sale.pk: _promise(sale, money[sale.pk], moment) for sale in vendor_orders}


def _promise(sale: VendorOrder, money: SaleMoney, now: datetime) -> PayoutPromise:
    if money.unpaid > 0:
        return _expected(sale, money, now)
    if money.unpaid < 0:
        return _taken_off(sale, money)
    if money.held > 0:
        return _held(sale, money)
    # Sold and refunded before a payout took it: both entries are in one, and sum to zero.
    if money.parts and money.parts[-1].amount:
        return _in_payout(sale, money, money.parts[-1])
    return _nothing_yet(sale, money)


def _nothing_yet(sale: VendorOrder, money: SaleMoney) -> PayoutPromise:
    values = {"amount": _money(sale, sale.share)}
    if money.is_reckoned:
        words = _("Nothing is paid for this sale: it was refunded.")
        return _made(sale, money, NOTHING, reason=Reason.REFUNDED, words=words)
    if money.is_cash:
        words = _("You take the cash at hand-over; your share of it is %(amount)s.") % values
        return _made(sale, money, sale.share, reason=Reason.CASH_TO_COME, words=words)
    words = _("%(amount)s once the buyer has paid and the goods are delivered.") % values
    return _made(sale, money, sale.share, reason=Reason.NOT_PAID_YET, words=words)


def _held(sale: VendorOrder, money: SaleMoney) -> PayoutPromise:
    words = _("%(amount)s is held until the buyer's dispute is decided.") % {
        "amount": _money(sale, money.held)
    }
    return _made(sale, money, money.held, reason=Reason.HELD, words=words)


def _taken_off(sale: VendorOrder, money: SaleMoney) -> PayoutPromise:
    values = {"amount": _money(sale, -money.unpaid)}
    if money.is_collected:
        words = (
            _("The cash is in your hands; the commission of %(amount)s comes off your next payout.") % values
        )
        return _made(sale, money, money.unpaid, reason=Reason.CASH, words=words)
    words = (
        _("%(amount)s comes off your next payout, because the buyer was refunded after you were paid.")
        % values
    )
    return _made(sale, money, money.unpaid, reason=Reason.OWED, words=words)


def _in_payout(sale: VendorOrder, money: SaleMoney, part: PaidPart) -> PayoutPromise:
    """What the newest payout that holds this sale has come to."""
    amount = part.amount
    day = part.bank_day or local_day(part.ended_at or part.created_at, money.country)
    if amount < 0:
        return _came_off(sale, money, amount, day=day)
    values = {"amount": _money(sale, amount), "day": _day(day), "reference": part.reference}
    if part.state == Payout.State.PAID:
        with_number = _("%(amount)s was paid on %(day)s, reference %(reference)s.")
        words = (with_number if part.reference else _("%(amount)s was paid on %(day)s.")) % values
        return _made(sale, money, amount, reason=Reason.PAID, words=words, on=day, reference=part.reference)
    if part.state == Payout.State.RETURNED:
        words = (
            _(
                "Your bank sent %(amount)s back on %(day)s. It is paid again once you give other account details, or"
                " tell us that these are right."
            )
            if part.reference
            else _(
                "%(amount)s was not sent on %(day)s, because its account details were withdrawn. It is paid with your"
                " next payout."
            )
        ) % values
        return _made(
            sale, money, amount, reason=Reason.RETURNED, words=words, on=day, reference=part.reference
        )
    if part.state == Payout.State.SENT:
        words = _("%(amount)s is on its way since %(day)s.") % values
    else:
        words = _("%(amount)s is being sent: the payout of %(day)s waits for its approval.") % values
    return _made(sale, money, amount, reason=Reason.UNDER_WAY, words=words, on=day)


def _came_off(sale: VendorOrder, money: SaleMoney, amount: Decimal, *, day: date) -> PayoutPromise:
    """What a payout holds of a sale that owed its group's money: a debt that is settled is nothing that was sent."""
    values = {"amount": _money(sale, -amount), "day": _day(day)}
    if money.is_collected:
        words = _("The cash is in your hands; the commission of %(amount)s came off the payout of %(day)s.")
    else:
        words = _("%(amount)s came off the payout of %(day)s, because money went back to the buyer.")
    return _made(sale, money, amount, reason=Reason.TAKEN_OFF, words=words % values, on=day)


def _expected(sale: VendorOrder, money: SaleMoney, now: datetime) -> PayoutPromise:
    """What is still to be paid: when, or what stands in the way."""
    amount = money.unpaid
    values = {"amount": _money(sale, amount)}
    if money.payable_from is None and sale.payable_from is not None:
        words = _("%(amount)s at most, once the buyer's return is settled.") % values
        return _made(sale, money, amount, reason=Reason.WAITS_FOR_RETURN, words=words)
    if money.payable_from is None:
        words = ngettext(
            "%(amount)s, %(days)d day after the goods are delivered.",
            "%(amount)s, %(days)d days after the goods are delivered.",
            settings.HOLD_DAYS,
        ) % {**values, "days": settings.HOLD_DAYS}
        if money.is_cash:
            words = _("%(amount)s once the goods are handed over.") % values
        return _made(sale, money, amount, reason=Reason.WAITS_FOR_DELIVERY, words=words)
    from_account = money.pending_from if money.account is None else None
    run = next_run(max(moment for moment in (money.payable_from, now, from_account) if moment is not None))
    on = local_day(run, money.country)
    obstacle = _obstacle(sale, money, run=run)
    if obstacle is not None:
        return _made(sale, money, amount, reason=obstacle[0], words=obstacle[1])
    if money.under_way is not None and run == next_run(now):
        words = _("%(amount)s comes with the payout after that of %(day)s, which is still under way.")
        after = {**values, "day": _day(local_day(money.under_way, money.country))}
        return _made(sale, money, amount, reason=Reason.AFTER_ANOTHER, words=words % after)
    reason, words = _why(sale, money, {**values, "day": _day(on)})
    return _made(sale, money, amount, reason=reason, words=words, on=on)


def _obstacle(sale: VendorOrder, money: SaleMoney, *, run: datetime) -> tuple[PromiseReason, str] | None:
    """Why the run of that time does not pay this sale though it is payable."""
    values = {"amount": _money(sale, money.unpaid)}
    if holds_payouts(money.state):
        words = _("%(amount)s waits while your group is suspended; it stays yours.")
        return Reason.SUSPENDED, words % values
    if money.account is None and money.pending_from is None:
        return Reason.NO_ACCOUNT, _("%(amount)s waits: say where your group is paid.") % values
    if money.needs_bank:
        words = _("%(amount)s waits: it was not paid by card. Give a bank account, so that it can be sent.")
        return Reason.NEEDS_BANK, words % values
    if money.account is not None and money.account.restriction:
        is_bank = money.account.rail == PayoutAccount.Rail.BANK_BATCH
        words = (
            _(
                "%(amount)s waits: your bank sent a payout back. Give other details, or tell us that they are right."
            )
            if is_bank
            else _(
                "%(amount)s waits: your account at the payment service may not receive money. Finish what it asks."
            )
        )
        return Reason.RESTRICTED, words % values
    together = money.due_by(run)
    if together <= 0:
        words = _("%(amount)s is set off against what your group owes.") % values
        return Reason.NETTED, words
    smallest = smallest_payout(money.account, sale.currency, state=money.state)
    if together < smallest:
        words = _(
            "%(amount)s waits until your sales come to %(smallest)s together; now they are %(together)s."
        )
        all_values = {**values, "smallest": _money(sale, smallest), "together": _money(sale, together)}
        return Reason.BELOW_MINIMUM, words % all_values
    return None


def _why(sale: VendorOrder, money: SaleMoney, values: dict[str, str]) -> tuple[PromiseReason, str]:
    if money.account is None:
        words = _("%(amount)s on %(day)s, when your new account details count.") % values
        return Reason.DETAILS_WAIT, words
    if sale.confirmed_at is not None:
        confirmed = {**values, "confirmed": _day(local_day(sale.confirmed_at, money.country))}
        words = _("%(amount)s on %(day)s, because the buyer confirmed on %(confirmed)s") % confirmed
        return Reason.CONFIRMED, words
    if sale.delivered_at is None or money.payable_from is None:
        return Reason.ENDED, _("%(amount)s on %(day)s, because the sale has ended") % values
    days = (money.payable_from - sale.delivered_at).days
    delivered = {**values, "delivered": _day(local_day(sale.delivered_at, money.country)), "days": str(days)}
    words = ngettext(
        "%(amount)s on %(day)s, because delivered %(delivered)s + %(days)s day",
        "%(amount)s on %(day)s, because delivered %(delivered)s + %(days)s days",
        days,
    )
    return Reason.DELIVERED, words % delivered


def _made(
    sale: VendorOrder,
    money: SaleMoney,
    amount: Decimal,
    *,
    reason: PromiseReason,
    words: str,
    on: date | None = None,
    reference: str = "",
) -> PayoutPromise:
    return PayoutPromise(
        amount=amount,
        currency=sale.currency,
        on=on,
        reason=reason,
        words=words,
        paid=money.paid,
        held=money.held,
        reference=reference,
    )


def _money(sale: VendorOrder, amount: Decimal) -> str:
    return format_money(amount, sale.currency)


def _day(day: date) -> str:
    return date_format(day, "j M")
