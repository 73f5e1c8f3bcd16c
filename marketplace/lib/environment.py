"""Typed reading of settings from the environment; every name is explained in .env.example."""

import os
from collections.abc import Sequence
from datetime import time
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


def text(name: str, default: str | None = None) -> str:
    """Value of a variable; without a default the variable must be set, and not to nothing.

    Raises ImproperlyConfigured naming the variable.
    """
    value = os.environ.get(name, default)
    # A copied .env.example sets what is still to be filled in to nothing.
    if value is None or (default is None and not value.strip()):
        raise ImproperlyConfigured(f"set the environment variable {name} (see .env.example)")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Variable read as yes or no; raises ImproperlyConfigured for any other word."""
    word = os.environ.get(name, str(default)).strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {word!r}")


def whole_number(name: str, default: int) -> int:
    """Variable read as a whole number; raises ImproperlyConfigured for anything else."""
    word = os.environ.get(name, str(default))
    try:
        return int(word)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {word!r}") from None


def decimal(name: str, default: str) -> Decimal:
    """Variable read as a decimal number; raises ImproperlyConfigured for anything else."""
    word = os.environ.get(name, default)
    try:
        number = Decimal(word)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ImproperlyConfigured(f"{name} must be a decimal number, not {word!r}")
    return number


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Variable read as words separated by commas; empty words are dropped."""
    value = os.environ.get(name)
    if value is None:
        return list(default)
    return [word.strip() for word in value.split(",") if word.strip()]


def required_words(name: str) -> list[str]:
    """Variable read as words separated by commas, at least one; raises ImproperlyConfigured naming the variable."""
    found = words(name)
    if not found:
        raise ImproperlyConfigured(f"set the environment variable {name} (see .env.example)")
    return found


def hours(name: str, default: str) -> tuple[time, time] | None:
    """Variable read as two times of day, such as 21:00-07:00; None where it is set to nothing.

    Raises ImproperlyConfigured for anything else.
    """
    word = os.environ.get(name, default).strip()
    if not word:
        return None
    try:
        start, end = (time.fromisoformat(part.strip()) for part in word.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be two times such as 21:00-07:00, not {word!r}") from None
    return start, end
