"""App of the vouchers."""

from oscar.apps.voucher.apps import VoucherConfig as OscarVoucherConfig


class VoucherConfig(OscarVoucherConfig):
    """Oscar's label and models."""

    name = "orders.vouchers"

    def ready(self) -> None:
        """Count no additions to baskets."""
