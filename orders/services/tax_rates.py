"""Tax rates from a file into the table; what officers entered since stays."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.db import transaction

from orders.models import TaxRate


class InvalidTaxRates(ValueError):
    """Rows that cannot be taken; problems: one line each, with the number of the row."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"{len(problems)} rows cannot be taken")
        self.problems = problems


@dataclass(frozen=True)
class TaxRateReport:
    """What loading did. different: rates in the table that say something else than the file; they were left."""

    listed: int
    created: int
    different: list[str]


class _TaxRateForm(forms.ModelForm):
    class Meta:
        model = TaxRate
        fields = ("country", "kind", "rate", "valid_from", "valid_until", "name", "note")


def load_tax_rates(path: Path, *, dry_run: bool = False) -> TaxRateReport:
    """Write the rates that are not there yet, known by country, kind and first day; all rows of the file or none.

    A rate that is there is never changed: sales may have been made at it. Raises InvalidTaxRates.
    """
    with path.open(encoding="utf-8", newline="") as source:
        rows = _read(csv.DictReader(source))
    created, different = 0, []
    with transaction.atomic():
        for row in rows:
            found, is_new = TaxRate.objects.get_or_create(
                country=row.country,
                kind=row.kind,
                category=None,
                valid_from=row.valid_from,
                defaults={
                    "rate": row.rate,
                    "valid_until": row.valid_until,
                    "name": row.name,
                    "note": row.note,
                },
            )
            created += is_new
            if found.rate != row.rate:
                different.append(f"{found}, the file says {row.rate:%}")
        transaction.set_rollback(dry_run)
    return TaxRateReport(len(rows), created, different)


def _read(rows: Iterable[dict[str, str]]) -> list[TaxRate]:
    taken, problems = [], []
    # The first row of the file is its heading.
    for number, row in enumerate(rows, start=2):
        form = _TaxRateForm(row)
        if form.is_valid():
            taken.append(form.save(commit=False))
        else:
            wrong = "; ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
            problems.append(f"row {number}: {wrong}")
    if problems:
        raise InvalidTaxRates(problems)
    return taken
