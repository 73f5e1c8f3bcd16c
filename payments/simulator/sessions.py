"""Checkout Sessions: what a buyer is asked to pay, until it is paid or expires."""

from __future__ import annotations

from urllib.parse import urlsplit

from payments.simulator import payment_intents
from payments.simulator.errors import ApiError
from payments.simulator.events import emit
from payments.simulator.lists import asked, page, paginate
from payments.simulator.metadata import checked_metadata
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

KIND = "checkout.session"
MINIMUM_OPEN_SECONDS = 30 * 60
MAXIMUM_OPEN_SECONDS = 24 * 3600
MAXIMUM_AMOUNT = 99_999_999


def create(world: World, params: JsonObject) -> JsonObject:
    """Open a session with its hosted page. Raises ApiError (400) for what Stripe or this simulator refuses."""
    _require_supported(params)
    now = world.clock.now()
    session_id = new_id("cs_test_", 58)
    items = [_item(entry, number) for number, entry in enumerate(params["line_items"])]
    currency, total = _currency(items), sum(item["amount_total"] for item in items)
    if not 0 < total <= MAXIMUM_AMOUNT:
        raise ApiError(
            400, "The Checkout Session's total amount is too small or too large.", param="line_items"
        )
    plan = dict(params.get("payment_intent_data", {}))
    plan["metadata"] = checked_metadata(plan.get("metadata", {}))
    session = {
        **world.contract.blank(KIND),
        "id": session_id,
        "object": KIND,
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "created": now,
        "currency": currency,
        "custom_fields": [],
        "custom_text": {},
        "customer_creation": "if_required",
        "customer_email": params.get("customer_email"),
        "expires_at": _expiry(params, now),
        "livemode": False,
        "locale": params.get("locale"),
        "metadata": checked_metadata(params.get("metadata", {})),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{world.public_url}/c/pay/{session_id}",
    }
    world.store.put(KIND, session)
    world.store.put("session_plan", {"id": session_id, "payment_intent_data": plan, "items": items})
    return session


def retrieve(world: World, session_id: str) -> JsonObject:
    """One session, expired if its time is over."""
    session = world.required(KIND, session_id, "session")
    if session["status"] == "open" and session["expires_at"] <= world.clock.now():
        return _close(world, session)
    return session


def list_sessions(world: World, params: JsonObject) -> JsonObject:
    """Sessions newest first, by status, payment intent and time."""
    expire_due(world)
    wanted = asked(params, payment_intent="payment_intent")
    status = params.get("status")
    return page(
        world,
        KIND,
        params,
        url="/v1/checkout/sessions",
        wanted=wanted,
        keep=lambda session: status in (None, session["status"]),
    )


def line_items(world: World, session_id: str, params: JsonObject | None = None) -> JsonObject:
    """What a session is for."""
    retrieve(world, session_id)
    items = world.required("session_plan", session_id)["items"]
    return paginate(items, params or {}, url=f"/v1/checkout/sessions/{session_id}/line_items", kind="item")


def expire(world: World, session_id: str) -> JsonObject:
    """Close an open session. Raises ApiError (400) for one that is complete or expired already."""
    session = retrieve(world, session_id)
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired.'
            f" This Checkout Session has a status of {session['status']}."
        )
        raise ApiError(400, message, param="session")
    return _close(world, session)


def expire_due(world: World) -> int:
    """Close every open session whose time is over; returns how many. Inside a transaction only."""
    now = world.clock.now()
    due = [
        session["id"]
        for session in world.store.newest_first(KIND, {"status": "open"})
        if session["expires_at"] <= now
    ]
    for session_id in reversed(due):
        _close(world, world.required(KIND, session_id))
    return len(due)


def complete(world: World, session_id: str, email: str | None) -> JsonObject:
    """Mark a session as paid; inside the transaction that took the money only."""
    session = world.required(KIND, session_id)
    session.update(
        status="complete",
        payment_status="paid",
        url=None,
        customer_details={
            "address": None,
            "email": email,
            "name": None,
            "phone": None,
            "tax_exempt": "none",
            "tax_ids": [],
        },
    )
    world.store.put(KIND, session)
    emit(world, "checkout.session.completed", session)
    return session


def _close(world: World, session: JsonObject) -> JsonObject:
    session.update(status="expired", url=None)
    world.store.put(KIND, session)
    if session["payment_intent"]:
        payment_intents.cancel(world, session["payment_intent"])
    emit(world, "checkout.session.expired", session)
    return session


def _require_supported(params: JsonObject) -> None:
    if params.get("mode") != "payment":
        raise ApiError(400, "The simulator only knows mode=payment.", param="mode")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise ApiError(400, "The simulator only knows ui_mode=hosted_page.", param="ui_mode")
    for name in ("success_url", "line_items"):
        if not params.get(name):
            raise ApiError(400, f"Missing required param: {name}.", code="parameter_missing", param=name)
    for name in ("success_url", "cancel_url"):
        parts = urlsplit(params.get(name, "http://left.out"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ApiError(400, "Not a valid URL", code="url_invalid", param=name)
    email = params.get("customer_email", "left@out")
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise ApiError(400, f"Invalid email address: {email}", code="email_invalid", param="customer_email")


def _expiry(params: JsonObject, now: int) -> int:
    expires_at = int(params.get("expires_at", now + MAXIMUM_OPEN_SECONDS))
    if expires_at < now + MINIMUM_OPEN_SECONDS:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise ApiError(400, message, param="expires_at")
    if expires_at > now + MAXIMUM_OPEN_SECONDS:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise ApiError(400, message, param="expires_at")
    return expires_at


def _item(entry: JsonObject, number: int) -> JsonObject:
    param = f"line_items[{number}]"
    price = entry.get("price_data")
    if price is None:
        raise ApiError(
            400, "The simulator only knows price_data, not stored prices.", param=f"{param}[price]"
        )
    quantity, unit_amount = entry.get("quantity", 0), price.get("unit_amount", -1)
    if quantity < 1:
        raise ApiError(400, "Quantity must be at least 1.", param=f"{param}[quantity]")
    if unit_amount < 0 or "product_data" not in price:
        raise ApiError(400, "A unit_amount of zero or more and product_data are required.", param=param)
    amount, currency = quantity * unit_amount, price["currency"].lower()
    return {
        "id": new_id("li_"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": price["product_data"]["name"],
        "metadata": checked_metadata(entry.get("metadata", {})),
        "price": {
            "id": new_id("price_"),
            "object": "price",
            "currency": currency,
            "unit_amount": unit_amount,
            "type": "one_time",
        },
        "quantity": quantity,
    }


def _currency(items: list[JsonObject]) -> str:
    currencies = {item["currency"] for item in items}
    if len(currencies) != 1:
        raise ApiError(400, "All line items must have the same currency.", param="line_items")
    currency = str(currencies.pop())
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise ApiError(400, f"Invalid currency: {currency}", param="line_items[0][price_data][currency]")
    return currency
