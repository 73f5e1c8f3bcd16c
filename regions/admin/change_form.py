"""The form in which staff enter a change of a place; each kind of change has its own fields."""

import uuid
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from marketplace.lib.words import is_blank, plain_words
from regions.forms import PlaceWordsField
from regions.models import EnteredChange, Region, RegionChange
from regions.services.register_checks import Fault

Kind = RegionChange.Kind
FIRST_PIECES, MOST_PIECES = 3, 8
ABOUT = {
    Kind.RENAMED: _("The place goes on under another name, and where you say so with another code."),
    Kind.MOVED: _("The place goes on, with all that lies in it, below another place."),
    Kind.SPLIT: _(
        "The land goes to several places, new or old; the place itself may go on with a part of it."
    ),
    Kind.MERGED: _("The place ends, and another has all of its land and of what stands there."),
    Kind.CREATED: _("A new place begins, and nothing is known of who had its land."),
    Kind.ABOLISHED: _("The place ends, and nothing is known of who has its land."),
}
_OTHER = {
    Kind.MOVED: _("It lies then in"),
    Kind.MERGED: _("It becomes part of"),
    Kind.CREATED: _("It lies in"),
}
_WORDS = {"class": "vTextField"}


class PlaceOfTheRegisterField(PlaceWordsField):
    """A place by code or name; also one that ended, by its code, so that the refusal can say when."""

    def clean(self, value: Any) -> Region | None:
        """The place that is meant."""
        words = str(value or "").replace("\0", "").strip().upper()
        ended = Region.objects.select_related("parent").filter(code=words, ended_on__isnull=False).first()
        return ended or super().clean(value)


