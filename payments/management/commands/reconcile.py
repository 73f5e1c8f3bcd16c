"""Compares orders, payment attempts, ledger and provider, and lists every difference with its age and owner."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.timesince import timesince

from marketplace.lib.money import format_money
from payments.models import Difference
from payments.services.reconciling import reconcile

HEADINGS = ("area", "about", "expected", "found", "age", "owner", "what differs")


class Command(BaseCommand):
    """Run nightly by beat too. Exit status 1 when anything differs or the provider could not be asked."""

    help = "Lists every difference between orders, payment attempts, ledger and the provider's balance."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument(
            "--no-provider", action="store_true", help="ask nobody outside: compare what is in the database"
        )

    def handle(self, *args: Any, no_provider: bool, **options: Any) -> None:
        """Call the service, print its table, end with 1 on any difference."""
        result = reconcile(with_provider=not no_provider)
        if result.open:
            self.stdout.write(_table([HEADINGS, *map(_cells, result.open)]))
        if result.provider_error:
            self.stderr.write(f"the provider could not be asked: {result.provider_error}")
        self.stdout.write(f"differences: {len(result.open)}, new: {result.new}, gone: {result.gone}")
        if not result.is_clean:
            sys.exit(1)


def _cells(row: Difference) -> tuple[str, ...]:
    amounts = [
        format_money(amount, row.currency) if row.currency else f"{amount:.0f}"
        for amount in (row.expected, row.found)
    ]
    owner = row.owner.name if row.owner else "nobody"
    return (
        row.area,
        row.subject,
        *amounts,
        timesince(row.first_seen_at, timezone.now(), depth=1),
        owner,
        row.detail,
    )


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)
