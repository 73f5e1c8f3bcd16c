"""What a person does who opens a connected account, and the account's own page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from payments.domain.minor_units import from_minor
from payments.simulator import account_links, accounts
from payments.simulator.errors import ApiError
from payments.simulator.frame import PageResponse, framed, nothing_here, redirect
from payments.simulator.store import JsonObject
from payments.simulator.world import World


class OnboardingPages:
    """Shows and takes the onboarding, /setup/s/<account>/<link>, and the account's page, /express/<account>."""

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, method: str, path: str, form: Mapping[str, str]) -> PageResponse:
        """Answer one request of a browser. form: fields of a POST."""
        try:
            if path.startswith("/express/"):
                return self._own_page(path.removeprefix("/express/"))
            account_id, _, link_id = path.removeprefix("/setup/s/").partition("/")
            link = self._world.required(account_links.KIND, link_id)
            account = accounts.retrieve(self._world, account_id)
        except ApiError:
            return nothing_here("account")
        if link["account"] != account_id:
            return nothing_here("account")
        return self._take(link, form) if method == "POST" else self._show(account, link)

    def _show(self, account: JsonObject, link: JsonObject) -> PageResponse:
        if account_links.visit(self._world, link["id"]) is None:
            return redirect(link["refresh_url"])
        due = account["requirements"]["currently_due"]
        return framed(
            "onboarding",
            200,
            returns_to=link["return_url"],
            title="Connect your account",
            account=escape(account["business_profile"]["name"] or account["email"] or account["id"]),
            due="".join(f"<li><code>{escape(name)}</code></li>" for name in due) or "<li>Nothing more</li>",
            action=f"/setup/s/{account['id']}/{link['id']}",
        )

    def _take(self, link: JsonObject, form: Mapping[str, str]) -> PageResponse:
        # As at Stripe, whoever leaves it unfinished comes back to the same address: it proves nothing.
        if form.get("answer") == "finish":
            with self._world.store.transaction():
                accounts.finish_onboarding(self._world, link["account"])
        return redirect(link["return_url"])

    def _own_page(self, account_id: str) -> PageResponse:
        account = accounts.retrieve(self._world, account_id)
        held = accounts.money_of(self._world, account_id)
        rows = "".join(
            f"<tr><th scope='row'>{escape(currency.upper())}</th>"
            f"<td>{from_minor(amount, currency.upper()):,}</td></tr>"
            for currency, amount in sorted(held.items())
        )
        name = account["business_profile"]["name"] or account["email"] or account_id
        return framed("account", 200, title="Connected account", account=escape(name), lines=rows)
