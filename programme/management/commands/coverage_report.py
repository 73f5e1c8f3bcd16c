"""Prints which places of a scheme have an identified product, a group, a live listing and a sale, as CSV."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from programme.documents.coverage import coverage_csv
from programme.selectors.coverage import Gap, coverage, levels_of
from regions.models import Region, Scheme


class Command(BaseCommand):
    """The same rows as the page of the admin."""

    help = "Prints the coverage of a scheme as CSV."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to count."""
        parser.add_argument("scheme", help="code of the scheme, such as OGOP")
        parser.add_argument("--level", help="level of the places; by default the smallest", default="")
        parser.add_argument("--within", help="code of a place: only what lies in it", default="")
        parser.add_argument("--missing", choices=Gap.values, help="only places that lack this first")

    def handle(
        self, *args: Any, scheme: str, level: str, within: str, missing: str | None, **options: Any
    ) -> None:
        """Count and print."""
        found = Scheme.objects.select_related("country").filter(code=scheme).first()
        if found is None:
            raise CommandError(
                f"no scheme has the code {scheme}; {_known(Scheme.objects.values_list('code'))}"
            )
        levels = levels_of(found)
        if level and level not in levels:
            raise CommandError(f"{scheme} is not looked at by {level}; choose one of {', '.join(levels)}")
        place = Region.objects.filter(code=within).first() if within else None
        if within and place is None:
            raise CommandError(f"no place has the code {within}")
        result = coverage(found, Region.Level(level) if level else levels[0], within=place)
        self.stdout.write(coverage_csv(result, gap=Gap(missing) if missing else None), ending="")
        totals = ", ".join(f"{gap.value} {count}" for gap, count in result.totals.items())
        self.stderr.write(f"places: {len(result.places)}; first gap: {totals}")


def _known(codes: Any) -> str:
    return "known are " + ", ".join(code for (code,) in codes)
