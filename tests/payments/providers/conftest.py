"""Fixtures of the provider tests."""

from tests.support.simulator import simulator, webhook_receiver

__all__ = ["simulator", "webhook_receiver"]
