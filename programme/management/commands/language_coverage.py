"""Prints how much of the interface and of the content each language has, as CSV."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from programme.documents.languages import languages_csv
from programme.selectors.interface_texts import interface_texts
from programme.selectors.languages import content_said


class Command(BaseCommand):
    """The same rows as the page of the admin, and the texts that a language lacks."""

    help = (
        "Prints what is translated into each language as CSV, or the texts of the interface that one lacks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to print."""
        parser.add_argument("--missing", help="code of a language: print the texts that it lacks, one a line")

    def handle(self, *args: Any, missing: str | None, **options: Any) -> None:
        """Count and print."""
        texts = interface_texts()
        if missing is None:
            self.stdout.write(languages_csv(texts, content_said()), ending="")
            return
        codes = [code for code, _name in settings.LANGUAGES]
        if missing not in codes:
            raise CommandError(f"no language has the code {missing}; known are {', '.join(codes)}")
        lacking = next(row.missing for row in texts if row.language == missing)
        for text in lacking:
            self.stdout.write(text.replace("\n", "\\n"))
        self.stderr.write(f"{len(lacking)} texts are missing")
