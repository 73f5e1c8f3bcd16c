"""The table of coverage as CSV."""

import csv
from io import StringIO

from django.utils.translation import gettext as _

from marketplace.lib.cells import safe_cell
from programme.selectors.coverage import Coverage, Gap


def coverage_csv(found: Coverage, *, gap: Gap | None = None) -> str:
    """One row for each place, with the words of the active language. gap: only places whose first gap this is."""
    file = StringIO()
    table = csv.writer(file)
    table.writerow(
        [
            _("Code"),
            _("Place"),
            _("Part of"),
            _("Identified products"),
            _("Groups"),
            _("Live listings"),
            _("Sales in 90 days"),
            _("Missing"),
        ]
    )
    for place in found.lacking(gap):
        region = place.region
        table.writerow(
            [
                region.code,
                safe_cell(region.name),
                safe_cell(region.parent.name if region.parent else ""),
                place.products,
                place.groups,
                place.listings,
                place.sales,
                place.gap.label,
            ]
        )
    return file.getvalue()
