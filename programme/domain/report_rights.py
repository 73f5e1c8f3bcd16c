"""Kinds of report, and with which right of the staff their rows may be taken away as a file."""

from collections.abc import Mapping

# By the code of the kind, as in programme.reports; kept in rows, so a code is never changed.
RIGHTS: Mapping[str, str] = {
    "listings": "catalogue.view_product",
    "groups": "partner.view_partner",
    "certificates": "partner.view_certificate",
    "products": "programme.view_schemecoverage",
    "nominations": "regions.view_nomination",
    "sales": "order.view_vendororder",
    "payouts": "payments.view_payout",
}
