"""Fields in which a group writes its words in other languages, beside its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

OWN = "words_language"


@dataclass(frozen=True)
class Fold:
    """One other language on a form. is_open: something stands there, or was refused."""

    code: str
    name: str
    fields: Sequence[forms.BoundField]
    is_open: bool


class TranslatedForm(forms.Form):
    """A form whose words may stand in several languages, in fields called "title:hi".

    What a page that was sent does not have, since it is older, stays as it was. initial: says words_language.
    """

    translated: Sequence[str] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[OWN] = forms.ChoiceField(
            label=_("In which language do you write?"), choices=settings.LANGUAGES, required=False
        )
        for code, language in settings.LANGUAGES:
            for name in self.translated:
                self.fields[f"{name}:{code}"] = _twin(self.fields[name], code, language)

    def clean(self) -> dict[str, Any]:
        """Words that stand twice in one language are said to do so, and none of them is lost."""
        given = super().clean() or self.cleaned_data
        for name in [OWN, *self._names()]:
            if self.add_prefix(name) not in self.data:
                given[name] = self.initial.get(name, "")
        own = given[OWN] = given.get(OWN) or self.initial.get(OWN) or settings.LANGUAGE_CODE
        for name in self.translated:
            if given.get(f"{name}:{own}"):
                self.add_error(
                    f"{name}:{own}",
                    _(
                        "You say that you write in this language above. Choose another one there, or empty this."
                    ),
                )
        return given

    @property
    def folds(self) -> list[Fold]:
        """The other languages, as the page shows them; the own one only where something was typed into it."""
        own = self[OWN].value() or settings.LANGUAGE_CODE
        found = []
        for code, language in settings.LANGUAGES:
            bound = [self[f"{name}:{code}"] for name in self.translated]
            has_words = any(field.value() for field in bound)
            if code != own or has_words:
                found.append(
                    Fold(code, str(language), bound, has_words or any(field.errors for field in bound))
                )
        return found

    def _names(self) -> list[str]:
        return [f"{name}:{code}" for code, _language in settings.LANGUAGES for name in self.translated]


def initial_words(translations: Mapping[str, Mapping[str, str]], names: Iterable[str]) -> dict[str, str]:
    """What these fields show of a row."""
    return {
        f"{name}:{code}": translations.get(code, {}).get(name, "")
        for code, _language in settings.LANGUAGES
        for name in names
    }


def _twin(field: forms.Field, code: str, language: Any) -> forms.CharField:
    """The same field for another language."""
    attrs = {**field.widget.attrs, "lang": code}
    return forms.CharField(
        label=format_lazy("{label} ({language})", label=field.label, language=language),
        required=False,
        max_length=getattr(field, "max_length", None),
        widget=type(field.widget)(attrs=attrs),
    )
