"""A provider in memory for sales."""

from tests.support.sale import fake_provider

__all__ = ["fake_provider"]
