"""The command that loads places and programme data."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from regions.services.reference_data import InvalidReferenceData, LoadReport, load


class Command(BaseCommand):
    """Loads regions, other names, tiles, schemes, identified products and geographical indications."""

    help = (
        "Load places and programme data; safe to repeat. A faulty file loads nothing and each fault is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where from and how."""
        parser.add_argument(
            "--directory", type=Path, default=Path(settings.BASE_DIR) / "data", help="default: data/"
        )
        parser.add_argument("--dry-run", action="store_true", help="check and compare, change nothing")
        parser.add_argument("--compare", action="store_true", help="compare rows even if the files are known")

    def handle(self, *args: object, **options: Any) -> None:
        """Load, and print a line of counts for each kind."""
        directory: Path = options["directory"]
        try:
            report = load(directory, dry_run=options["dry_run"], compare=options["compare"])
        except InvalidReferenceData as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{error}; nothing was loaded.") from error
        self._print(report, dry_run=options["dry_run"])

    def _print(self, report: LoadReport, *, dry_run: bool) -> None:
        if report.is_known:
            self.stdout.write("Reference data: these files are loaded already.")
            return
        for kind, change in report.changes.items():
            self.stdout.write(
                f"{kind}: {change.listed} listed, {change.created} created, {change.changed} changed, "
                f"{change.only_here} only in the database"
            )
        for found in report.lists:
            self._print_products("no longer in the list, kept", found.left)
            self._print_products("in the list, ended here, left so", found.ended)
            self._print_products("in the list, decided here, left so", found.decided)
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")

    def _print_products(self, what: str, products: Sequence[str]) -> None:
        for product in products:
            self.stdout.write(f"  {what}: {product}")
