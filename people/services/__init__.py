"""Writes about people that have a rule."""
