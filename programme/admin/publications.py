"""What the admin pages of collections, stories and announcements share: place, rights, publishing, history."""

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from marketplace.lib.decision_admin import Decision, DecisionAdmin
from marketplace.lib.words import plain_words
from programme.errors import CurationError
from programme.models.publications import Publication
from programme.policies import can_edit, can_publish
from programme.services import publishing
from regions.forms import PlaceWordsField
from regions.policies import reach_of
from regions.scoped_admin import ScopedAdmin

State = Publication.State


class PublicationForm(forms.ModelForm):
    """A row about one of the person's places; about none only by those who work everywhere."""

    user: ClassVar[Any] = None
    region = PlaceWordsField(label=_("Place"), required=False)

    def clean_region(self) -> Any:
        """Within reach."""
        region, reach = self.cleaned_data["region"], reach_of(self.user)
        if region is None and not reach.is_everywhere:
            raise forms.ValidationError(_("Write the place that it is about, one of your own."), "required")
        if region is not None and not reach.covers(region):
            raise forms.ValidationError(_("You do not work in %(place)s.") % {"place": region.name}, "reach")
        return region

    def clean(self) -> dict[str, Any]:
        """Without signs that nobody sees."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        return {
            name: plain_words(value) if isinstance(value, str) else value for name, value in given.items()
        }


class PublicationAdmin(ScopedAdmin, DecisionAdmin):
    """A list of what was written, and a page with the form and the buttons that publish and take back."""

    form = PublicationForm
    region_path = "region__path"
    queue_state = State.DRAFT
    queue_field = "created_at"
    refusals = (CurationError,)
    decisions = (
        Decision(
            "publish",
            _("Publish"),
            frozenset({State.DRAFT, State.WITHDRAWN}),
            lambda row, actor, reason: publishing.publish(row, actor=actor, reason=reason),
            in_bulk=False,
        ),
        Decision(
            "take_back",
            _("Take back"),
            frozenset({State.PUBLISHED}),
            lambda row, actor, reason: publishing.take_back(row, actor=actor, reason=reason),
            needs_reason=True,
        ),
    )
    list_select_related: ClassVar[Any] = ("region",)
    readonly_fields: ClassVar[Any] = ("state", "published_at", "created_by")
    change_form_template = "admin/programme/publication_form.html"

    def may_decide(self, user: Any) -> bool:
        """Those who publish somewhere."""
        return can_publish(user, self.model)

    def may_decide_about(self, user: Any, row: Any) -> bool:
        """In its place."""
        return can_publish(user, row)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What the public sees is changed by those who publish."""
        if obj is None:
            return bool(super().has_change_permission(request))
        return can_edit(request.user, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who fills it in, for the places of that person."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who wrote it first; look again, under the lock, whether it may be changed."""
        if change:
            rows = self.model._default_manager.select_for_update(of=("self",)).select_related("region")
            locked = rows.get(pk=obj.pk)
            if not can_edit(request.user, locked):
                raise CurationError(_("It was published meanwhile and is changed by those who publish it."))
            # The state is no field of the form: what the public sees is moved to places of the own decisions alone.
            if locked.is_published and not can_publish(request.user, obj):
                raise CurationError(_("You do not publish for this place. Nothing was changed."))
        else:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What is refused under the lock comes back as a message; Django has taken back its transaction by then."""
        context = {"reason_label": _("Reason, for the history"), **(extra_context or {})}
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except CurationError as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
            return HttpResponseRedirect(request.path)

    def view_on_site(self, obj: Any) -> str:
        """The page itself, which staff of the place see before it is published."""
        return str(obj.get_absolute_url())
