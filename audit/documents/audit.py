"""The audit as CSV: one line for each value."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from audit.models import Change
from audit.selectors.history import Entry, entries_of
from marketplace.lib.cells import safe_cell


class _Said:
    """A file that hands back what is written to it."""

    def write(self, words: str) -> str:
        return words


def audit_csv(pages: Iterable[Sequence[Change]], *, most: int) -> Iterator[str]:
    """Lines of the file, written while it is sent; a last one says so where there is more than it may hold."""
    writer = csv.writer(_Said())
    yield "\ufeff" + str(writer.writerow(_heads()))
    written = 0
    for page in pages:
        for entry in entries_of(page):
            for cells in _lines(entry):
                yield str(writer.writerow([safe_cell(each) for each in cells]))
        written += len(page)
    if written >= most:
        words = _("These are the newest %(count)s; narrow the question for others.") % {"count": most}
        yield str(writer.writerow([safe_cell(words)]))


def _heads() -> list[str]:
    return [
        _("When"),
        _("By"),
        _("On behalf of"),
        _("What"),
        _("Key"),
        _("Happened"),
        _("Value"),
        _("Before"),
        _("After"),
        _("Reason"),
        _("By way of"),
        _("Operation"),
    ]


def _lines(entry: Entry) -> Iterator[list[str]]:
    head = [entry.at.isoformat(timespec="seconds"), entry.person, entry.on_behalf_of, entry.subject]
    key = f"{entry.model} {entry.row}"
    tail = [entry.reason, entry.via, str(entry.operation or "")]
    for line in entry.lines:
        yield [*head, key, entry.action, line.label, line.before, line.after, *tail]
    if not entry.lines:
        yield [*head, key, entry.action, "", "", "", *tail]
