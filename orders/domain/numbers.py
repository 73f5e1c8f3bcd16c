"""Order numbers: random, short enough to read over the phone, with a check character; and hand-over codes."""

import secrets

from marketplace.lib.digits import plain_digits

# Crockford's base 32: no I, L, O or U, so nothing is read as something else.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 9
LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_order_number() -> str:
    """A number like 7K3M-2291-9X: nine random characters (45 bits) and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return _written(body + check_character(body))


def new_code() -> str:
    """A hand-over code: six digits, to be said at a bus stop."""
    return f"{secrets.randbelow(1_000_000):06}"


def check_character(body: str) -> str:
    """Check character of a body (Luhn's rule in base 32): any single wrong character is found."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // len(ALPHABET) + value % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def read_order_number(text: str) -> str | None:
    """The order number somebody typed, in its written form; None when it cannot be one.

    Blanks and hyphens do not matter, nor do small letters, the usual mistakes (I for 1, O for 0) or whose digits they are.
    """
    typed = "".join(sign for sign in plain_digits(text).upper() if sign.isalnum()).translate(LOOKALIKES)
    if len(typed) != RANDOM_CHARACTERS + 1 or any(sign not in ALPHABET for sign in typed):
        return None
    return _written(typed) if check_character(typed[:-1]) == typed[-1] else None


def read_part_number(text: str) -> str | None:
    """The number of a vendor order that somebody typed, such as 7K3M-2291-9X-2; None when it cannot be one.

    A number without the part's place is that of the first part.
    """
    typed = "".join(sign for sign in plain_digits(text).upper() if sign.isalnum())
    number = read_order_number(typed[: RANDOM_CHARACTERS + 1])
    place = typed[RANDOM_CHARACTERS + 1 :] or "1"
    return f"{number}-{int(place)}" if number and place.isascii() and place.isdigit() else None


def _written(characters: str) -> str:
    return f"{characters[:4]}-{characters[4:8]}-{characters[8:]}"
