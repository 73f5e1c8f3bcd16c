"""Drawn pictures of goods for demonstration data and for listings without a photograph."""

from catalogue.pictures.composition import VARIANTS, picture, render
from catalogue.pictures.words import GENERIC, kind_by_name, kind_for

__all__ = ["GENERIC", "VARIANTS", "kind_by_name", "kind_for", "picture", "render"]
