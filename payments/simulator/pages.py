"""The hosted payment page: plain HTML that works without a script, and says that no money moves."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from payments.domain.minor_units import from_minor
from payments.simulator import checkout, sessions
from payments.simulator.cards import CARDS, card_of
from payments.simulator.errors import ApiError
from payments.simulator.frame import ASSETS, PageResponse, framed, nothing_here, redirect
from payments.simulator.onboarding import OnboardingPages
from payments.simulator.store import JsonObject
from payments.simulator.world import World

SYMBOLS = {"INR": "₹", "USD": "$"}
NOT_A_TEST_CARD = "Use one of the test cards below. Never enter a real card here."


class Pages:
    """Shows and takes the payment page, /c/pay/<session>, and the bank's, /c/pay/<session>/challenge."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._onboarding = OnboardingPages(world)

    def answer(self, method: str, path: str, form: Mapping[str, str]) -> PageResponse:
        """Answer one request of a browser. form: fields of a POST."""
        if path == "/assets/pay.css":
            return PageResponse(200, (ASSETS / "pay.css").read_bytes(), "text/css; charset=utf-8")
        if path.startswith(("/setup/s/", "/express/")):
            return self._onboarding.answer(method, path, form)
        session_id, _, part = path.removeprefix("/c/pay/").partition("/")
        if not path.startswith("/c/pay/") or part not in ("", "challenge"):
            return nothing_here("page")
        try:
            with self._world.store.transaction():
                session = sessions.retrieve(self._world, session_id)
        except ApiError:
            return nothing_here("payment")
        if method == "POST" and session["status"] == "open":
            return self._take(session, part, form)
        return self._show(session, part)

    def _take(self, session: JsonObject, part: str, form: Mapping[str, str]) -> PageResponse:
        if part == "challenge":
            is_confirmed = form.get("answer") == "complete"
            checkout.answer_challenge(self._world, session["id"], is_confirmed=is_confirmed)
            return redirect(f"/c/pay/{session['id']}")
        card = card_of(form.get("card_number", ""))
        if card is None:
            return self._payment_page(session, NOT_A_TEST_CARD, status=422)
        after = checkout.pay(self._world, session["id"], card)
        if checkout.is_challenged(self._world, after):
            return redirect(f"/c/pay/{session['id']}/challenge")
        return self._show(after, "") if after["status"] != "open" else redirect(f"/c/pay/{session['id']}")

    def _show(self, session: JsonObject, part: str) -> PageResponse:
        if session["status"] == "complete":
            return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", quote(session["id"])))
        if session["status"] == "expired":
            text = "The time for this payment is over. Nothing was taken."
            return framed(
                "closed", 410, title="This payment has expired", text=text, link=_back_link(session)
            )
        if part == "challenge" and checkout.is_challenged(self._world, session):
            return framed(
                "challenge",
                200,
                returns_to=session["success_url"],
                amount=_total(session),
                action=f"/c/pay/{session['id']}",
            )
        return self._payment_page(session, checkout.last_refusal(self._world, session), status=200)

    def _payment_page(self, session: JsonObject, error: str, *, status: int) -> PageResponse:
        items = self._world.required("session_plan", session["id"])["items"]
        return framed(
            "pay",
            status,
            returns_to=session["success_url"],
            amount=_total(session),
            action=f"/c/pay/{session['id']}",
            lines=_rows(items),
            cards="".join(
                f"<li><code>{card.grouped}</code> <span>{escape(card.summary)}</span></li>" for card in CARDS
            ),
            error=f'<p class="error" id="card-error" role="alert">{escape(error)}</p>' if error else "",
            error_state='aria-invalid="true"' if error else "",
            email=f"<p>Receipt to <b>{escape(session['customer_email'])}</b></p>"
            if session["customer_email"]
            else "",
            link=_back_link(session),
        )


def shown_amount(minor: int, currency: str) -> str:
    """An amount as the page shows it: ₹1,234.00, or the code before amounts of other currencies."""
    code = currency.upper()
    return f"{SYMBOLS.get(code, code + ' ')}{from_minor(minor, code):,}"


def _total(session: JsonObject) -> str:
    return escape(shown_amount(session["amount_total"], session["currency"]))


def _rows(items: list[JsonObject]) -> str:
    return "".join(
        f"<tr><th scope='row'>{escape(item['description'])}"
        f"{_times(item['quantity'])}</th>"
        f"<td>{escape(shown_amount(item['amount_total'], item['currency']))}</td></tr>"
        for item in items
    )


def _times(quantity: int) -> str:
    return f" \N{MULTIPLICATION SIGN} {quantity}" if quantity > 1 else ""


def _back_link(session: JsonObject) -> str:
    if not session["cancel_url"]:
        return ""
    return f'<p class="back"><a id="cancel" href="{escape(session["cancel_url"])}">Cancel and go back</a></p>'
