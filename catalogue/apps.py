"""App of the catalogue: our fork of Oscar's."""

from oscar.apps.catalogue.apps import CatalogueConfig as OscarCatalogueConfig


class CatalogueConfig(OscarCatalogueConfig):
    """Oscar's label and models; its pages are not built."""

    name = "catalogue"

    def ready(self) -> None:
        """Connect only what keeps the category tree right, and let listings follow places; pages are the storefront's."""
        from oscar.apps.catalogue import receivers  # noqa: F401 - models must be ready first

        from catalogue.services.places import follow_places  # models are loaded only now

        follow_places()
