"""Form fields for words that people type about themselves."""

from typing import Any

from django import forms

from marketplace.lib.words import is_blank, plain_words


class LineField(forms.CharField):
    """One line as it is printed: without signs that nobody sees or that turn the writing. What shows nothing is empty."""

    def to_python(self, value: Any) -> str:
        """The line, before it is measured and asked for."""
        words = " ".join(plain_words(super().to_python(value) or "").split())
        return "" if is_blank(words) else words
