"""Fixtures of the notices."""

from tests.support.sale import sms_outbox

__all__ = ["sms_outbox"]
