"""Codes that nobody guesses: drawn, for one order each."""

import secrets

# Without I, L, O, 0 and 1, which people read for each other. Ten of these are 49 bits; wrong tries are counted besides.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 10


def draw_codes(count: int) -> list[str]:
    """So many codes, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(secrets.choice(LETTERS) for _ in range(LENGTH))] = None
    return list(found)
