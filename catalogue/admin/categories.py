"""The tree of kinds of goods in Django admin."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from marketplace.lib.translated import clean_translations, write_translations

Category = get_model("catalogue", "Category")


# Of these the office writes the names; what a kind of goods is called in English is its own name.
_OTHERS = [(code, language) for code, language in settings.LANGUAGES if code != settings.LANGUAGE_CODE]

NAMES_ELSEWHERE = tuple(f"name_{code}" for code, _language in _OTHERS)


class CategoryForm(forms.ModelForm):
    """A category; a new one may be put under another."""

    parent = forms.ModelChoiceField(
        label=_("Below"), queryset=Category.objects.filter(depth__lte=2).order_by("path"), required=False
    )

    class Meta:
        model = Category
        fields = ("name", "slug", "description", "is_public")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (code, _language) in zip(NAMES_ELSEWHERE, _OTHERS, strict=True):
            if name in self.fields:
                self.fields[name].initial = self.instance.translations.get(code, {}).get("name", "")

    def clean(self) -> dict[str, Any]:
        """The names in other languages, as the row keeps them."""
        given = super().clean() or self.cleaned_data
        typed = {code: {"name": given.get(f"name_{code}", "")} for code, _language in _OTHERS}
        self.named = clean_translations(typed, own=self.instance.words_language, fields=("name",))
        return given

    def clean_slug(self) -> str:
        """A word that no other category has: it alone stands in the address."""
        slug: str = self.cleaned_data["slug"]
        # What is food is told by this word.
        if self.instance.slug != slug and self.instance.slug in settings.FOOD_CATEGORIES:
            raise forms.ValidationError(
                _("The law asks more of the goods in this category, which is known by this word. Leave it.")
            )
        if Category.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another category has this address. Choose another word."))
        return slug


def _with_names_elsewhere() -> type[CategoryForm]:
    """The form with a field for the name in each other language, which the admin reads from its class."""
    fields = {
        name: forms.CharField(
            label=format_lazy("{name} ({language})", name=_("Name"), language=language),
            max_length=255,
            required=False,
            widget=forms.TextInput(attrs={"class": "vTextField", "lang": code}),
        )
        for name, (code, language) in zip(NAMES_ELSEWHERE, _OTHERS, strict=True)
    }
    return type("CategoryForm", (CategoryForm,), fields)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    """The tree of kinds of goods; a category is hidden rather than deleted."""

    form = _with_names_elsewhere()
    list_display = ("indented_name", "slug", "is_public")
    ordering = ("path",)
    search_fields = ("name",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Where a category stands is decided when it is made."""
        fields = ("name", *NAMES_ELSEWHERE, "slug", "description", "is_public")
        return fields if obj is not None else (*fields, "parent")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Listings would lose their place in the menus."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Treebeard writes where a new row stands."""
        parent = form.cleaned_data.get("parent")
        is_renamed = "name" in form.changed_data
        write_translations(obj, form.named, is_changed=is_renamed, actor=request.user)
        if change:
            obj.save()
        elif parent is None:
            Category.objects.add_root(instance=obj)
        else:
            Category.objects.add_child(parent, instance=obj)

    def view_on_site(self, obj: Any) -> str | None:
        """The page of our shop, where there is one; Oscar's address for it does not exist here."""
        return reverse("category-detail", args=[obj.slug]) if obj.is_public else None

    @admin.display(description=_("name"), ordering="path")
    def indented_name(self, category: Any) -> str:
        """The name, shifted by its depth."""
        return "— " * (category.depth - 1) + str(category.name)
