"""What is translated, as CSV."""

import csv
from collections.abc import Sequence
from io import StringIO

from django.utils.translation import gettext as _

from marketplace.lib.words import language_name
from programme.selectors.interface_texts import Texts
from programme.selectors.languages import Said


def languages_csv(texts: Sequence[Texts], content: Sequence[Sequence[Said]]) -> str:
    """One row for the interface and each room in each language, with the words of the active language."""
    file = StringIO()
    table = csv.writer(file)
    table.writerow(
        [_("What"), _("Language"), _("All"), _("In this language"), _("Missing"), _("Not read by a speaker")]
    )
    for row in texts:
        unread = row.translated - row.reviewed
        table.writerow(
            [
                _("texts of the interface"),
                language_name(row.language),
                row.total,
                row.translated,
                row.total - row.translated,
                unread,
            ]
        )
    for room in content:
        for said in room:
            table.writerow(
                [
                    said.room.words,
                    language_name(said.language),
                    said.total,
                    said.said,
                    said.missing,
                    said.unread,
                ]
            )
    return file.getvalue()
