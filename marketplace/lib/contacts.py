"""Contacts of people as others may read them."""


def masked(contact: str) -> str:
    """Enough of a phone number or e-mail address for its owner; a link that was passed on must not tell the rest."""
    name, at, domain = contact.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"{name[:4]} … {name[-3:]}"
