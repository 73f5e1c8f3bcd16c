"""App of the search: our fork of Oscar's, without Haystack."""

from oscar.apps.search.apps import SearchConfig as OscarSearchConfig


class SearchConfig(OscarSearchConfig):
    """Oscar's label; its views and forms are replaced by catalogue.search.listings and the storefront."""

    name = "catalogue.search"

    def ready(self) -> None:
        """Load none of Oscar's search views."""
