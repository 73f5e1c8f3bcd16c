"""Loads example groups, listings, people and orders for the real places; a second run changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.demo.loading import DEFAULT_LISTINGS, PlacesMissing, load
from marketplace.demo.people import LOGINS, PASSWORD


class Command(BaseCommand):
    """Development and tests only: the logins it makes have a published password."""

    help = "Loads the demonstration data; what is there already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many listings, or printing the logins instead."""
        parser.add_argument(
            "--listings", type=int, default=DEFAULT_LISTINGS, help="up to that many (default 400)"
        )
        parser.add_argument("--print-logins", action="store_true", help="only print the logins, load nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the service and say what it wrote."""
        if options["print_logins"]:
            self.print_logins()
            return
        if not 0 < options["listings"] <= 1_000_000:
            raise CommandError("--listings takes a number from 1 to 1000000")
        try:
            report = load(options["listings"], say=self.stdout.write)
        except PlacesMissing as missing:
            raise CommandError(str(missing)) from None
        if report.has_written:
            self.stdout.write(
                f"demonstration data: {report.groups} groups, {report.listings} listings, {report.orders} orders and "
                f"{report.pictures} pictures written in {sum(report.seconds.values()):.1f} s"
            )
        else:
            self.stdout.write("demonstration data: all there already")

    def print_logins(self) -> None:
        """One line for each login."""
        self.stdout.write(f"Demonstration logins, all with the password “{PASSWORD}”:")
        for login in LOGINS:
            self.stdout.write(f"  {login.label:<17} {login.email}")
