"""App of the demonstration data; it has no tables, only a command."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Installed in development and tests only."""

    name = "marketplace.demo"
    label = "demo"
