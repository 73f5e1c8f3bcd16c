"""What the demonstration data consist of, read from groups.txt and trades.txt; pure, the same on every machine."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
STEP = Decimal(5)


@dataclass(frozen=True)
class Size:
    """One size: content in the trade's unit, words for it, and how many times the base price it costs."""

    label: str
    content: Decimal
    factor: Decimal


@dataclass(frozen=True)
class Trade:
    """A kind of goods. Prices are in INR, for 1000 g or ml or for one piece."""

    name: str
    category: str
    unit: str
    sizes: tuple[Size, ...]
    low: int
    high: int
    noun: str
    material: str
    storage: str
    making: str


@dataclass(frozen=True)
class Offer:
    """One listing of the plan; product is the identified product's name and product_place where it is named for."""

    title: str
    trade: str
    product: str
    product_place: str


@dataclass(frozen=True)
class Group:
    """One example group and its offers; about completes "known for"."""

    place: str
    name: str
    kind: str
    households: int
    about: str
    offers: tuple[Offer, ...]


@cache
def trades() -> dict[str, Trade]:
    """All trades by name."""
    rows = [[cell.strip() for cell in line.split("|")] for line in _lines("trades.txt")]
    return {row[0]: _trade(row) for row in rows}


@cache
def groups() -> tuple[Group, ...]:
    """All example groups, in the order of the file."""
    found: list[Group] = []
    head: list[str] = []
    offers: list[Offer] = []
    for line in [*_lines("groups.txt"), "end"]:
        if line.startswith(" "):
            offers += _offers(line, place=head[0])
            continue
        if head:
            place, name, kind, households, about = head
            found.append(Group(place, name, kind, int(households), about, tuple(offers)))
        head, offers = [cell.strip() for cell in line.split("|")], []
    return tuple(found)


def price_of(trade: Trade, lot: random.Random) -> Decimal:
    """A base price within the trade's range, for 1000 g or ml or for one piece."""
    return Decimal(lot.randint(trade.low, trade.high))


def size_price(base: Decimal, trade: Trade, size: Size) -> Decimal:
    """Price of one size in whole INR, a multiple of five; a larger size costs a little less for the same content."""
    share = size.factor if trade.unit == "piece" else size.content / 1000
    rebate = Decimal(1)
    if trade.unit != "piece" and size != trade.sizes[0]:
        rebate = Decimal("0.94")
    return max(STEP, (base * share * rebate / STEP).quantize(Decimal(1)) * STEP).quantize(Decimal("0.01"))


def _lines(name: str) -> Iterator[str]:
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _offers(line: str, *, place: str) -> Iterator[Offer]:
    product, listed = line.strip().split(" > ")
    product_place, _, name = product.rpartition("!")
    for words in listed.split(" ; "):
        title, trade = words.rsplit(" : ", 1)
        yield Offer(title.strip(), trade.strip(), name, product_place or place)


def _trade(row: list[str]) -> Trade:
    name, category, unit, sizes, prices, noun, material, storage, making = row
    low, high = prices.split("-")
    return Trade(
        name, category, unit, _sizes(unit, sizes), int(low), int(high), noun, material, storage, making
    )


def _sizes(unit: str, words: str) -> tuple[Size, ...]:
    if unit != "piece":
        return tuple(Size("", Decimal(content), Decimal(1)) for content in words.split())
    if not words:
        return (Size("", Decimal(1), Decimal(1)),)
    # In "small=1 very large=2.3" a size ends with its factor.
    found, label = [], []
    for word in words.split():
        last, is_end, factor = word.partition("=")
        label.append(last)
        if is_end:
            found.append(Size(" ".join(label), Decimal(1), Decimal(factor)))
            label = []
    return tuple(found)
