"""Reads of the history."""
