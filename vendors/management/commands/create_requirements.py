"""Writes the checklist that groups are asked for, where the programme has none yet."""

from typing import Any

from django.core.management.base import BaseCommand

from vendors.services.requirements import create_requirements


class Command(BaseCommand):
    """Safe to run again: a checklist that is there stays as the programme has made it."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the service and say what it did."""
        self.stdout.write(f"requirements written: {create_requirements()}")
