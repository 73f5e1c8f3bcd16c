"""Kinds of report that the office can have made as a file.

To add a kind:

1. Give its code a right in `programme.domain.report_rights.RIGHTS`: who may see such rows in the admin.
2. Write `programme/reports/<noun>s.py` with one `ReportKind` (`programme.reports.kind` says what each field is): the form of its
   filters, the rows and the cells of a chunk of them. What is outside of a person's places is left out by the run, for all kinds alike, along
   `path`.
3. Add it to `KINDS` below. The pages, saved reports, the worker and the file follow.
"""

from programme.reports.certificates import CERTIFICATES
from programme.reports.groups import GROUPS
from programme.reports.kind import FilterForm, ReportKind
from programme.reports.listings import LISTINGS
from programme.reports.nominations import NOMINATIONS
from programme.reports.payouts import PAYOUTS
from programme.reports.products import PRODUCTS
from programme.reports.sales import SALES

__all__ = ["KINDS", "FilterForm", "ReportKind"]

# In the order in which they are offered.
KINDS: dict[str, ReportKind] = {
    kind.code: kind for kind in (LISTINGS, GROUPS, CERTIFICATES, PRODUCTS, NOMINATIONS, SALES, PAYOUTS)
}
