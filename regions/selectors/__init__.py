"""Reads of places."""
