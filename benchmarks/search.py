"""Searches among 100,000 listings: that those of the table still find what they should, and what each kind costs."""

import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path

from django.conf import settings

from benchmarks.counting import counted
from benchmarks.cpu import mean_cpu
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import analyse
from catalogue.models import Product
from catalogue.selectors.search import Wish, find
from catalogue.selectors.suggestions import suggestions
from catalogue.services.vocabulary import refresh_vocabulary
from marketplace.demo import loading
from orders.services.tax_rates import load_tax_rates
from regions.services.reference_data import load
from tests.support.search_table import PAGE_SIZE, Search, answer_of, faults, searches

LISTINGS = 100_400
BROAD = ("rice", "powder", "India", "Bhutan", "example")
BEGUN = (
    "tu",
    "ri",
    "hon",
    "turmeric pow",
    "tumer",
    "kish",
    "\u0f61\u0f74\u0f44",
    "\u0939\u0932\u094d",
    "weav",
)


def measure(_ground: Ground) -> Result:
    """The demonstration data and 100,000 further listings; their pictures are not drawn."""
    data = Path(settings.BASE_DIR) / "data"
    load(data)
    load_tax_rates(data / "tax_rates.csv")
    loading.write_missing = lambda _drawings: 0
    loading.load(LISTINGS, say=lambda _line: None)
    refresh_vocabulary()
    analyse()
    return measured()


def measured() -> Result:
    """The same for the listings that are there."""
    taken: dict[str, list[float]] = defaultdict(list)
    right: Counter[str] = Counter()
    first_page: Counter[str] = Counter()
    table = searches()
    for search in table:
        _asked(search.query)
        start = time.perf_counter()
        _asked(search.query)
        taken[search.kind].append((time.perf_counter() - start) * 1000)
        answer = answer_of(search)
        right[search.kind] += not faults(search, answer)
        first_page[search.kind] += _is_on_first_page(search, [row.title for row in answer.listings])
    rows = [
        ("listings on sale", f"{Product.objects.live().whole().count():,}"),
        ("searches", f"{len(table)}"),
    ]
    rows += [(kind, _line(kind, times, right, first_page)) for kind, times in taken.items()]
    for words in BROAD:
        own, postgres = mean_cpu(lambda words=words: _asked(words), repeats=10)
        with counted() as count:
            _asked(words)
        rows.append(
            (
                f"first page of \u201c{words}\u201d",
                f"{own + postgres:.0f} ms CPU: PostgreSQL {postgres:.0f}; {count.statements} queries",
            )
        )
    for words in BEGUN:
        own, postgres = mean_cpu(lambda words=words: suggestions(words), repeats=10)
        rows.append(
            (
                f"suggestions for \u201c{words}\u201d",
                f"{own + postgres:.0f} ms CPU: PostgreSQL {postgres:.0f}",
            )
        )
    return Result(
        "Searches among 100,000 listings",
        rows,
        [
            "Of each kind of search in `tests/catalogue/search_table.csv`: how many find among 100,000 other listings exactly what they"
            " should among the demonstration data, and how many have what should stand first on the first page; then the time of"
            " understanding, finding and ordering the first page, half and 95 of 100.",
        ],
    )


def _asked(words: str) -> None:
    find(Wish(words=words)).keys[:PAGE_SIZE]


def _is_on_first_page(search: Search, titles: list[str]) -> bool:
    if search.nothing_found:
        return not titles
    return bool(titles) and set(search.top[:PAGE_SIZE]) <= set(titles)


def _line(kind: str, times: list[float], right: Counter[str], first_page: Counter[str]) -> str:
    of = len(times)
    p95 = sorted(times)[min(of - 1, round(of * 0.95))]
    return f"{right[kind]} of {of} as in the table, {first_page[kind]} on the first page; {statistics.median(times):.0f} ms, {p95:.0f} ms"
