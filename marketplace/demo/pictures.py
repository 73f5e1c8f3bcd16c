"""Drawn pictures of the example listings: which there are, and their files."""

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalogue.models import PHOTO_WIDTHS
from catalogue.pictures import VARIANTS, kind_by_name, kind_for
from marketplace.demo.drawing import Order, draw
from marketplace.demo.plan import Offer, trades
from marketplace.lib.photos import rendition_name

FOLDER = "photos/examples"
WIDTH, HEIGHT = 1280, 960
# What is drawn for a trade whose titles would mislead: "walnut handle", "cashew butter", "butter lamp".
_DRAWN_AS = {
    "balm": "soap",
    "bag": "embroidery",
    "bangchung": "bangchung",
    "basket": "basket",
    "belt": "cloth",
    "blanket": "cloth",
    "bowl": "wood-turned",
    "brass": "brass",
    "butter": "butter",
    "candle": "beeswax",
    "carpet": "carpet",
    "carving": "wood",
    "cheese": "cheese",
    "cloth": "cloth",
    "coffee": "coffee",
    "cookies": "cookie",
    "cushion": "embroidery",
    "fine-cloth": "silk saree",
    "fine-metal": "brass",
    "fine-oil": "mustard oil",
    "fine-saree": "saree",
    "fine-shawl": "shawl",
    "fine-tea": "tea",
    "furniture": "furniture",
    "garment": "garment",
    "ghee": "ghee",
    "hard-cheese": "cheese",
    "home-textile": "textile",
    "honey": "honey",
    "incense": "incense",
    "incense-powder": "incense",
    "jam": "jam",
    "jewellery": "jewellery",
    "knife": "knife",
    "lacquer": "lacquer",
    "mat": "straw",
    "noodles": "noodle",
    "oil": "mustard oil",
    "painting": "painting",
    "paper": "paper",
    "perfume": "perfume",
    "pickle": "pickle",
    "pottery": "pottery",
    "rug": "rug",
    "saree": "saree",
    "shawl": "shawl",
    "snack": "makhana",
    "soap": "soap",
    "sword": "sword",
    "tea": "tea",
    "tile": "tile",
    "toy": "toy",
    "yarn": "yarn",
}


@dataclass(frozen=True)
class Drawing:
    """One picture: a kind of goods on the cloth of a place, in one of four compositions."""

    place: str
    kind: str
    words: str
    variant: int

    @property
    def original(self) -> str:
        """Storage name; only its renditions are written, there is nothing larger."""
        return f"{FOLDER}/{self.place.lower()}-{self.kind}-{self.variant}.webp"

    @property
    def names(self) -> dict[str, int]:
        """Storage names of the renditions and their widths."""
        return {rendition_name(self.original, width): width for width in PHOTO_WIDTHS}


def drawings_of(offers: Sequence[Offer], *, place: str) -> list[Drawing]:
    """The pictures of one group's offers: the same kind of goods comes in another composition each time."""
    seen: list[str] = []
    drawings = []
    for offer in offers:
        drawing = _drawing(offer, place=place)
        number = seen.count(drawing.kind) + len(set(seen[: _first(seen, drawing.kind)]))
        seen.append(drawing.kind)
        drawings.append(replace(drawing, variant=number % VARIANTS))
    return drawings


def _first(seen: Sequence[str], kind: str) -> int:
    return seen.index(kind) if kind in seen else len(seen)


def _drawing(offer: Offer, *, place: str) -> Drawing:
    words = _DRAWN_AS.get(offer.trade) or offer.title.lower().replace("butter", "")
    if not kind_by_name(words):
        words = trades()[offer.trade].noun
    kind = kind_for(words)
    return Drawing(place, kind, words, 0)


def write_missing(drawings: Iterable[Drawing]) -> int:
    """Draw and store the pictures that the storage lacks, on all processors; returns how many were drawn."""
    # The same picture belongs to many listings; the first words for it count.
    wanted = {drawing.original: drawing for drawing in reversed(list(drawings))}
    stored = _stored()
    missing = [drawing for drawing in wanted.values() if not stored >= set(drawing.names)]
    if not missing:
        return 0
    orders = [Order(each.words, each.place, each.variant, tuple(each.names.items())) for each in missing]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for drawn in pool.map(draw, orders, chunksize=4):
            for name, content in drawn:
                if name not in stored:
                    default_storage.save(name, ContentFile(content))
    return len(missing)


def _stored() -> set[str]:
    try:
        _folders, files = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return set()
    return {f"{FOLDER}/{name}" for name in files}
