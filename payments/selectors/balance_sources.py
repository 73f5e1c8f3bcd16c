"""What a provider's balance transactions are about, found among our rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from payments.models import Dispute, LedgerPosting, PaymentAttempt, Refund, Transfer, TransferReversal


@dataclass(frozen=True)
class BalanceSource:
    """One of our rows that the provider has a number for. amount: as we have it, above zero, in currency."""

    amount: Decimal
    currency: str


def balance_sources(source_ids: Iterable[str]) -> dict[str, BalanceSource]:
    """Our rows by the provider's number (charge, refund, dispute, transfer, reversal); a constant number of queries.

    The currency of a charge is that of the money that came, which is not always the one we asked for.
    Transfers and reversals count once they have succeeded.
    """
    ids = [source_id for source_id in source_ids if source_id]
    found = _charges(ids)
    made = {"provider_id__in": ids}
    rows = [
        *Refund.objects.filter(**made).values_list("provider_id", "amount", "currency"),
        *Dispute.objects.filter(**made).values_list("provider_id", "amount", "currency"),
        *Transfer.objects.filter(state=Transfer.State.SUCCEEDED, **made).values_list(
            "provider_id", "amount", "currency"
        ),
        *TransferReversal.objects.filter(state=TransferReversal.State.SUCCEEDED, **made).values_list(
            "provider_id", "amount", "transfer__currency"
        ),
    ]
    for provider_id, amount, currency in rows:
        found[provider_id] = BalanceSource(amount, currency)
    return found


def _charges(ids: list[str]) -> dict[str, BalanceSource]:
    attempts = list(
        PaymentAttempt.objects.filter(charge_id__in=ids).values_list(
            "pk", "charge_id", "amount_received", "currency"
        )
    )
    came_in = dict(
        LedgerPosting.objects.filter(
            source_type="attempt", kind="captured", source_id__in=[row[0] for row in attempts]
        ).values_list("source_id", "currency")
    )
    return {
        charge_id: BalanceSource(received, came_in.get(pk, currency))
        for pk, charge_id, received, currency in attempts
    }
