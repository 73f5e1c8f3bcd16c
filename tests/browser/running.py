"""The running marketplace as browser tests use it, and how its tests begin anew."""

import email
import email.policy
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from celery import Celery
from django.db import connection

from tests.support.services import RunningMarketplace, wait_until
from tests.support.simulator import RunningSimulator

QUEUES = {"payments": "money", "notices": "notices"}


@dataclass
class _Elsewhere:
    """What a simulator in another process shows of itself."""

    url: str


class Marketplace(RunningMarketplace):
    """The processes, kept for all browser tests; each test empties the database and calls forget()."""

    @property
    def switches(self) -> RunningSimulator:
        """The simulator's switches and objects."""
        return RunningSimulator(_Elsewhere(self.simulator_url))

    def enqueue(self, task: str) -> None:
        """Put a task into the queue of the worker, as beat does."""
        with Celery("tests", broker="filesystem://localhost", set_as_current=False) as client:
            broker = self.folder / "broker"
            client.conf.broker_transport_options = {
                "data_folder_in": str(broker / "messages"),
                "data_folder_out": str(broker / "messages"),
                "control_folder": str(broker / "control"),
            }
            client.send_task(task, queue=QUEUES.get(task.partition(".")[0], "slow"), ignore_result=True)

    def mails(self) -> list[EmailMessage]:
        """Mails that the worker sent, in no order."""
        return [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in self._sent("mail")
        ]

    def short_messages(self) -> list[str]:
        """SMS that the worker sent, each with its receiver, in no order."""
        return [file.read_text(encoding="utf-8") for file in self._sent("sms")]

    def charge(self) -> dict[str, Any]:
        """The one charge that the simulator has made."""
        charges = [row for row in self.switches.objects("charge") if row["paid"]]
        assert len(charges) == 1, charges
        return charges[0]

    def forget(self) -> None:
        """Begin anew: nothing at the simulator, nothing sent."""
        self.switches.control("reset")
        for file in [*self._sent("mail"), *self._sent("sms")]:
            file.unlink()

    def wait_until_quiet(self) -> None:
        """Wait until no task waits and no process works on the database."""
        wait_until(lambda: self._is_quiet() and self._is_quiet(), explain=self.last_words)

    def last_words(self) -> str:
        """The end of every log."""
        return "\n".join(
            f"{part.name}:\n{part.log[-3000:]}" for part in (self.web, self.worker, self.simulator)
        )

    def is_database_free(self) -> bool:
        """Whether nobody but the caller has a connection to the database."""
        return not self._other_sessions()

    def _is_quiet(self) -> bool:
        is_idle = all(state == "idle" for state in self._other_sessions())
        return is_idle and not any((self.folder / "broker" / "messages").iterdir())

    def _other_sessions(self) -> list[str]:
        """What everybody else does who is connected to the database."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(state, '') FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            return [state for (state,) in cursor.fetchall()]

    def _sent(self, kind: str) -> list[Path]:
        return sorted((self.folder / kind).glob("*"))
