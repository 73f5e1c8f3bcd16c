"""The switches of the simulator: how webhooks go wrong, which calls fail, what the buyer does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

from payments.simulator import accounts, balance, checkout, disputes, payouts, refunds
from payments.simulator.cards import SUCCEEDS, card_of
from payments.simulator.errors import ApiError
from payments.simulator.faults import Fault, Faults
from payments.simulator.store import JsonObject
from payments.simulator.webhooks import post_event
from payments.simulator.world import DeliveryMode, WebhookSettings, World

MAXIMUM_COPIES = 100
ACCOUNT_ACTIONS = ("finish", "restrict", "unrestrict", "disconnect", "empty")
WEBHOOK_FIELDS: dict[str, type | tuple[type, ...]] = {
    "mode": str,
    "seconds": (int, float),
    "share": (int, float),
    "copies": int,
    "urls": list,
    "secrets": list,
    "connect_urls": list,
    "connect_secrets": list,
    "event_api_version": str,
}


class Control:
    """Carries out the calls under /_control; every one takes and gives JSON."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._calls: dict[tuple[str, str], Callable[[JsonObject], JsonObject]] = {
            ("GET", "objects"): self._objects,
            ("POST", "accounts"): self._account,
            ("POST", "balance"): self._balance,
            ("POST", "clock"): self._clock,
            ("POST", "disputes"): self._dispute,
            ("POST", "faults"): self._add_fault,
            ("POST", "pay"): self._pay,
            ("POST", "payouts"): self._payout,
            ("POST", "redeliver"): self._redeliver,
            ("POST", "refunds"): self._refund,
            ("POST", "reset"): self._reset,
            ("POST", "webhooks"): self._webhooks,
        }

    def answer(self, method: str, name: str, values: JsonObject) -> JsonObject:
        """Carry out one call. Raises ApiError (404) for an unknown one, (400) for a value that does not fit."""
        call = self._calls.get((method, name))
        if call is None:
            raise ApiError(404, f"Unrecognized control call ({method}: {name})")
        try:
            return call(values)
        except (KeyError, TypeError, ValueError) as error:
            raise ApiError(400, f"control call {name}: {error!r}") from error

    def _objects(self, values: JsonObject) -> JsonObject:
        kinds = [values["kind"]] if "kind" in values else self._world.store.kinds()
        return {kind: self._world.store.newest_first(kind) for kind in kinds}

    def _webhooks(self, values: JsonObject) -> JsonObject:
        settings = self._world.webhooks
        for name, value in values.items():
            if not isinstance(value, WEBHOOK_FIELDS[name]):
                raise TypeError(f"{name} is not {WEBHOOK_FIELDS[name]}")
        if values.get("mode", settings.mode) not in get_args(DeliveryMode):
            raise ValueError(f"mode is one of {', '.join(get_args(DeliveryMode))}")
        if not 0 <= values.get("share", 1) <= 1 or not 0 < values.get("copies", 1) <= MAXIMUM_COPIES:
            raise ValueError("share is 0 to 1, copies are at least 1")
        with self._world.store.transaction():
            for name, value in values.items():
                setattr(settings, name, tuple(value) if isinstance(value, list) else value)
        return _described(settings)

    def _add_fault(self, values: JsonObject) -> JsonObject:
        fault = Fault(
            method=values.get("method", "*"),
            path=values.get("path", "/v1/*"),
            kind=str(values["kind"]),
            times=int(values.get("times", 1)),
            seconds=float(values.get("seconds", 0)),
        )
        self._faults.add(fault)
        return {"waiting": [vars(waiting) for waiting in self._faults.waiting()]}

    def _redeliver(self, values: JsonObject) -> JsonObject:
        """Send one event now, whatever the mode.

        copies: at the same moment. age_seconds: of the signature. secrets: instead of the active ones.
        """
        event = self._world.required("event", values["event_id"])
        settings = self._world.webhooks
        account = event.get("account", "")
        secrets = values.get("secrets", settings.signing(account))
        signed_at = int(time.time()) - int(values.get("age_seconds", 0))
        copies = int(values.get("copies", 1))
        if not 0 < copies <= MAXIMUM_COPIES:
            raise ValueError(f"copies are 1 to {MAXIMUM_COPIES}")
        urls = [url for url in settings.addresses(account) for _ in range(copies)]
        with ThreadPoolExecutor(max_workers=max(1, len(urls))) as pool:
            sent = pool.map(lambda url: post_event(event, url, secrets, signed_at=signed_at), urls)
            return {"statuses": list(sent)}

    def _pay(self, values: JsonObject) -> JsonObject:
        """Do what a buyer does, without a browser: pay by `card`, or answer the bank with `authenticate`."""
        session_id = values["session"]
        if "authenticate" in values:
            return checkout.answer_challenge(
                self._world, session_id, is_confirmed=values["authenticate"] is True
            )
        card = card_of(str(values.get("card", SUCCEEDS.number)))
        if card is None:
            raise ValueError("not a test card")
        return checkout.pay(self._world, session_id, card)

    def _clock(self, values: JsonObject) -> JsonObject:
        self._world.clock.advance(int(values["advance"]))
        return {"now": self._world.clock.now()}

    def _balance(self, values: JsonObject) -> JsonObject:
        """late: true keeps balance transactions back, false makes up for every one that waits."""
        with self._world.store.transaction():
            self._world.is_balance_late = values["late"] is True
            settled = 0 if self._world.is_balance_late else balance.settle_late(self._world)
        return {"settled": settled}

    def _refund(self, values: JsonObject) -> JsonObject:
        """Let a refund fail or arrive, make one as a person does at the provider, or switch slow refunds."""
        world = self._world
        with world.store.transaction():
            if "slow" in values:
                world.are_refunds_slow = values["slow"] is True
                return {"slow": world.are_refunds_slow}
            if "refund" not in values:
                names = ("amount", "charge", "payment_intent", "reason")
                return refunds.create(world, {name: values[name] for name in names if name in values})
            if _one_of(values, "outcome", "failed", "succeeded") == "succeeded":
                return refunds.arrive(world, values["refund"])
            return refunds.fail(world, values["refund"], values.get("reason", "expired_or_canceled_card"))

    def _dispute(self, values: JsonObject) -> JsonObject:
        """Open a dispute on a `charge`, or close the `dispute` as `outcome` won or lost."""
        with self._world.store.transaction():
            if "dispute" in values:
                outcome = _one_of({"outcome": "", **values}, "outcome", "won", "lost")
                return disputes.close(self._world, values["dispute"], is_won=outcome == "won")
            return disputes.open_on_charge(
                self._world,
                values["charge"],
                amount=int(values["amount"]) if "amount" in values else None,
                reason=values.get("reason", "general"),
            )

    def _payout(self, values: JsonObject) -> JsonObject:
        """Send a payout of ours or of an `account`, or end the `payout` that was sent: `outcome` paid or failed."""
        world, account_id = self._world, str(values.get("account", ""))
        outcome = _one_of(values, "outcome", "paid", "failed", "pending")
        with world.store.transaction():
            if "payout" in values:
                payout_id = str(values["payout"])
            else:
                amount = int(values["amount"]) if "amount" in values else None
                currency = values.get("currency", "inr").lower()
                sent = payouts.send(world, currency=currency, amount=amount, account_id=account_id)
                payout_id = sent["id"]
            if outcome == "pending":
                return payouts.required(world, payout_id, account_id)
            if outcome == "paid":
                return payouts.arrive(world, payout_id, account_id)
            return payouts.fail(world, payout_id, account_id, code=values.get("code", "account_closed"))

    def _account(self, values: JsonObject) -> JsonObject:
        """Onboard, restrict, unrestrict or disconnect a connected `account`, or empty what it holds."""
        world, account_id = self._world, values["account"]
        action = _one_of({"action": "", **values}, "action", *ACCOUNT_ACTIONS)
        with world.store.transaction():
            if action == "restrict":
                due = tuple(values.get("due", accounts.ASKED_AGAIN))
                return accounts.restrict(world, account_id, values.get("reason", accounts.UNFINISHED), due)
            if action == "unrestrict":
                return accounts.unrestrict(world, account_id)
            if action == "disconnect":
                return accounts.disconnect(world, account_id)
            if action == "finish":
                return accounts.finish_onboarding(world, account_id)
            accounts.retrieve(world, account_id)
            held = {
                currency: amount
                for currency, amount in accounts.money_of(world, account_id).items()
                if amount > 0
            }
            for currency in held:
                sent = payouts.send(world, currency=currency, account_id=account_id)
                payouts.arrive(world, sent["id"], account_id)
            return {"emptied": held}

    def _reset(self, _values: JsonObject) -> JsonObject:
        """Forget every object, fault and mode; the addresses and secrets of webhooks stay."""
        settings = self._world.webhooks
        with self._world.store.transaction():
            self._world.store.clear()
            self._world.clock.reset()
            self._faults.clear()
            self._world.is_balance_late = False
            self._world.are_refunds_slow = False
            self._world.webhooks = WebhookSettings(
                urls=settings.urls,
                secrets=settings.secrets,
                connect_urls=settings.connect_urls,
                connect_secrets=settings.connect_secrets,
            )
        return {}


def _one_of(values: JsonObject, name: str, *allowed: str) -> str:
    """The value of a choice, or the first one allowed where none is given. Raises ValueError for any other."""
    value = values.get(name, allowed[0])
    if value not in allowed:
        raise ValueError(f"{name} is one of {', '.join(allowed)}")
    return str(value)


def _described(settings: WebhookSettings) -> dict[str, Any]:
    described: Mapping[str, Any] = vars(settings)
    return {name: value for name, value in described.items() if not name.endswith("secrets")}
