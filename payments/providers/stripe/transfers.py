"""Transfers at Stripe, and what is taken back of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import stripe

from payments.domain.minor_units import from_minor
from payments.providers.base import RemoteReversal, RemoteTransfer
from payments.providers.stripe.client import (
    PAGE_SIZE,
    StripeCaller,
    asked_minor,
    id_of,
    plain,
    told_amount,
)
from payments.providers.stripe.errors import translated_errors

if TYPE_CHECKING:
    from decimal import Decimal

    from stripe.params import TransferCreateParams


class StripeTransfers(StripeCaller):
    """The transfers of TransferRail."""

    def create_transfer(
        self,
        *,
        key: str,
        account: str,
        amount: Decimal,
        currency: str,
        source_charge: str,
        transfer_group: str,
        metadata: Mapping[str, str],
    ) -> RemoteTransfer:
        """Send money to a connected account; see TransferRail."""
        params: TransferCreateParams = {
            "destination": account,
            "amount": asked_minor(amount, currency),
            "currency": currency.lower(),
            "transfer_group": transfer_group,
            "metadata": dict(metadata),
        }
        if source_charge:
            params["source_transaction"] = source_charge
        with translated_errors():
            return _transfer(self._client.v1.transfers.create(params, {"idempotency_key": key}))

    def retrieve_transfer(self, transfer_id: str) -> RemoteTransfer:
        """The transfer as it is now; see TransferRail."""
        with translated_errors():
            return _transfer(self._client.v1.transfers.retrieve(transfer_id))

    def find_transfer(self, reference: str, transfer_group: str) -> RemoteTransfer | None:
        """The transfer of a group whose metadata names the reference; see TransferRail."""
        with translated_errors():
            page = self._client.v1.transfers.list({"transfer_group": transfer_group, "limit": PAGE_SIZE})
            for transfer in page.auto_paging_iter():
                if plain(transfer.metadata).get("transfer") == reference:
                    return _transfer(transfer)
        return None

    def reverse_transfer(
        self,
        *,
        key: str,
        transfer_id: str,
        amount: Decimal,
        currency: str,
        metadata: Mapping[str, str],
    ) -> RemoteReversal:
        """Take money back from a connected account; see TransferRail."""
        minor = asked_minor(amount, currency)
        with translated_errors():
            reversal = self._client.v1.transfers.reversals.create(
                transfer_id, {"amount": minor, "metadata": dict(metadata)}, {"idempotency_key": key}
            )
        return _reversal(reversal)

    def find_reversal(self, transfer_id: str, reference: str) -> RemoteReversal | None:
        """The reversal whose metadata names the reference; see TransferRail."""
        with translated_errors():
            page = self._client.v1.transfers.reversals.list(transfer_id, {"limit": PAGE_SIZE})
            for reversal in page.auto_paging_iter():
                if plain(reversal.metadata).get("reversal") == reference:
                    return _reversal(reversal)
        return None


def _transfer(transfer: stripe.Transfer) -> RemoteTransfer:
    amount, currency = told_amount(transfer.amount, transfer.currency)
    return RemoteTransfer(
        id=transfer.id,
        account=id_of(transfer.destination),
        amount=amount,
        amount_reversed=from_minor(transfer.amount_reversed, currency),
        currency=currency,
        metadata=plain(transfer.metadata),
    )


def _reversal(reversal: stripe.TransferReversal) -> RemoteReversal:
    amount, currency = told_amount(reversal.amount, reversal.currency)
    return RemoteReversal(
        id=reversal.id, transfer_id=id_of(reversal.transfer), amount=amount, currency=currency
    )
