"""Fixtures of the simulator tests."""

from tests.support.simulator import simulator, webhook_receiver

__all__ = ["simulator", "webhook_receiver"]
