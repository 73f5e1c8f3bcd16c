"""The same counter twice: a provider and what everybody else does there, in memory and at the simulator."""

from decimal import Decimal

from payments.domain.minor_units import to_minor
from payments.providers.base import OnlineProvider, ProviderUnavailable
from payments.providers.stripe import StripeProvider
from tests.support.provider_fake import FakeProvider
from tests.support.simulator import RunningSimulator

A_DAY_AND_AN_HOUR = 25 * 3600
WRITES = {
    "create_payment": "/v1/checkout/sessions",
    "refund_payment": "/v1/refunds",
    "create_transfer": "/v1/transfers",
    "reverse_transfer": "/v1/transfers/*/reversals",
    "create_account": "/v1/accounts",
}


class CounterInMemory:
    """The fake; what is not named here the fake does itself."""

    def __init__(self) -> None:
        self.fake = FakeProvider()
        self.provider: OnlineProvider = self.fake

    def __getattr__(self, name):
        return getattr(self.fake, name)

    def lose_answer(self, method):
        """Carry out the next call of a method and say nothing."""
        self.fake.fail_next(method, ProviderUnavailable("time-out"), after_success=True)


class CounterAtSimulator:
    """The Stripe client, and the switches of the simulator behind it."""

    def __init__(self, simulator: RunningSimulator) -> None:
        self.simulator = simulator
        self.provider: OnlineProvider = simulator.provider()

    def __repr__(self) -> str:
        return f"{StripeProvider.__name__} at {self.simulator.url}"

    def pay(self, session_id):
        self.simulator.pay(session_id)

    def decline(self, session_id):
        self.simulator.pay(session_id, "4000000000000002")

    def lose_answer(self, method):
        self.simulator.control("faults", method="POST", path=WRITES[method], kind="timeout_after_success")

    def forget_keys(self):
        self.simulator.control("clock", advance=A_DAY_AND_AN_HOUR)

    def set_pending_refunds(self, are_pending):
        self.simulator.control("refunds", slow=are_pending)

    def succeed_refund(self, refund_id):
        self.simulator.control("refunds", refund=refund_id, outcome="succeeded")

    def fail_refund(self, refund_id, reason):
        self.simulator.control("refunds", refund=refund_id, reason=reason)

    def refund_in_dashboard(self, payment_intent_id, amount):
        self.simulator.control("refunds", payment_intent=payment_intent_id, amount=to_minor(amount, "INR"))

    def open_dispute(self, payment_intent_id, amount):
        [charge_id] = [
            charge["id"]
            for charge in self.simulator.objects("charge")
            if charge["payment_intent"] == payment_intent_id
        ]
        answer = self.simulator.control("disputes", charge=charge_id, amount=to_minor(amount, "INR"))
        return self.provider.retrieve_dispute(answer["id"])

    def close_dispute(self, dispute_id, *, won):
        self.simulator.control("disputes", dispute=dispute_id, outcome="won" if won else "lost")

    def onboard(self, account_id):
        self.simulator.control("accounts", account=account_id, action="finish")

    def restrict(self, account_id, reason="requirements.past_due"):
        self.simulator.control("accounts", account=account_id, action="restrict", reason=reason)

    def empty(self, account_id):
        self.simulator.control("accounts", account=account_id, action="empty")

    def set_late_balance(self, is_late):
        self.simulator.control("balance", late=is_late)

    def pay_out(self, amount: Decimal):
        self.simulator.control("clock", advance=3 * A_DAY_AND_AN_HOUR)
        return self.simulator.control("payouts", amount=to_minor(amount, "INR"))["id"]

    def fail_payout(self, payout_id):
        self.simulator.control("payouts", payout=payout_id, outcome="failed")
