"""Notices in Django admin: what was sent to whom, and with which words."""

from notices.admin import log, texts

__all__ = ["log", "texts"]
