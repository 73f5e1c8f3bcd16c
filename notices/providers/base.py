"""What every SMS provider offers."""

from typing import Protocol


class SmsUnavailable(Exception):
    """No usable answer; the message may be sent again, with the same key."""


class SmsRefused(Exception):
    """The gateway will never take this message to this number: sent again it would be refused again."""


class SmsProvider(Protocol):
    """Sends short messages."""

    def send(self, *, key: str, to: str, text: str) -> None:
        """Send one message; the same key is delivered once. to: E.164. Raises SmsUnavailable, SmsRefused."""
        ...
