"""Fixtures for all rooms; what runs before Django is in tests/support/plugin.py."""
