"""Each picture is drawn once, by the first who asks for it, and kept; later ones of the same page take its place."""

import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage, storages

from storefront.sharing.cards import Card
from storefront.sharing.drawing import draw

FOLDER = "shared"
# Far longer than drawing takes: who was killed while drawing holds nobody up for more.
LOCK_SECONDS = 30
WAIT_SECONDS = 20
_LOOK_AGAIN = 0.1
_END_OF_JPEG = b"\xff\xd9"


class Busy(Exception):
    """Somebody draws it and has not come to an end: ask again in a moment."""


def picture_of(card: Card) -> bytes:
    """The picture, drawn now if nobody has yet; of many who ask at once one draws and the others wait. Raises Busy."""
    name = f"{FOLDER}/{card.kind}/{card.name}/{card.language}-{card.digest}.jpg"
    kept = _whole(name)
    return kept if kept is not None else _drawn_once(card, name)


def _drawn_once(card: Card, name: str, *, wait: Callable[[float], None] = time.sleep) -> bytes:
    lock, patience = f"drawing:{card.digest}", time.monotonic() + WAIT_SECONDS
    while not cache.add(lock, 1, timeout=LOCK_SECONDS):
        if time.monotonic() > patience:
            raise Busy
        wait(_LOOK_AGAIN)
    try:
        # Whoever held the lock before may have drawn it.
        kept = _whole(name)
        if kept is not None:
            return kept
        drawn = draw(card, site=settings.SITE_NAME, photo=_photo(card))
        _keep(name, drawn)
        return drawn
    finally:
        cache.delete(lock)


def _whole(name: str) -> bytes | None:
    """What is kept under the name; None when there is nothing, or what a killed writer left of it."""
    try:
        with _store().open(name) as file:
            found: bytes = file.read()
    except FileNotFoundError:
        return None
    return found if found.endswith(_END_OF_JPEG) else None


def _keep(name: str, drawn: bytes) -> None:
    """Keep it, and nothing older of the same page and language."""
    folder, _stroke, file = name.rpartition("/")
    language = file.partition("-")[0]
    with suppress(FileNotFoundError):
        for old in _store().listdir(folder)[1]:
            if old.startswith(f"{language}-"):
                _store().delete(f"{folder}/{old}")
    _store().save(name, ContentFile(drawn))


def _photo(card: Card) -> bytes | None:
    """The photo of the card; None when it has none, or when its file is gone."""
    if not card.photo:
        return None
    try:
        with default_storage.open(card.photo) as file:
            found: bytes = file.read()
    except FileNotFoundError:
        return None
    return found


def _store() -> Storage:
    # No address leads there: a listing that is taken out of the shop takes its picture with it.
    return storages["private"]
