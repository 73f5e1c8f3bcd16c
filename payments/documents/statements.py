"""The statement of a group's account as PDF and as CSV: the same rows as the page shows."""

import csv
from decimal import Decimal
from io import StringIO

from django.conf import settings
from django.utils.translation import gettext as _

from marketplace.lib.cells import safe_cell
from marketplace.lib.money import format_money
from marketplace.lib.pdf import Column, Sheet
from payments.documents.words import day_words, short_day
from payments.selectors.statements import Statement


def statement_pdf(statement: Statement, *, language: str) -> bytes:
    """The statement in the active language. language: the active one."""
    sheet = Sheet(
        _("Statement of account"),
        language=language,
        made_at=statement.made_at,
        foot=f"{settings.SITE_NAME} · {statement.vendor.name}",
    )
    sheet.facts(
        [
            (_("Group"), statement.vendor.name),
            (_("From"), day_words(statement.first)),
            (_("To"), day_words(statement.last)),
            (_("Currency"), statement.currency),
        ]
    )

    def written(amount: Decimal) -> str:
        return format_money(amount, statement.currency)

    columns = [
        Column(_("Day"), 3),
        Column(_("What"), 5),
        Column(_("Number"), 4),
        Column(_("Amount"), 3, is_number=True),
        Column(_("Balance"), 3, is_number=True),
    ]
    rows = [
        [short_day(row.day), row.words, row.number, written(row.amount), written(row.balance)]
        for row in statement.rows
    ]
    opening = [short_day(statement.first), _("Balance before"), "", "", written(statement.opening)]
    sheet.table(columns, [opening, *rows])
    sheet.sums([], total=(_("Balance after"), written(statement.closing)))
    if statement.held:
        sheet.sums([(_("Held back beside it"), written(statement.held))])
    return sheet.bytes()


def statement_csv(statement: Statement) -> str:
    """The statement as rows: day, what, number, amount, balance; no cell begins a formula but amounts, which are numbers.

    The first row below the heading is the balance before, the last two the balance after and what is held back.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Day"), _("What"), _("Number"), _("Amount"), _("Balance"), _("Currency")])
    currency = statement.currency
    writer.writerow([statement.first, _("Balance before"), "", "", statement.opening, currency])
    for row in statement.rows:
        cells = [row.day, safe_cell(row.words), safe_cell(row.number), row.amount, row.balance, currency]
        writer.writerow(cells)
    writer.writerow([statement.last, _("Balance after"), "", "", statement.closing, currency])
    writer.writerow([statement.last, _("Held back beside it"), "", "", statement.held, currency])
    # Spreadsheets take a file for UTF-8 only with this sign in front.
    return "\ufeff" + out.getvalue()
