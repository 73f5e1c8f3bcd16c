"""Writes about a person's own data."""
