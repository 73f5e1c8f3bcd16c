"""Two texts beside each other, with the words in which they differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# Of longer texts, and of such as have little in common, nothing is marked: it would hide more than it shows.
MOST_WORDS = 3000
LEAST_ALIKE = 0.3


@dataclass(frozen=True)
class Run:
    """Some words in a row, which stand on this side alone or on both."""

    text: str
    is_changed: bool = False


def word_runs(old: str, new: str) -> tuple[list[Run], list[Run]]:
    """Both texts as runs of words that join to them again; "a b" and "a c" -> [a, b*], [a, c*] with the changed ones marked."""
    before, after = _words(old), _words(new)
    whole = [Run(old)] if old else [], [Run(new)] if new else []
    if not before or not after or max(len(before), len(after)) > MOST_WORDS:
        return whole
    # The space after a word is no part of it: what stood last is the same when something follows.
    bare_before, bare_after = [word.strip() for word in before], [word.strip() for word in after]
    matcher = SequenceMatcher(None, bare_before, bare_after, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return whole
    left, right = [], []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        is_changed = tag != "equal"
        left.append(_run(before[old_from:old_to], is_changed=is_changed))
        right.append(_run(after[new_from:new_to], is_changed=is_changed))
    return [run for run in left if run.text], [run for run in right if run.text]


def _run(words: Sequence[str], *, is_changed: bool) -> Run:
    return Run("".join(words), is_changed)


def _words(text: str) -> list[str]:
    """Words, each with the space after it."""
    return re.findall(r"\S+\s*|\s+", text)
