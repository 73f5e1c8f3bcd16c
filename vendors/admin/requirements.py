"""The programme's checklist in Django admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from vendors.models import Partner, Requirement
from vendors.selectors.checklist import words_of
from vendors.selectors.checks import CHECKS, WORDS


class RequirementForm(forms.ModelForm):
    """One line; what can be counted is chosen, not typed, and the kinds of groups are ticked."""

    kinds = forms.MultipleChoiceField(
        label=_("asked of"),
        choices=Partner.Kind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of every kind when none is ticked."),
    )

    class Meta:
        model = Requirement
        fields = (
            "basis",
            "check_name",
            "number",
            "document_kind",
            "kinds",
            "words",
            "words_hi",
            "words_dz",
            "is_required",
            "is_active",
            "position",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", "---------"),
            (str(_("counted")), [(name, check.label) for name, check in CHECKS.items()]),
            (str(_("our words for what is said or looked at")), list(WORDS.items())),
        ]
        field = forms.ChoiceField(
            label=_("what is counted, or which words"),
            choices=choices,
            required=False,
            help_text=_("Words of your own below are shown instead of ours."),
        )
        if "check_name" in self.fields:
            self.fields["check_name"] = field

    def clean(self) -> dict[str, Any]:
        """A count must be one that there is."""
        given = super().clean() or self.cleaned_data
        if given.get("basis") == Requirement.Basis.COMPUTED and given.get("check_name") not in CHECKS:
            self.add_error("check_name", _("Choose what is counted."))
        return given


@admin.register(Requirement)
class RequirementAdmin(admin.ModelAdmin):
    """Lines of the checklist; one that is out of force stays for the history, none is deleted."""

    form = RequirementForm
    list_display = ("asked", "basis", "is_required", "is_active", "position")
    list_filter = ("basis", "is_required", "is_active")
    ordering = ("position", "pk")

    @admin.display(description=_("what is asked"))
    def asked(self, row: Requirement) -> str:
        """The words as groups read them."""
        return words_of(row)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Words that were said about it stay."""
        return False
