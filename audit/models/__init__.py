"""Rows of the audit."""

from audit.models.change import Change

__all__ = ["Change"]
