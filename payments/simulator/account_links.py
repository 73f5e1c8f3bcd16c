"""Account links: the way of a person into the hosted onboarding, open once and for a short time."""

from __future__ import annotations

from urllib.parse import urlsplit

from payments.simulator import accounts
from payments.simulator.errors import ApiError
from payments.simulator.store import JsonObject, new_id
from payments.simulator.world import World

KIND = "account_link"
OPEN_SECONDS = 5 * 60


def create(world: World, params: JsonObject) -> JsonObject:
    """A link to the onboarding of an account. Raises ApiError (400) without the two addresses to come back to."""
    account = accounts.retrieve(world, params["account"])
    for name in ("refresh_url", "return_url"):
        if name not in params:
            raise ApiError(400, f"Missing required param: {name}.", code="parameter_missing", param=name)
        parts = urlsplit(params[name])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ApiError(400, "Not a valid URL", code="url_invalid", param=name)
    now = world.clock.now()
    row = {
        "id": new_id("al_"),
        "account": account["id"],
        "expires_at": now + OPEN_SECONDS,
        "is_visited": False,
        "refresh_url": params["refresh_url"],
        "return_url": params["return_url"],
    }
    world.store.put(KIND, row)
    return {
        "object": "account_link",
        "created": now,
        "expires_at": row["expires_at"],
        "url": f"{world.public_url}/setup/s/{account['id']}/{row['id']}",
    }


def visit(world: World, link_id: str) -> JsonObject | None:
    """Open a link, which works once; None when it was visited before or its time is over. Raises ApiError (404)."""
    with world.store.transaction():
        link = world.required(KIND, link_id)
        if link["is_visited"] or link["expires_at"] <= world.clock.now():
            return None
        world.store.put(KIND, {**link, "is_visited": True})
        return link


def login(world: World, account_id: str) -> JsonObject:
    """A link to the account's own pages. Raises ApiError (400) for an account without such pages."""
    account = accounts.retrieve(world, account_id)
    if account["type"] != "express" or not account["details_submitted"]:
        message = "Cannot create a login link for an account that is not an Express Dashboard account."
        raise ApiError(400, message)
    return {
        "object": "login_link",
        "created": world.clock.now(),
        "url": f"{world.public_url}/express/{account_id}",
    }
