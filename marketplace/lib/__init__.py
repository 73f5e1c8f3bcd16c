"""Helpers that import no app."""
