"""Kinds about groups and their members."""

from notices.kinds.base import Kind

KINDS: tuple[Kind, ...] = ()
