"""Order, words and removal of photos, as a form asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalogue.selectors.snapshots import photo_key
from marketplace.lib.words import plain_words

LONGEST_ALT = 200
UP, DOWN, REMOVE = "up", "down", "remove"


@dataclass(frozen=True)
class PhotoEdit:
    """What a form says about photos it showed, by their keys (catalogue.selectors.snapshots.photo_key).

    seen: in the order of the page. alts: what each shows. do: "up", "down", "remove" or empty, with the photo's key.
    """

    seen: Sequence[str] = ()
    alts: Mapping[str, str] = field(default_factory=dict)
    do: str = ""
    key: str = ""


def arranged(photos: Sequence[dict[str, Any]], edit: PhotoEdit) -> list[dict[str, Any]]:
    """The photos as they shall be: those of the page in its order, then those that came meanwhile.

    Keys of no photo here are passed over; a photo goes only when it is named to be removed. The same edit sent twice
    moves a photo once, because it starts from the order of the page.
    """
    by_key = {photo_key(entry): entry for entry in photos}
    seen = [key for key in dict.fromkeys(edit.seen) if key in by_key]
    order = [*seen, *(key for key in by_key if key not in seen)]
    if edit.key in order:
        _carry_out(order, edit)
    return [_described(by_key[key], edit.alts.get(key)) for key in order]


def _carry_out(order: list[str], edit: PhotoEdit) -> None:
    place = order.index(edit.key)
    if edit.do == REMOVE:
        del order[place]
    elif edit.do in (UP, DOWN):
        other = place + (1 if edit.do == DOWN else -1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]


def _described(entry: dict[str, Any], alt: str | None) -> dict[str, Any]:
    return entry if alt is None else {**entry, "alt": plain_words(alt)[:LONGEST_ALT]}
