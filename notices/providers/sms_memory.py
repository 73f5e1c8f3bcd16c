"""SMS into memory, for tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SentSms:
    """One message as it was sent."""

    key: str
    to: str
    text: str


class MemorySmsProvider:
    """Keeps messages in `outbox`; a repeat of a key is dropped, as a gateway does."""

    outbox: list[SentSms] = []

    def send(self, *, key: str, to: str, text: str) -> None:
        """Keep the message, once per key."""
        if all(sent.key != key for sent in self.outbox):
            self.outbox.append(SentSms(key, to, text))
