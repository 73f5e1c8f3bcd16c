"""Kinds of goods (Oscar's Category)."""

from typing import ClassVar

from oscar.apps.catalogue.abstract_models import AbstractCategory

from marketplace.lib.translated import Translated, language_field, marks_field, translations_field


class Category(AbstractCategory, Translated):
    """A kind of goods; its name may stand in several languages."""

    TRANSLATED: ClassVar[tuple[str, ...]] = ("name",)

    words_language = language_field()
    translations = translations_field()
    translation_marks = marks_field()

    class Meta(AbstractCategory.Meta):
        app_label = "catalogue"
