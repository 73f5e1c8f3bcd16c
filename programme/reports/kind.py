"""The shape of one kind of report, and the form of its filters."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.domain.minor_units import to_minor
from programme.domain.report_rights import RIGHTS

Text = str | Promise
Filters = Mapping[str, Any]
ANY = ("", _("any"))


class FilterForm(forms.Form):
    """Filters of one kind, none of them needed.

    What is saved is what was sent, so that a run asks the form again: a filter whose thing is gone is a fault then, and
    never falls away.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "filter")
        super().__init__(*args, **kwargs)

    @classmethod
    def again(cls, saved: Filters) -> "FilterForm":
        """The form as it was sent when these filters were saved."""
        return cls({f"filter-{name}": value for name, value in saved.items()})

    def to_save(self) -> dict[str, str]:
        """What to keep of a valid form: field -> words, without what is empty."""
        sent = {name: self.fields[name].prepare_value(value) for name, value in self.cleaned_data.items()}
        return {name: str(value) for name, value in sent.items() if value not in (None, "", False)}


class DaysForm(FilterForm):
    """Filters with a first and a last day, both included, of the country in which the row's group is at home."""

    first = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """The days are in order."""
        found = super().clean() or {}
        if found.get("first") and found.get("last") and found["first"] > found["last"]:
            self.add_error("last", _("The last day comes before the first."))
        return found


@dataclass(frozen=True)
class ReportKind:
    """One kind of report. about: what a row is. path: lookup from a row to the path of the place by which reach goes.

    place_words: what that place is, for the form. filters: the form. rows: cleaned filters -> rows with all that cells
    read; they are taken by key, chunk by chunk. cells: rows of one chunk -> values in the order of the headings, by a fixed
    number of queries; the file makes words safe, for all kinds alike. Who buys is never named.
    """

    code: str
    label: Text
    about: Text
    path: str
    place_words: Text
    filters: type[FilterForm]
    headings: Sequence[Text]
    rows: Callable[[Filters], QuerySet[Any]]
    cells: Callable[[Sequence[Any]], Iterable[Sequence[Any]]]

    @property
    def right(self) -> str:
        """The right of the staff with which it may be run."""
        return RIGHTS[self.code]


def chosen(found: Filters, **lookups: str) -> dict[str, Any]:
    """What filter() takes of what was chosen. lookups: by the field of the form."""
    return {path: found[name] for name, path in lookups.items() if found.get(name)}


def above(place: Any) -> str:
    """Name of the place above; read with its parent."""
    return place.parent.name if place.parent else ""


def money_cells(amount: Decimal | None, currency: str) -> list[Any]:
    """The three cells of an amount, as MONEY headings say; empty ones where there is none."""
    return [amount, to_minor(amount, currency), currency] if amount is not None else [None, None, None]
