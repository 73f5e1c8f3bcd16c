"""A payout run in a process of its own that ends with SIGKILL at one point: python -m ... <point> <how many are let by>.

Points: before_call, after_call (of the provider), in_posting (after the posting, before its commit), after_posting,
in_planning (a group's rows are written and not committed), after_planning. With "none" it runs to its end.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.support.process_settings")
django.setup()

from django.utils import timezone  # noqa: E402 - Django must know its settings first

from payments.providers.stripe import StripeProvider  # noqa: E402
from payments.services import ledger, payouts, transfers  # noqa: E402


class Killer:
    """Counts calls, and ends the process at one of them."""

    def __init__(self, left: int) -> None:
        """left: calls that are let by."""
        self.left = left

    def before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """A call that is never made when its turn has come."""

        def made(*args: Any, **values: Any) -> Any:
            self._strike()
            return call(*args, **values)

        return made

    def after(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """A call whose answer nobody gets when its turn has come."""

        def made(*args: Any, **values: Any) -> Any:
            answer = call(*args, **values)
            self._strike()
            return answer

        return made

    def _strike(self) -> None:
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


def main(point: str, left: int) -> None:
    """Plan one group at a time, then make every transfer."""
    killer = Killer(left)
    targets: dict[str, tuple[Any, str, Callable[..., Any]]] = {
        "before_call": (StripeProvider, "create_transfer", killer.before),
        "after_call": (StripeProvider, "create_transfer", killer.after),
        "in_posting": (ledger, "post_transfer", killer.after),
        "after_posting": (transfers, "_note_made", killer.after),
        "in_planning": (payouts, "_plan_transfers", killer.after),
        "after_planning": (payouts, "_plan_chunk", killer.after),
    }
    if point != "none":
        owner, name, wrap = targets[point]
        setattr(owner, name, wrap(getattr(owner, name)))
    payouts.CHUNK = 1
    payouts.plan_payouts(timezone.now())
    while transfers.make_waiting_transfers():
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
