"""Writes the ready reasons of moderation, where the programme has none yet."""

from typing import Any

from django.core.management.base import BaseCommand

from programme.services.canned_reasons import create_canned_reasons


class Command(BaseCommand):
    """Safe to run again: reasons that are there stay as the programme has made them."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the service and say what it did."""
        self.stdout.write(f"reasons written: {create_canned_reasons()}")
