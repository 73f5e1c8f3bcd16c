"""Connected accounts: who they are, what they still owe us to know, and the money they hold."""

from __future__ import annotations

from payments.simulator import balance
from payments.simulator.errors import ApiError
from payments.simulator.events import emit
from payments.simulator.lists import page
from payments.simulator.metadata import apply_metadata, checked_metadata
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

DEFAULT_COUNTRY = "IN"
CURRENCIES = {"BT": "btn", "IN": "inr", "US": "usd"}
OTHER_CURRENCY = "usd"
ASKED_FIRST = ("business_type", "external_account", "individual.verification.document", "tos_acceptance.date")
ASKED_AGAIN = ("individual.verification.document",)
UNFINISHED = "requirements.past_due"
US = {"id": "ca_simulatedmarketplace", "object": "application"}


def create(world: World, params: JsonObject) -> JsonObject:
    """A new connected account, which cannot be paid before its onboarding is finished."""
    country = params.get("country", DEFAULT_COUNTRY).upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise ApiError(400, f"Country '{country}' is unknown.", code="country_unsupported", param="country")
    requested = params.get("capabilities", {})
    account = {
        "id": new_id("acct_", 16),
        "object": "account",
        "business_profile": {**_blank_profile(), **params.get("business_profile", {})},
        "capabilities": {name: "inactive" for name, asked in requested.items() if asked.get("requested")},
        "charges_enabled": False,
        "controller": _controller(params),
        "country": country,
        "created": world.clock.now(),
        "default_currency": params.get("default_currency", CURRENCIES.get(country, OTHER_CURRENCY)).lower(),
        "details_submitted": False,
        "email": params.get("email"),
        "future_requirements": _requirements(),
        "metadata": checked_metadata(params.get("metadata") or {}),
        "payouts_enabled": False,
        "requirements": _requirements(ASKED_FIRST, reason=UNFINISHED),
        "settings": _settings(),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": _type(params),
    }
    account["business_type"] = params.get("business_type")
    account["external_accounts"] = _external(account["id"], [])
    world.store.put("account", account)
    return account


def retrieve(world: World, account_id: str) -> JsonObject:
    """One account. Raises ApiError (403) for one that is not ours, as Stripe does."""
    account = world.store.get("account", account_id)
    if account is None:
        message = (
            f"The provided key does not have access to account '{account_id}'"
            " (or that account does not exist). Application access may have been revoked."
        )
        raise ApiError(403, message, code="account_invalid")
    return account


def list_accounts(world: World, params: JsonObject) -> JsonObject:
    """Accounts newest first, by time."""
    return page(world, "account", params, url="/v1/accounts")


def update(world: World, account_id: str, params: JsonObject) -> JsonObject:
    """Change metadata, e-mail, business profile or business type, or ask for more capabilities."""
    account = retrieve(world, account_id)
    changed: JsonObject = {name: params[name] for name in ("email", "business_type") if name in params}
    if "business_profile" in params:
        changed["business_profile"] = {**account["business_profile"], **params["business_profile"]}
    if "capabilities" in params:
        changed["capabilities"] = dict(account["capabilities"])
        for name, asked in params["capabilities"].items():
            if asked.get("requested"):
                changed["capabilities"].setdefault(name, "active" if is_payable(account) else "inactive")
            else:
                changed["capabilities"].pop(name, None)
    before = apply_metadata(account, params)
    before.update({name: account[name] for name, value in changed.items() if account[name] != value})
    if before:
        _change(world, account, changed, before)
    return account


def finish_onboarding(world: World, account_id: str) -> JsonObject:
    """Give everything that was asked for: transfers and payouts are on. Inside a transaction only."""
    account = retrieve(world, account_id)
    changes: JsonObject = {"details_submitted": True, "tos_acceptance": _accepted(world)}
    if not account["external_accounts"]["data"]:
        changes["external_accounts"] = _external(account_id, [_bank_account(account)])
    if not account["capabilities"]:
        changes["capabilities"] = {"transfers": "inactive"}
    return _switch(world, account, changes, asked_for=(), reason=None)


def restrict(world: World, account_id: str, reason: str, due: tuple[str, ...] = ASKED_AGAIN) -> JsonObject:
    """Take transfers and payouts away. Inside a transaction only.

    reason: Stripe's disabled_reason, such as "requirements.past_due" or "rejected.fraud". due: what is asked for.
    """
    return _switch(world, retrieve(world, account_id), {}, asked_for=due, reason=reason)


def unrestrict(world: World, account_id: str) -> JsonObject:
    """Give transfers and payouts back. Raises ApiError (400) for an account that never finished onboarding."""
    account = retrieve(world, account_id)
    if not account["details_submitted"]:
        raise ApiError(400, f"Account {account_id} has not finished its onboarding.")
    return _switch(world, account, {}, asked_for=(), reason=None)


def disconnect(world: World, account_id: str) -> JsonObject:
    """Let an account's owner cut the tie to us: every later call about it is forbidden. Inside a transaction only."""
    account = retrieve(world, account_id)
    world.store.delete("account", account_id)
    emit(world, "account.application.deauthorized", dict(US), account=account_id)
    return account


