"""How many parts an SMS is sent and paid in: GSM-7 where all its signs have it, else UCS-2 (3GPP TS 23.038)."""

from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
MOST_PARTS = 6


@dataclass(frozen=True)
class SmsLength:
    """Signs as the network counts them, and parts. encoding: "GSM-7" or "UCS-2"."""

    encoding: str
    signs: int
    parts: int


def sms_length(text: str) -> SmsLength:
    """Measure a text: 160 signs of GSM-7 or 70 of UCS-2 in one part, 153 or 67 in each of several."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in text):
        # A sign of the extension is sent as two, and never torn apart between two parts.
        sizes, encoding, alone, joined = [2 if sign in _EXTENDED else 1 for sign in text], "GSM-7", 160, 153
    else:
        sizes, encoding, alone, joined = [2 if ord(sign) > 0xFFFF else 1 for sign in text], "UCS-2", 70, 67
    signs = sum(sizes)
    return SmsLength(encoding, signs, 1 if signs <= alone else _parts(sizes, joined))


def _parts(sizes: list[int], room: int) -> int:
    parts, used = 1, 0
    for size in sizes:
        if used + size > room:
            parts, used = parts + 1, 0
        used += size
    return parts
