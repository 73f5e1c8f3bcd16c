"""Searches among 100,000 listings: that those of the table still find what they should, and what each kind costs."""

import statistics
import time
from collections import defaultdict
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
from tests.support.search_table import PAGE_SIZE, among_many, answer_of, faults, searches

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
    wrong: dict[str, list[str]] = defaultdict(list)
    table = searches()
    for search in table:
        _asked(search.query)
        start = time.perf_counter()
        _asked(search.query)
        taken[search.kind].append((time.perf_counter() - start) * 1000)
        if faults(among_many(search), answer_of(search)):
            wrong[search.kind].append(search.query)
    rows = [
        ("listings on sale", f"{Product.objects.live().whole().count():,}"),
        ("searches", f"{len(table)}"),
    ]
    rows += [(kind, _line(times, wrong[kind])) for kind, times in taken.items()]
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
            "Of each kind of search in `tests/catalogue/search_table.csv`: how many find among 100,000 other listings what they should;"
            " where other groups sell the same goods, which the table says in its column `among_many`, theirs may stand in front as"
            " well. Then the time of understanding, finding and ordering the first page, half and 95 of 100.",
        ],
    )


def _asked(words: str) -> None:
    find(Wish(words=words)).keys[:PAGE_SIZE]


def _line(times: list[float], wrong: list[str]) -> str:
    of = len(times)
    p95 = sorted(times)[min(of - 1, round(of * 0.95))]
    said = f" (not {', '.join(wrong)})" if wrong else ""
    return f"{of - len(wrong)} of {of} find what they should{said}; {statistics.median(times):.0f} ms, {p95:.0f} ms"
