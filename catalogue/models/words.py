"""Words of what is on sale, by which a typed one is understood."""

from django.contrib.postgres.indexes import GistIndex
from django.db import models


class SearchWord(models.Model):
    """A word of listings on sale; uses: in how many of them it stands. Made anew by catalogue.services.vocabulary.

    sound, bones: of regions.domain.spelling, empty for what is not written in Latin letters.
    """

    word = models.CharField(max_length=60, unique=True)
    uses = models.PositiveIntegerField()
    sound = models.CharField(max_length=60, blank=True, db_default="")
    bones = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        verbose_name = "search word"
        verbose_name_plural = "search words"
        indexes = [
            GistIndex(name="search_word_like", fields=["word"], opclasses=["gist_trgm_ops"]),
            models.Index(name="search_word_sound", fields=["sound"], condition=~models.Q(sound="")),
            models.Index(name="search_word_bones", fields=["bones"], condition=~models.Q(bones="")),
        ]

    def __str__(self) -> str:
        return self.word
