"""Our balance at Stripe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

import stripe

from payments.domain.minor_units import from_minor
from payments.providers.base import RemoteBalanceTransaction
from payments.providers.stripe.client import PAGE_SIZE, StripeCaller, id_of, moment, since, told_amount
from payments.providers.stripe.errors import translated_errors


class StripeBalance(StripeCaller):
    """Implements BalanceSource."""

    def list_balance_transactions(self, created_after: datetime) -> Iterator[RemoteBalanceTransaction]:
        """Balance transactions of our own account; see BalanceSource."""
        with translated_errors():
            page = self._client.v1.balance_transactions.list(
                {"created": since(created_after), "limit": PAGE_SIZE}
            )
            for row in page.auto_paging_iter():
                yield _transaction(row)

    def retrieve_balance(self) -> Mapping[str, Decimal]:
        """Available and pending of our own account; see BalanceSource."""
        with translated_errors():
            balance = self._client.v1.balance.retrieve()
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for minor, code in [
            *((part.amount, part.currency) for part in balance.available),
            *((part.amount, part.currency) for part in balance.pending),
        ]:
            amount, currency = told_amount(minor, code)
            sums[currency] += amount
        return dict(sums)


def _transaction(row: stripe.BalanceTransaction) -> RemoteBalanceTransaction:
    amount, currency = told_amount(row.amount, row.currency)
    return RemoteBalanceTransaction(
        id=row.id,
        kind=row.type,
        amount=amount,
        fee=from_minor(row.fee, currency),
        net=from_minor(row.net, currency),
        currency=currency,
        source_id=id_of(row.source),
        available_on=moment(row.available_on).date(),
        created_at=moment(row.created),
    )
