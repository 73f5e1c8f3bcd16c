"""SMS into files, for development."""

import hashlib
from pathlib import Path

from django.conf import settings


class FileSmsProvider:
    """Writes each message to a file named by its key, so that a repeat writes the same file again."""

    def send(self, *, key: str, to: str, text: str) -> None:
        """Write the message below settings.SMS_FILE_PATH."""
        folder = Path(settings.SMS_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(key.encode()).hexdigest()[:20]
        (folder / f"{name}.txt").write_text(f"To: {to}\nKey: {key}\n\n{text}\n", encoding="utf-8")
