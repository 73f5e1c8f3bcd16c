"""A form field for places: typed in either script, suggested, chosen; with and without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from regions.models import Region
from regions.selectors.places import suggest

MOST_CHOICES = 8
LONGEST = 60


@dataclass(frozen=True)
class PlaceChoice:
    """One place to choose: its key, its name in both scripts, what tells it from others of that name."""

    pk: int
    name: str
    note: str
    is_chosen: bool = False


@dataclass(frozen=True)
class TypedPlace:
    """What a form sends of a place. chosen: key of the chosen one; shown_for: the words whose places were shown."""

    chosen: str = ""
    words: str = ""
    shown_for: str = ""


class PlaceInput(forms.Widget):
    """Reads the three inputs of components/place_picker.html, which also shows them."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> TypedPlace:
        """The inputs <name>, <name>_words and <name>_for."""
        return TypedPlace(
            str(data.get(name) or ""),
            str(data.get(f"{name}_words") or "").replace("\0", "").strip()[:LONGEST],
            str(data.get(f"{name}_for") or "").strip(),
        )

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether neither a choice nor words were sent."""
        return name not in data and f"{name}_words" not in data


class PlaceField(forms.Field):
    """A place; cleans to a Region, or None when it is not required and nothing was said.

    offered: places to choose from before anything is typed, such as the group's own. below: only places in this one.
    Words that mean one place are taken for it. Words that may mean several come back as choices, so that the page
    without a script searches and chooses; show it with components/place_picker.html.
    """

    widget = PlaceInput
    default_error_messages = {
        "required": _("Write the name of the place."),
        "unknown": _("We know no such place. Write the name of the gewog, district, dzongkhag or state."),
        "several": _("Choose which place you mean."),
    }

    def __init__(self, *, offered: Sequence[Region] = (), below: Region | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.offered = offered
        self.below = below

    def get_bound_field(self, form: Any, field_name: str) -> "PlaceBoundField":
        """With what the component shows."""
        return PlaceBoundField(form, self, field_name)

    def clean(self, value: Any) -> Region | None:
        """The place that was chosen, or that the words name."""
        typed = value if isinstance(value, TypedPlace) else TypedPlace()
        if typed.words and typed.words != typed.shown_for:
            return self._named(typed.words)
        chosen = self._chosen(typed.chosen)
        if chosen is None and typed.words:
            return self._named(typed.words)
        if chosen is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], "required")
        return chosen

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another place was chosen or words were typed."""
        typed = data if isinstance(data, TypedPlace) else TypedPlace()
        return typed.chosen != str(_key(initial) or "") or bool(typed.words)

    def _chosen(self, key: str) -> Region | None:
        if not key.isdecimal() or len(key) > 9:
            return None
        rows = Region.objects.standing().select_related("parent__parent").filter(pk=int(key))
        return (rows.within(self.below) if self.below else rows).first()

    def _named(self, words: str) -> Region:
        found = suggest(words, below=self.below, limit=MOST_CHOICES)
        if not found:
            raise forms.ValidationError(self.error_messages["unknown"], "unknown")
        exact = [each.region for each in found if _is_name(words, each.region, each.alias)]
        if len(exact) == 1 or len(found) == 1:
            return exact[0] if exact else found[0].region
        raise forms.ValidationError(self.error_messages["several"], "several")


class PlaceBoundField(BoundField):
    """A place as the component shows it."""

    field: PlaceField

    @property
    def words(self) -> str:
        """What was typed."""
        return self._typed.words

    @property
    def choices(self) -> list[PlaceChoice]:
        """What the typed words may mean; before anything is typed the chosen place and those offered."""
        typed = self._typed
        if typed.words:
            return place_choices(typed.words, below=self.field.below, chosen=typed.chosen)
        key = typed.chosen if typed.chosen.isdecimal() else ""
        offered = {place.pk: place for place in self.field.offered}
        if key and int(key) not in offered and (other := self.field._chosen(key)):
            offered = {other.pk: other, **offered}
        return [choice(place, chosen=key) for place in offered.values()]

    @property
    def _typed(self) -> TypedPlace:
        value = self.value()
        return value if isinstance(value, TypedPlace) else TypedPlace(chosen=str(_key(value) or ""))


def place_choices(words: str, *, below: Region | None = None, chosen: str = "") -> list[PlaceChoice]:
    """Places that the words may mean, best first; at most two queries."""
    found = suggest(words, below=below, limit=MOST_CHOICES)
    return [choice(each.region, chosen=chosen, alias=each.alias) for each in found]


def choice(place: Region, *, chosen: str = "", alias: str = "") -> PlaceChoice:
    """A place with its level and what lies above it; place is read with its parents."""
    above: list[str] = []
    parent = place.parent
    while parent is not None:
        above.append(parent.name)
        parent = parent.parent
    words = [str(place.get_level_display()), *above]
    if alias:
        words.append(f"“{alias}”")
    return PlaceChoice(place.pk, place.display_name, " · ".join(words), chosen == str(place.pk))


def _is_name(words: str, place: Region, alias: str) -> bool:
    typed = words.casefold()
    return typed in (place.name.casefold(), place.local_name, place.code.casefold(), alias.casefold())


def _key(value: Any) -> int | None:
    return value.pk if isinstance(value, Region) else value


class PlaceWordsField(forms.CharField):
    """A place as staff write it, by code or by name; cleans to a Region read with its parents, or None when nothing is said.

    One line and no script, for forms of Django admin. Words that several places are called by come back with their codes.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("help_text", _("Name or code, such as Paro or BT-11."))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The code, which means one place only."""
        if isinstance(value, int):
            value = Region.objects.filter(pk=value).first()
        return value.code if isinstance(value, Region) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another place was written."""
        return bool((self.prepare_value(initial) or "") != (data or ""))

    def clean(self, value: Any) -> Region | None:
        """The place that is meant."""
        words = super().clean(value).replace("\0", "").strip()
        if not words:
            return None
        found = suggest(words, limit=MOST_CHOICES)
        exact = [each.region for each in found if _is_name(words, each.region, each.alias)]
        if len(exact) == 1:
            return exact[0]
        if len(found) == 1:
            return found[0].region
        if not found:
            raise forms.ValidationError(_("We know no such place. Write its code or its name."), "unknown")
        named = "; ".join(f"{each.region.name} ({each.region.code})" for each in found)
        wrong = _("Write the code of the place that you mean: %(places)s.") % {"places": named}
        raise forms.ValidationError(wrong, "several")