def is_payable(account: JsonObject) -> bool:
    """Whether transfers to an account are taken."""
    return bool(account["details_submitted"] and account["capabilities"].get("transfers") == "active")


def money_of(world: World, account_id: str) -> dict[str, int]:
    """What an account holds by currency, in minor units."""
    purse = world.store.get("connected_purse", account_id) or {"amounts": {}}
    return {currency: int(amount) for currency, amount in purse["amounts"].items()}


def move_money(world: World, account_id: str, amount: int, currency: str) -> None:
    """Add to what an account holds, or take from it. Raises ApiError (400) for more than there is."""
    amounts = money_of(world, account_id)
    after = amounts.get(currency, 0) + amount
    if amount < 0 and after < 0:
        message = f"The balance of account {account_id} is too low: {after - amount} {currency.upper()}."
        raise ApiError(400, message, code="balance_insufficient")
    world.store.put("connected_purse", {"id": account_id, "amounts": {**amounts, currency: after}})


def balance_of(world: World, account_id: str) -> JsonObject:
    """What an account holds, as the API shows it to the account."""
    held = money_of(world, account_id) or {retrieve(world, account_id)["default_currency"]: 0}
    return balance.shown({currency: (amount, 0) for currency, amount in held.items()})


def _switch(
    world: World,
    account: JsonObject,
    changes: JsonObject,
    *,
    asked_for: tuple[str, ...],
    reason: str | None,
) -> JsonObject:
    capabilities: JsonObject = {**account["capabilities"], **changes.get("capabilities", {})}
    state = "active" if reason is None else "inactive"
    changes["capabilities"] = dict.fromkeys(capabilities, state)
    changes["charges_enabled"] = reason is None and "card_payments" in capabilities
    changes["payouts_enabled"] = reason is None
    changes["requirements"] = _requirements(asked_for, reason=reason)
    before = {name: account.get(name) for name, value in changes.items() if account.get(name) != value}
    if before:
        _change(world, account, changes, before)
    return account


def _change(world: World, account: JsonObject, changes: JsonObject, before: JsonObject) -> None:
    account.update(changes)
    world.store.put("account", account)
    emit(world, "account.updated", account, before, account=account["id"])


def _type(params: JsonObject) -> str:
    controller = params.get("controller", {})
    if not controller:
        return str(params.get("type", "standard"))
    dashboard = controller.get("stripe_dashboard", {}).get("type", "full")
    return {"full": "standard", "express": "express"}.get(dashboard, "none")


def _controller(params: JsonObject) -> JsonObject:
    if "type" in params and "controller" in params:
        raise ApiError(400, "You may only specify one of these parameters: type, controller.", param="type")
    asked = params.get("controller", {})
    is_ours = asked or params.get("type") in ("custom", "express")
    if not is_ours:
        return {"type": "account"}
    dashboard = {"custom": "none"}.get(params.get("type", ""), "express")
    collects = "application" if params.get("type") == "custom" else "stripe"
    return {
        "type": "application",
        "is_controller": True,
        "fees": {"payer": asked.get("fees", {}).get("payer", "application")},
        "losses": {"payments": asked.get("losses", {}).get("payments", "application")},
        "requirement_collection": asked.get("requirement_collection", collects),
        "stripe_dashboard": {"type": asked.get("stripe_dashboard", {}).get("type", dashboard)},
    }


def _requirements(due: tuple[str, ...] = (), *, reason: str | None = None) -> JsonObject:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": list(due),
        "disabled_reason": reason,
        "errors": [],
        "eventually_due": list(due),
        "past_due": list(due) if reason == UNFINISHED else [],
        "pending_verification": [],
    }


def _blank_profile() -> JsonObject:
    names = ("mcc", "name", "product_description", "support_email", "support_phone", "support_url", "url")
    return dict.fromkeys(names)


def _settings() -> JsonObject:
    return {
        "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
        "card_payments": {"statement_descriptor_prefix": None},
        "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
        "payments": {"statement_descriptor": None},
        "payouts": {
            "debit_negative_balances": False,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
    }


def _accepted(world: World) -> JsonObject:
    return {"date": world.clock.now(), "ip": "192.0.2.1", "user_agent": None}


def _external(account_id: str, rows: list[JsonObject]) -> JsonObject:
    url = f"/v1/accounts/{account_id}/external_accounts"
    return {"object": "list", "data": rows, "has_more": False, "url": url, "total_count": len(rows)}


def _bank_account(account: JsonObject) -> JsonObject:
    return {
        "id": new_id("ba_"),
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": None,
        "account_holder_type": None,
        "account_type": None,
        "bank_name": "SIMULATED BANK",
        "country": account["country"],
        "currency": account["default_currency"],
        "default_for_currency": True,
        "fingerprint": None,
        "last4": "6789",
        "metadata": {},
        "routing_number": None,
        "status": "new",
    }
