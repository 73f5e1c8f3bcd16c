"""Turns of places in Django admin, to be read, and what the office shows first or leaves out."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.lib.read_only_admin import ReadOnlyAdmin
from programme.models import FeaturedChoice, FeaturedListing, FeaturedTurn


class FeaturedChoiceForm(forms.ModelForm):
    """A listing, what is done with it, for how long and why."""

    class Meta:
        model = FeaturedChoice
        fields = ("listing", "kind", "starts_on", "ends_on", "reason")
        help_texts = {
            "ends_on": _("Shown first: needed. Left out: empty means until you write a day here."),
            "reason": _("For the history of the office; shoppers read only that the office chose it."),
        }


@admin.register(FeaturedChoice)
class FeaturedChoiceAdmin(admin.ModelAdmin):
    """Choices of the office, newest first; one is ended by its last day and stays."""

    form = FeaturedChoiceForm
    list_display = ("listing", "kind", "starts_on", "ends_on", "reason", "created_by")
    list_filter = ("kind",)
    list_select_related = ("listing", "created_by")
    search_fields = ("listing__title", "reason")
    autocomplete_fields = ("listing",)
    readonly_fields = ("created_by",)
    ordering = ("-starts_on", "-pk")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note who chose."""
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(FeaturedTurn)
class FeaturedTurnAdmin(ReadOnlyAdmin):
    """Who had a turn when, newest first."""

    list_display = ("day", "scope_words", "position", "region", "listing", "round")
    list_filter = ("scope",)
    list_select_related = ("region",)
    search_fields = ("region__name", "region__code")
    fields = ("day", "scope_words", "position", "region", "listing", "round")
    ordering = ("-day", "scope", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the listings, in one more query."""
        listings = FeaturedListing.objects.select_related("listing").order_by("rank")
        return super().get_queryset(request).prefetch_related(Prefetch("listings", listings))

    @admin.display(description=_("page"), ordering="scope")
    def scope_words(self, turn: FeaturedTurn) -> str:
        """Home or a country."""
        return turn.scope or str(_("home"))

    @admin.display(description=_("listing, and who stands in"))
    def listing(self, turn: FeaturedTurn) -> str:
        """Titles in order."""
        return " · ".join(str(each.listing) for each in turn.listings.all())
