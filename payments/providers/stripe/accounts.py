"""The accounts of vendors at Stripe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import stripe

from payments.providers.base import RemoteAccount
from payments.providers.stripe.client import StripeCaller, plain
from payments.providers.stripe.errors import translated_errors

if TYPE_CHECKING:
    from stripe.params import AccountCreateParams


class StripeAccounts(StripeCaller):
    """The accounts of TransferRail: Stripe collects what it must know, we bear fees and losses."""

    def create_account(
        self, *, key: str, email: str, country: str, metadata: Mapping[str, str]
    ) -> RemoteAccount:
        """Open a connected account that only receives transfers; see TransferRail."""
        params: AccountCreateParams = {
            "country": country,
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "requirement_collection": "stripe",
                "stripe_dashboard": {"type": "express"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "metadata": dict(metadata),
        }
        if email:
            params["email"] = email
        with translated_errors():
            return _account(self._client.v1.accounts.create(params, {"idempotency_key": key}))

    def retrieve_account(self, account_id: str) -> RemoteAccount:
        """The account as it is now; see TransferRail."""
        with translated_errors():
            return _account(self._client.v1.accounts.retrieve(account_id))

    def account_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """Stripe's onboarding page for an account; see TransferRail."""
        with translated_errors():
            link = self._client.v1.account_links.create(
                {
                    "account": account_id,
                    "type": "account_onboarding",
                    "return_url": return_url,
                    "refresh_url": refresh_url,
                }
            )
        return link.url


def _account(account: stripe.Account) -> RemoteAccount:
    values = plain(account)
    return RemoteAccount(
        id=account.id,
        can_receive=plain(values.get("capabilities")).get("transfers") == "active",
        disabled_reason=plain(values.get("requirements")).get("disabled_reason") or "",
        metadata=plain(values.get("metadata")),
    )
