"""Kombu's broker of files, without its races: a message or a list of queues is there whole or not at all."""

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps

ALIAS = "filesystem"


class Channel(filesystem.Channel):
    """Writes aside and renames. Kombu's own lets a worker read a file that is still empty, of which it dies."""

    # Kombu's two bases do not agree about the name of the second.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        # No reader takes this for a message: the part after the first dot is the name of no queue.
        fresh = Path(self.data_folder_out) / f".{name}.new"
        try:
            fresh.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            fresh.rename(fresh.with_name(name))
        except OSError as error:
            raise ChannelError(f"cannot add a message to {self.data_folder_out}") from error

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        table: Path = self._exchange_file(exchange)  # type: ignore[no-untyped-call]
        self.control_folder.mkdir(exist_ok=True)
        if not table.exists():
            # Kombu would make it empty and fill it afterwards; only filling one that is there is done under a lock.
            fresh = table.with_name(f".{table.name}.{uuid.uuid4()}.new")
            fresh.write_text("[]", encoding="ascii")
            try:
                os.link(fresh, table)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        super()._queue_bind(exchange, routing_key, pattern, queue)  # type: ignore[no-untyped-call]


class Transport(filesystem.Transport):
    """Kombu's transport of files with our channel."""

    Channel = Channel


def use_for_files() -> None:
    """Let every address that begins with filesystem:// mean this transport."""
    TRANSPORT_ALIASES[ALIAS] = f"{__name__}:Transport"
