"""The command that loads tax rates."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orders.services.tax_rates import InvalidTaxRates, load_tax_rates


class Command(BaseCommand):
    """Loads the tax rates of data/tax_rates.csv that are not in the table yet."""

    help = "Load tax rates; safe to repeat. Rates that are there are left, and named where the file differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where from and how."""
        default = Path(settings.BASE_DIR) / "data" / "tax_rates.csv"
        parser.add_argument("--file", type=Path, default=default, help="default: data/tax_rates.csv")
        parser.add_argument("--dry-run", action="store_true", help="check and compare, change nothing")

    def handle(self, *args: object, **options: Any) -> None:
        """Load, and print a line of counts."""
        try:
            report = load_tax_rates(options["file"], dry_run=options["dry_run"])
        except InvalidTaxRates as error:
            for problem in error.problems:
                self.stderr.write(problem)
            raise CommandError(f"{error}; nothing was loaded.") from error
        self.stdout.write(f"Tax rates: {report.listed} listed, {report.created} created")
        for words in report.different:
            self.stdout.write(f"  differs: {words}")
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
