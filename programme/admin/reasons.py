"""Ready reasons and promised times in Django admin, edited by the office."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programme.models import CannedReason, ServiceLevel
from programme.queue import KINDS


def _kinds() -> list[tuple[str, str]]:
    return [(code, str(kind.names)) for code, kind in KINDS.items()]


def _decisions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Decisions by kind, each as "kind:decision": which of them there are depends on the kind."""
    found = []
    for code, kind in KINDS.items():
        desk: Any = admin.site.get_model_admin(kind.model)
        names = [(f"{code}:{each.name}", str(each.label)) for each in desk.decisions if each.key]
        found.append((str(kind.names), names))
    return found


class CannedReasonForm(forms.ModelForm):
    """One reason in one language, for one decision about one kind."""

    about = forms.ChoiceField(label=_("for the decision"), choices=_decisions)

    class Meta:
        model = CannedReason
        fields = ("about", "code", "language", "title", "text", "position", "is_active")
        labels = {"text": _("words for the group or the buyer")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["about"] = f"{self.instance.kind}:{self.instance.decision}"

    def clean(self) -> dict[str, Any]:
        """Each reason once in each language."""
        given = super().clean() or self.cleaned_data
        kind, _colon, decision = given.get("about", "").partition(":")
        self.instance.kind, self.instance.decision = kind, decision
        same = CannedReason.objects.filter(kind=kind, decision=decision, code=given.get("code"))
        if same.filter(language=given.get("language")).exclude(pk=self.instance.pk).exists():
            self.add_error(
                "code", _("This reason is there in this language already. Choose another short name.")
            )
        return given


@admin.register(CannedReason)
class CannedReasonAdmin(admin.ModelAdmin):
    """Reasons; one that is out of use is switched off."""

    form = CannedReasonForm
    list_display = ("title", "kind_words", "decision", "language", "is_active", "position")
    list_filter = ("kind", "language", "is_active")
    search_fields = ("title", "text")
    ordering = ("kind", "decision", "position", "code", "language")

    @admin.display(description=_("what it is about"), ordering="kind")
    def kind_words(self, reason: CannedReason) -> str:
        """The kind in words."""
        return str(KINDS[reason.kind].names) if reason.kind in KINDS else reason.kind

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Switched off instead, so that nobody wonders where it went."""
        return False


class ServiceLevelForm(forms.ModelForm):
    """Hours for one kind, chosen from those that there are."""

    kind = forms.ChoiceField(label=_("what it is about"), choices=_kinds)

    class Meta:
        model = ServiceLevel
        fields = ("kind", "hours")


@admin.register(ServiceLevel)
class ServiceLevelAdmin(admin.ModelAdmin):
    """Promised times; a kind without one has the usual time."""

    form = ServiceLevelForm
    list_display = ("kind_words", "hours")
    ordering = ("kind",)

    @admin.display(description=_("what it is about"), ordering="kind")
    def kind_words(self, level: ServiceLevel) -> str:
        """The kind in words."""
        return str(KINDS[level.kind].names) if level.kind in KINDS else level.kind
