"""Kinds of goods that words name, and the listings in them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from oscar.core.loading import get_model

from catalogue.models import Product
from catalogue.selectors.typed_words import Asked
from regions.domain.typed import terms

Category = get_model("catalogue", "Category")


def in_kinds(paths: Sequence[str]) -> QuerySet[Any]:
    """Keys of the rows in these kinds and below them; no query of its own."""
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(categories__path__startswith=path)
    return Product.objects.filter(within).values("pk")


def kinds_named(asked: Asked) -> list[Any]:
    """Public kinds whose name says all that is asked for but places, or other words for it; one query."""
    wanted = [
        {word for form in (*term.forms, *term.others) for word in form.split()}
        for place, term in enumerate(asked.terms)
        if place not in asked.places
    ]
    if not wanted:
        return []
    kinds = Category.objects.browsable().order_by("depth", "path")
    return [kind for kind in kinds if all(words & _words_of(kind.name) for words in wanted)]


def _words_of(name: str) -> set[str]:
    return {form for term in terms(name) for form in (*term.forms, *term.others)}
