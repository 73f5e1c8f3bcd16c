"""Kinds of goods: the tree of them, what words name them, and the listings in them."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from oscar.core.loading import get_model

from catalogue.models import FormerCategorySlug, Product
from catalogue.selectors.typed_words import Asked
from regions.domain.typed import terms

Category = get_model("catalogue", "Category")


class Kinds:
    """The public kinds of goods, rows of Oscar's Category: a small table, read once and not before it is asked for."""

    @cached_property
    def rows(self) -> Sequence[Any]:
        """All of them in the order of the tree, with the slugs they had before; one query, asked once."""
        former = FormerCategorySlug.objects.filter(page=OuterRef("pk")).values("slug")
        rows = Category.objects.filter(is_public=True).annotate(slugs_before=ArraySubquery(former))
        return list(rows.order_by("path"))

    @property
    def roots(self) -> Sequence[Any]:
        """Those of the first level."""
        return [row for row in self.rows if row.depth == 1]

    def called(self, slug: str) -> Any:
        """The kind of this slug, None where there is none."""
        return next((row for row in self.rows if row.slug == slug), None)

    def called_before(self, slug: str) -> Any:
        """The public kind that had this slug last, None where none had it."""
        return next((row for row in self.rows if slug in row.slugs_before), None)

    def above(self, kind: Any) -> Sequence[Any]:
        """Public kinds above one, the root first."""
        return [row for row in self.rows if row.depth < kind.depth and kind.path.startswith(row.path)]

    def named(self, asked: Asked) -> list[Any]:
        """Kinds whose name says all that is asked for but places, or other words for it, the highest of the tree first.

        A name in any language may say it, one at a time.
        """
        wanted = [
            {word for form in (*term.forms, *term.others) for word in form.split()}
            for place, term in enumerate(asked.terms)
            if place not in asked.places
        ]
        if not wanted:
            return []
        shown = sorted((row for row in self.rows if row.ancestors_are_public), key=lambda row: row.depth)
        return [row for row in shown if any(_says_all(name, wanted) for name in row.all_said("name"))]


def in_kinds(paths: Sequence[str]) -> QuerySet[Any]:
    """Keys of the rows in these kinds and below them; no query of its own."""
    within = Q(pk__in=[])
    for path in paths:
        within |= Q(categories__path__startswith=path)
    return Product.objects.filter(within).values("pk")


def _says_all(name: str, wanted: Sequence[set[str]]) -> bool:
    said = _words_of(name)
    return all(words & said for words in wanted)


def _words_of(name: str) -> set[str]:
    return {form for term in terms(name) for form in (*term.forms, *term.others)}
