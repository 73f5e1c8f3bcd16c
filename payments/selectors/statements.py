"""The account of a group with the programme, from day to day: what page, PDF and CSV of a statement show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from marketplace.lib.dates import TIME_ZONES, local_day
from marketplace.lib.money import format_money
from payments.models import LedgerEntry, Payout
from vendors.models import Partner

Account = LedgerEntry.Account
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class StatementRow:
    """One entry. amount: above zero for the group, below against it; balance: after it; both in the currency.

    number: of the vendor order, or what the bank calls a payout; empty where there is none.
    """

    day: date
    words: str
    number: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Statement:
    """All entries of a group's account from first to last day, both included, in the group's country.

    opening + the rows' amounts = closing. held: kept back in disputes at the end of the last day, not in closing.
    made_at: of the last entry that it shows, or the beginning of the first day; the same for the same entries.
    """

    vendor: Partner
    currency: str
    first: date
    last: date
    opening: Decimal
    rows: Sequence[StatementRow]
    closing: Decimal
    held: Decimal
    made_at: datetime


def statement(vendor: Partner, currency: str, *, first: date, last: date) -> Statement:
    """The statement of a group; five queries at most, however many entries. Raises ValueError for a last before first."""
    if last < first:
        raise ValueError("the last day lies before the first")
    begins, ends = _midnight(first, vendor), _midnight(last + timedelta(days=1), vendor)
    entries = LedgerEntry.objects.filter(vendor=vendor, currency=currency)
    payable = entries.filter(account=Account.VENDOR_PAYABLE)
    opening = balance = _sum(payable.filter(posting__posted_at__lt=begins))
    shown = list(
        payable.filter(posting__posted_at__gte=begins, posting__posted_at__lt=ends)
        .select_related("posting", "vendor_order")
        .order_by("posting__posted_at", "posting_id", "pk")
    )
    references = _payout_references(shown)
    country, rows = vendor.home_region.country_code, []
    for entry in shown:
        # Credit is below zero in the ledger, and what a group is owed is credit.
        balance -= entry.amount
        rows.append(
            StatementRow(
                day=local_day(entry.posting.posted_at, country),
                words=_words(entry),
                number=entry.vendor_order.number if entry.vendor_order else references.get(entry.pk, ""),
                amount=-entry.amount,
                balance=balance,
            )
        )
    held = _sum(entries.filter(account=Account.VENDOR_HELD, posting__posted_at__lt=ends))
    made_at = shown[-1].posting.posted_at if shown else begins
    return Statement(vendor, currency, first, last, opening, rows, balance, held, made_at)


def statement_months(vendor: Partner) -> list[tuple[date, str]]:
    """Months with entries, as first day and currency, newest first; one query."""
    zone = _zone(vendor)
    months = (
        LedgerEntry.objects.filter(vendor=vendor, account=Account.VENDOR_PAYABLE)
        .order_by()
        .annotate(month=TruncMonth("posting__posted_at", tzinfo=zone))
        .values_list("month", "currency")
        .distinct()
    )
    return sorted(((month.date(), currency) for month, currency in months), reverse=True)


def account_currencies(vendor: Partner) -> list[str]:
    """The currencies in which a group's account has entries, the one used most first; one query."""
    rows = LedgerEntry.objects.filter(vendor=vendor).order_by().values_list("currency")
    counted = rows.annotate(found=Count("pk")).order_by(F("found").desc(), "currency")
    return [currency for currency, _found in counted]


def _words(entry: LedgerEntry) -> str:
    """What an entry is, in the words of the language."""
    is_owed_less = entry.amount > 0
    if entry.posting.kind == "collected":
        return _("Cash you took from the buyer") if is_owed_less else _("Sale, paid at hand-over")
    promotion = entry.vendor_order.promotion_total if entry.vendor_order else ZERO
    if entry.posting.kind == "released" and promotion:
        words = _("Sale, less commission; %(amount)s of it from the programme, for its offer")
        return words % {"amount": format_money(promotion, entry.currency)}
    return {
        "released": _("Sale, less commission"),
        "refunded": _("Given back to the buyer"),
        "explained": _("Given back to the buyer"),
        "given_by_group": _("Cash that you gave back to the buyer"),
        "held": _("Held back: the buyer's bank asks"),
        "won": _("No longer held back"),
        "transferred": _("Paid out"),
        "approved": _("Paid out"),
        "reversed": _("Taken back from a payout"),
        "returned": _("Payout came back from the bank"),
        "debt_paid": _("You paid what you owed"),
        "entered_in_error": _("A payment noted by mistake is taken off"),
        "written_off": _("You owe this no longer"),
        "taken_back": _("Cash noted by mistake is taken off"),
    }.get(entry.posting.kind, _("Correction"))


def _payout_references(entries: Sequence[LedgerEntry]) -> dict[int, str]:
    """What the bank calls each payout among the entries, by entry; one query, none without payouts."""
    payouts = {
        entry.pk: entry.posting.source_id for entry in entries if entry.posting.source_type == "payout"
    }
    if not payouts:
        return {}
    named = dict(Payout.objects.filter(pk__in=payouts.values()).values_list("pk", "bank_reference"))
    return {entry: named.get(payout, "") for entry, payout in payouts.items()}


def _sum(entries: QuerySet[LedgerEntry]) -> Decimal:
    found: Decimal = entries.aggregate(sum=Sum("amount", default=ZERO))["sum"]
    # Not "-0.00" for an account without entries.
    return ZERO - found


def _zone(vendor: Partner) -> ZoneInfo:
    return TIME_ZONES.get(vendor.home_region.country_code, ZoneInfo("UTC"))


def _midnight(day: date, vendor: Partner) -> datetime:
    return datetime.combine(day, time.min, tzinfo=_zone(vendor))
