"""Words that stood in the address of a page before: the page is found by them until another page takes them."""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)


class FormerSlug(models.Model):
    """A word of before. A subclass adds page, a foreign key with related_name="former_slugs".

    Nobody writes it: triggers (keep_former_slug) do whenever the word of a page changes, and take it away when a page gets it.
    """

    slug = models.SlugField(_("address of before"), max_length=255, unique=True)
    left_at = models.DateTimeField(_("left at"))

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return self.slug


def by_slug(rows: QuerySet[Row], slug: str) -> Row | None:
    """The row that has this word, else the one that had it last; None when none did.

    rows: of a model with slug and former_slugs. One query for a word of today, two for any other.
    """
    return rows.filter(slug=slug).first() or rows.filter(former_slugs__slug=slug).first()
