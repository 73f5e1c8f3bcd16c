"""What a message of the office can be aimed at, in words that Django's choices and the queries share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of a message in one language. short: for SMS; subject and short are one line."""

    subject: str
    text: str
    short: str

    @property
    def values(self) -> dict[str, str]:
        """What fills the texts of the notice."""
        return {"subject": self.subject, "text": self.text, "short": self.short}


def short_words(subject: str, text: str, short: str) -> str:
    """What an SMS says: the short words, or subject and text on one line where there are none."""
    return " ".join((short or f"{subject}: {text}").split())
