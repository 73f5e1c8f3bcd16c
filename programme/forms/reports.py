"""The form of a saved report: its name and place, and the filters of its kind."""

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.lib.words import is_blank, plain_words
from people.models import User
from programme.models import SavedReport
from programme.reports import ReportKind
from programme.services.reports import ReportDraft
from regions.forms import PlaceWordsField
from regions.policies import reach_of


class RunForm(forms.Form):
    """Asks for a run. key: makes one run of a form that is sent twice."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid.uuid4().hex)


class ReportForm(RunForm):
    """Cleans to a ReportDraft; filters: the form of the kind, which is checked and shown with it."""

    name = forms.CharField(
        label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    region = PlaceWordsField(label=_("Place"), required=False)
    is_shared = forms.BooleanField(
        label=_("Show it to all staff of this place who may have such reports made"), required=False
    )

    def __init__(
        self,
        sent: Mapping[str, Any] | None,
        *,
        user: User,
        kind: ReportKind,
        report: SavedReport | None = None,
        is_new: bool = False,
    ) -> None:
        initial: dict[str, Any] = {"name": report.name, "region": report.region_id} if report else {}
        if report and not is_new:
            initial["is_shared"] = report.is_shared
        super().__init__(sent, initial=initial)
        self.user, self.kind = user, kind
        region: Any = self.fields["region"]
        region.label = kind.place_words
        region.help_text = _("Name or code, such as Paro or BT-11. Empty: all your places.")
        self.filters = kind.filters(sent, initial=report.filters if report else None)

    def is_valid(self) -> bool:
        """Both forms are."""
        return all([super().is_valid(), self.filters.is_valid()])

    def clean_name(self) -> str:
        """Words on one line."""
        name = " ".join(plain_words(self.cleaned_data["name"]).split())
        if is_blank(name):
            raise forms.ValidationError(_("Give it a name by which you find it again."))
        return name

    def clean_region(self) -> Any:
        """A place in which the person works."""
        region = self.cleaned_data["region"]
        if region is not None and not reach_of(self.user).covers(region):
            raise forms.ValidationError(_("You do not work in this place. Choose one of yours."))
        return region

    def draft(self) -> ReportDraft:
        """What was written; the form must be valid."""
        given = self.cleaned_data
        return ReportDraft(
            name=given["name"],
            kind=self.kind.code,
            region=given["region"],
            filters=self.filters.to_save(),
            is_shared=given["is_shared"],
        )
