"""App of the kept addresses."""

from oscar.apps.address.apps import AddressConfig as OscarAddressConfig


class AddressConfig(OscarAddressConfig):
    """Oscar's label and models. Its admin is not loaded: what a person keeps is read by nobody else."""

    name = "orders.addresses"