class ChangeForm(forms.Form):
    """Cleans to an unsaved EnteredChange. seen: fingerprint of the values whose preview was shown.

    Carrying out what was not previewed shows the preview instead.
    """

    on = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A day to come as well: it is carried out when that day begins there."),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=400,
        widget=forms.TextInput(attrs=_WORDS),
        help_text=_(
            "The notification with its number and day. It stands on the page of the place and in the audit."
        ),
    )
    note = forms.CharField(
        label=_("Remark"), max_length=255, required=False, widget=forms.TextInput(attrs=_WORDS)
    )
    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)

    def __init__(self, sent: Mapping[str, Any] | None, *, kind: str, place: Region | None = None) -> None:
        super().__init__(sent, initial={"place": place.pk, "other": place.pk} if place else None)
        self.kind = kind
        for name, field in _fields(kind).items():
            self.fields[name] = field
        if kind != Kind.CREATED:
            self.initial.pop("other", None)

    @property
    def rows(self) -> Iterable[BoundField]:
        """The fields that are shown one below the other, in order."""
        first = [
            name
            for name in ("place", "other", "name", "local_name", "code", "goes_on")
            if name in self.fields
        ]
        return [self[name] for name in (*first, "on", "source", "note")]

    @property
    def pieces(self) -> list[tuple[int, list[BoundField]]]:
        """Of a split: number, and code, name and local name of each place that most splits have."""
        return self._pieces(1, FIRST_PIECES)

    @property
    def more_pieces(self) -> list[tuple[int, list[BoundField]]]:
        """The others."""
        return self._pieces(FIRST_PIECES + 1, MOST_PIECES)

    @property
    def has_more_pieces(self) -> bool:
        """Whether any of the others is filled in."""
        return any(field.value() for _n, piece in self.more_pieces for field in piece)

    def _pieces(self, first: int, last: int) -> list[tuple[int, list[BoundField]]]:
        if self.kind != Kind.SPLIT:
            return []
        return [(n, [self[f"{name}_{n}"] for name in _PIECE]) for n in range(first, last + 1)]

    def clean(self) -> dict[str, Any]:
        """Words on one line, without what no database can hold."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in given.items():
            if isinstance(value, str) and name not in ("key", "seen"):
                given[name] = " ".join(plain_words(value).split())
            if name.partition("_")[0] == "code":
                given[name] = str(given[name]).upper()
        if "source" in given and is_blank(given["source"]):
            self.add_error("source", ValidationError(_("Say where this is known from."), "required"))
        self._ask_for_codes(given)
        return given

    def entry(self) -> EnteredChange:
        """What was written; the form must be valid."""
        given = self.cleaned_data
        place, other = given.get("place"), given.get("other")
        return EnteredChange(
            kind=self.kind,
            on=given["on"],
            country=(place or other or Region()).country_code,
            place=place,
            other=other,
            pieces=[{name: given[f"{name}_{n}"] for name in _PIECE} for n in self._numbers(given)],
            **{name: given[name] for name in ("code", "name", "local_name", "goes_on") if name in given},
            source=given["source"],
            note=given["note"],
        )

    @property
    def fingerprint(self) -> str:
        """Of what was written; the form must be valid."""
        given = {name: self.cleaned_data[name] for name in self.fields if name not in ("key", "seen")}
        said = [f"{name}={getattr(value, 'pk', value)}" for name, value in given.items()]
        return sha256("\n".join([self.kind, *said]).encode()).hexdigest()

    def begin_anew(self) -> None:
        """Keep what was typed, and let it be sent as a form of its own."""
        sent: Any = self.data
        self.data = {**sent.dict(), "key": uuid.uuid4().hex}

    def add_faults(self, faults: Iterable[Fault]) -> None:
        """Show why it cannot be so, beside the fields."""
        # Pieces are numbered without the empty rows between them.
        rows = dict(enumerate(self._numbers(self.cleaned_data), start=1))
        for fault in faults:
            name, _sign, number = fault.field.rpartition("_")
            field = f"{name}_{rows[int(number)]}" if number.isdecimal() else fault.field
            self.add_error(field if field in self.fields else None, fault.words)

    def _numbers(self, given: Mapping[str, Any]) -> list[int]:
        if self.kind != Kind.SPLIT:
            return []
        return [n for n in range(1, MOST_PIECES + 1) if given.get(f"code_{n}")]

    def _ask_for_codes(self, given: Mapping[str, Any]) -> None:
        for n in range(1, MOST_PIECES + 1) if self.kind == Kind.SPLIT else ():
            if not given.get(f"code_{n}") and (given.get(f"name_{n}") or given.get(f"local_name_{n}")):
                self.add_error(f"code_{n}", ValidationError(_("Write its code."), "required"))


_PIECE = ("code", "name", "local_name")


def _words(label: Any, length: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs=_WORDS),
    )


def _fields(kind: str) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    if kind != Kind.CREATED:
        found["place"] = PlaceOfTheRegisterField(label=_("Place"))
    if kind in _OTHER:
        found["other"] = PlaceOfTheRegisterField(label=_OTHER[Kind(kind)])
    if kind in (Kind.RENAMED, Kind.CREATED):
        found["name"] = _words(_("Name"), 80)
        found["local_name"] = _words(_("Name in the local script"), 80, _("Empty where it is not known."))
    if kind in (Kind.RENAMED, Kind.MOVED):
        found["code"] = _words(_("New code"), 40, _("Empty: it keeps its code, and with it its address."))
    if kind == Kind.CREATED:
        words = _(
            "It stands in its address for good. It begins with the code of the place above, such as BT-11-DOGA."
        )
        found["code"] = _words(_("Code"), 40, words)
    if kind == Kind.SPLIT:
        found["goes_on"] = forms.BooleanField(
            label=_("The place itself goes on with a part of its land"), required=False
        )
        for n in range(1, MOST_PIECES + 1):
            found[f"code_{n}"] = _words(_("Code"), 40)
            found[f"name_{n}"] = _words(_("Name, if it is new"), 80)
            found[f"local_name_{n}"] = _words(_("Name in the local script"), 80)
    return found
