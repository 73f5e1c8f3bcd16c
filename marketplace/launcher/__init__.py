"""Starts everything the marketplace needs on one machine: `python -m marketplace.launcher`."""
