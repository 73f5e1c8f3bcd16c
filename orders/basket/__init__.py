"""The basket: our fork of Oscar's."""
