"""Fixtures of the payments."""

from tests.support.sale import fake_provider

__all__ = ["fake_provider"]
