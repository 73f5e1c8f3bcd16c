"""Wiring of the marketplace: settings, URLs, Celery, start-up."""
