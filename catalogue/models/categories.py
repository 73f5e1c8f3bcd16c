"""Kinds of goods (Oscar's Category)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import AbstractCategory

from marketplace.lib.former_slugs import FormerSlug
from marketplace.lib.translated import Translated, language_field, marks_field, translations_field


class Category(AbstractCategory, Translated):
    """A kind of goods; its name may stand in several languages."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("name",)

    words_language = language_field()
    translations = translations_field()
    translation_marks = marks_field()

    class Meta(AbstractCategory.Meta):
        app_label = "catalogue"


class FormerCategorySlug(FormerSlug):
    """A word under which a kind of goods was found before."""

    page = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.CASCADE, related_name="former_slugs"
    )

    class Meta(FormerSlug.Meta):
        app_label = "catalogue"
        verbose_name = _("address of before of a category")
        verbose_name_plural = _("addresses of before of categories")
