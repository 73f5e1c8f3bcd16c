"""E-mail into files, for development."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes each message to a file named by its Message-ID, so that a repeat writes the same file again."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages below settings.EMAIL_FILE_PATH; returns how many."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            mime = message.message()
            name = hashlib.sha256(str(mime["Message-ID"]).encode()).hexdigest()[:20]
            (folder / f"{name}.eml").write_bytes(mime.as_bytes())
        return len(email_messages)
