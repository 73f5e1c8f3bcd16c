"""Delivery methods of the groups: our fork of Oscar's shipping."""
