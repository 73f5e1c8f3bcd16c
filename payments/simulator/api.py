"""The calls under /v1: who asks, is it in the contract, has the key been used, do it, check the answer."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from payments.simulator import (
    account_links,
    accounts,
    balance,
    charges,
    disputes,
    events,
    payment_intents,
    payouts,
    refunds,
    sessions,
    transfers,
)
from payments.simulator.contract import Operation
from payments.simulator.errors import ApiError
from payments.simulator.events import RequestMark, current_request
from payments.simulator.expansion import Included, expand
from payments.simulator.faults import Fault, Faults
from payments.simulator.idempotency import Answer, IdempotencyKeys
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

Handler = Callable[[World, Mapping[str, str], JsonObject], JsonObject]

HANDLERS: dict[tuple[str, str], Handler] = {
    ("POST", "/v1/account_links"): lambda world, _, params: account_links.create(world, params),
    ("GET", "/v1/accounts"): lambda world, _, params: accounts.list_accounts(world, params),
    ("POST", "/v1/accounts"): lambda world, _, params: accounts.create(world, params),
    ("GET", "/v1/accounts/{account}"): lambda world, names, _: accounts.retrieve(world, names["account"]),
    ("POST", "/v1/accounts/{account}"): lambda world, names, params: accounts.update(
        world, names["account"], params
    ),
    ("POST", "/v1/accounts/{account}/login_links"): lambda world, names, _: account_links.login(
        world, names["account"]
    ),
    ("GET", "/v1/balance"): lambda world, _names, _params: _balance(world),
    ("GET", "/v1/balance_transactions"): lambda world, _, params: balance.list_transactions(world, params),
    ("GET", "/v1/balance_transactions/{id}"): lambda world, names, _: balance.retrieve_transaction(
        world, names["id"]
    ),
    ("GET", "/v1/charges"): lambda world, _, params: charges.list_charges(world, params),
    ("GET", "/v1/charges/{charge}"): lambda world, names, _: charges.retrieve(world, names["charge"]),
    ("GET", "/v1/checkout/sessions"): lambda world, _, params: sessions.list_sessions(world, params),
    ("POST", "/v1/checkout/sessions"): lambda world, _, params: sessions.create(world, params),
    ("GET", "/v1/checkout/sessions/{session}"): lambda world, names, _: sessions.retrieve(
        world, names["session"]
    ),
    ("POST", "/v1/checkout/sessions/{session}/expire"): lambda world, names, _: sessions.expire(
        world, names["session"]
    ),
    ("GET", "/v1/checkout/sessions/{session}/line_items"): lambda world, names, params: sessions.line_items(
        world, names["session"], params
    ),
    ("GET", "/v1/disputes"): lambda world, _, params: disputes.list_disputes(world, params),
    ("GET", "/v1/disputes/{dispute}"): lambda world, names, _: disputes.retrieve(world, names["dispute"]),
    ("POST", "/v1/disputes/{dispute}"): lambda world, names, params: disputes.update(
        world, names["dispute"], params
    ),
    ("POST", "/v1/disputes/{dispute}/close"): lambda world, names, _: disputes.accept(
        world, names["dispute"]
    ),
    ("GET", "/v1/events"): lambda world, _, params: events.list_events(world, params),
    ("GET", "/v1/events/{id}"): lambda world, names, _: events.retrieve(world, names["id"]),
    ("GET", "/v1/payment_intents"): lambda world, _, params: payment_intents.list_intents(world, params),
    ("GET", "/v1/payment_intents/{intent}"): lambda world, names, _: payment_intents.retrieve(
        world, names["intent"]
    ),
    ("GET", "/v1/payouts"): lambda world, _, params: payouts.list_payouts(world, params),
    ("POST", "/v1/payouts"): lambda world, _, params: payouts.create(world, params),
    ("GET", "/v1/payouts/{payout}"): lambda world, names, _: payouts.retrieve(world, names["payout"]),
    ("POST", "/v1/payouts/{payout}"): lambda world, names, params: payouts.update(
        world, names["payout"], params
    ),
    ("GET", "/v1/refunds"): lambda world, _, params: refunds.list_refunds(world, params),
    ("POST", "/v1/refunds"): lambda world, _, params: refunds.create(world, params),
    ("GET", "/v1/refunds/{refund}"): lambda world, names, _: refunds.retrieve(world, names["refund"]),
    ("POST", "/v1/refunds/{refund}"): lambda world, names, params: refunds.update(
        world, names["refund"], params
    ),
    ("GET", "/v1/transfers"): lambda world, _, params: transfers.list_transfers(world, params),
    ("POST", "/v1/transfers"): lambda world, _, params: transfers.create(world, params),
    ("GET", "/v1/transfers/{transfer}"): lambda world, names, _: transfers.retrieve(world, names["transfer"]),
    ("POST", "/v1/transfers/{transfer}"): lambda world, names, params: transfers.update(
        world, names["transfer"], params
    ),
    ("GET", "/v1/transfers/{id}/reversals"): lambda world, names, params: transfers.list_reversals(
        world, names["id"], params
    ),
    ("POST", "/v1/transfers/{id}/reversals"): lambda world, names, params: transfers.reverse(
        world, names["id"], params
    ),
    ("GET", "/v1/transfers/{transfer}/reversals/{id}"): lambda world, names, _: transfers.retrieve_reversal(
        world, names["transfer"], names["id"]
    ),
}
# Calls that may be made for a connected account, by the header Stripe-Account.
FOR_CONNECTED = frozenset(
    [
        ("GET", "/v1/balance"),
        ("GET", "/v1/events"),
        ("GET", "/v1/events/{id}"),
        ("GET", "/v1/payouts"),
        ("GET", "/v1/payouts/{payout}"),
    ]
)
INCLUDED_WHEN_ASKED: dict[str, Included] = {"line_items": sessions.line_items, "refunds": refunds.of_charge}
BEFORE_ANYTHING: dict[str, Callable[[], ApiError]] = {
    "429": lambda: ApiError(429, "Too many requests.", code="rate_limit"),
    "409": lambda: ApiError(409, "This object is in use by another request.", code="lock_timeout"),
    "503": lambda: ApiError(503, "The service is not available.", type="api_error"),
}


class HungUp(Exception):
    """The caller shall get no answer: the connection is closed after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer after {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class ApiRequest:
    """One call as it came in. headers: names in lower case. query, body: form-encoded."""

    method: str
    path: str
    query: str = ""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters as they were sent."""
        return parse_qsl(self.body if self.method == "POST" else self.query, keep_blank_values=True)

    @property
    def key(self) -> str:
        """The idempotency key of a POST; empty without one."""
        return self.headers.get("idempotency-key", "") if self.method == "POST" else ""


@dataclass(frozen=True)
class ApiResponse:
    """The answer to a call."""

    status: int
    body: JsonObject
    headers: Mapping[str, str]


class Api:
    """Answers the calls of one simulator; safe under threads."""

    def __init__(self, world: World, faults: Faults) -> None:
        self._world = world
        self._faults = faults
        self._keys = IdempotencyKeys(world)

    def answer(self, request: ApiRequest) -> ApiResponse:
        """Carry out a call. Raises HungUp when a fault says that there is no answer."""
        mark = RequestMark(new_id("req_", 14), request.key, request.headers.get("stripe-account", ""))
        token = current_request.set(mark)
        headers = {"Request-Id": mark.id, "Stripe-Version": self._world.contract.version}
        try:
            answer = self._answer(request, mark)
            if answer.request_id != mark.id:
                headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.request_id}
            return ApiResponse(answer.status, answer.body, headers)
        except ApiError as error:
            return ApiResponse(error.status, self._checked_error(error), headers)
        finally:
            current_request.reset(token)

    def _answer(self, request: ApiRequest, mark: RequestMark) -> Answer:
        _authenticate(request.headers)
        operation, handler = self._resolve(request)
        fault = self._faults.take(request.method, request.path)
        if fault and fault.kind in BEFORE_ANYTHING:
            raise BEFORE_ANYTHING[fault.kind]()
        if fault and fault.kind == "timeout":
            raise HungUp(fault.seconds)
        if not mark.idempotency_key:
            return self._carry_out(request, operation, handler=handler, mark=mark, fault=fault)
        with self._keys.reserved(mark.idempotency_key):
            known = self._keys.recall(mark.idempotency_key, request.path, request.pairs)
            if known:
                return known
            return self._carry_out(request, operation, handler=handler, mark=mark, fault=fault)

    def _resolve(self, request: ApiRequest) -> tuple[Operation, Handler]:
        contract = self._world.contract
        version = request.headers.get("stripe-version", contract.version)
        if version != contract.version:
            raise ApiError(400, f"The simulator speaks version {contract.version}, not {version}.")
        operation = contract.match(request.method, request.path)
        if operation is None:
            message = f"Unrecognized request URL ({request.method}: {request.path})."
            raise ApiError(404, message)
        handler = HANDLERS.get((operation.method, operation.template))
        if handler is None:
            message = f"The simulator does not know {operation.method} {operation.template} yet."
            raise ApiError(501, message, type="api_error")
        account_id = current_request.get().account
        if account_id:
            accounts.retrieve(self._world, account_id)
            if (operation.method, operation.template) not in FOR_CONNECTED:
                message = f"The simulator does not know {request.method} {request.path} for an account yet."
                raise ApiError(501, message, type="api_error")
        return operation, handler

    def _carry_out(
        self,
        request: ApiRequest,
        operation: Operation,
        *,
        handler: Handler,
        mark: RequestMark,
        fault: Fault | None,
    ) -> Answer:
        if fault and fault.kind == "delay":
            time.sleep(fault.seconds)
        # Wrong parameters are refused before the key is kept, so that a corrected call may use it.
        params = self._world.contract.parameters(operation, request.pairs)
        try:
            with self._world.store.transaction():
                if fault and fault.kind == "500":
                    raise ApiError(500, "An unknown error occurred.", type="api_error")
                paths = params.pop("expand", [])
                body = handler(self._world, operation.arguments, params)
                answer = Answer(200, expand(self._world, body, paths, INCLUDED_WHEN_ASKED), mark.id)
                self._require_contract(answer.body)
                self._keep(request, answer)
        except ApiError as error:
            with self._world.store.transaction():
                self._keep(request, Answer(error.status, self._checked_error(error), mark.id))
            raise
        if fault and fault.kind == "timeout_after_success":
            raise HungUp(fault.seconds)
        return answer

    def _keep(self, request: ApiRequest, answer: Answer) -> None:
        if request.key:
            self._keys.keep(request.key, request.path, pairs=request.pairs, answer=answer)

    def _require_contract(self, body: JsonObject) -> None:
        violations = self._world.contract.violations(body)
        if violations:
            raise ApiError(500, f"The answer breaks the contract: {violations[:3]}", type="api_error")

    def _checked_error(self, error: ApiError) -> JsonObject:
        body = error.body()
        violations = self._world.contract.violations(body)
        if violations:
            raise RuntimeError(f"error breaks the contract: {violations}")
        return body


def _balance(world: World) -> JsonObject:
    account_id = current_request.get().account
    return accounts.balance_of(world, account_id) if account_id else balance.retrieve(world)


def _authenticate(headers: Mapping[str, str]) -> None:
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    key = credentials.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode().split(":", 1)[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if not key:
        raise ApiError(401, "You did not provide an API key.")
    if not key.startswith(("sk_test_", "rk_test_")):
        # A live key that strays here must not seem to work.
        raise ApiError(401, "Invalid API Key provided: the simulator only takes sk_test_ keys.")
