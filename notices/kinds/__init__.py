"""Register of kinds: every notice that anybody is sent, by the part of a sale that it belongs to.

To add a kind: a row in the module of its room here, templates/notices/<code>.email.txt (its first line is the subject)
and <code>.sms.txt, and an example in base.SAMPLES of each value that no other kind uses.
"""

from collections.abc import Mapping

from notices.kinds import catalogue, nominations, orders, payments, programme, returns, staff, vendors
from notices.kinds.base import Kind, Urgency

__all__ = ["KINDS", "Kind", "UnknownKind", "Urgency", "kind_named"]

KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        *orders.KINDS,
        *returns.KINDS,
        *payments.KINDS,
        *catalogue.KINDS,
        *vendors.KINDS,
        *programme.KINDS,
        *nominations.KINDS,
        *staff.KINDS,
    )
}


class UnknownKind(LookupError):
    """A kind that is not in the register."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"no kind of notice is called {code!r}: add a row to the module of its room in notices/kinds/, "
            f"and templates/notices/{code}.email.txt and {code}.sms.txt"
        )


def kind_named(code: str) -> Kind:
    """The kind of this code. Raises UnknownKind."""
    try:
        return KINDS[code]
    except KeyError:
        raise UnknownKind(code) from None
