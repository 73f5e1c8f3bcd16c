"""Fields by which reports of several kinds are narrowed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from programme.reports.kind import ANY
from regions.models import IdentifiedProduct

Category = get_model("catalogue", "Category")
_MOST_NAMED = 6


class ProductField(forms.CharField):
    """An identified product, by its number or its name; cleans to it, read with its place, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Product that the place is known for"))
        kwargs.setdefault("help_text", _("Its name as in the programme's list, or its number there."))
        super().__init__(max_length=160, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The number, which means one product only."""
        return value.pk if isinstance(value, IdentifiedProduct) else value

    def clean(self, value: Any) -> IdentifiedProduct | None:
        """The product that is meant."""
        words = super().clean(value).replace("\0", "").strip()
        if not words:
            return None
        rows = IdentifiedProduct.objects.kept().select_related("region").order_by("pk")
        if words.isascii() and words.isdecimal():
            found = list(rows.filter(pk=int(words))) if len(words) < 10 else []
        else:
            found = list(rows.filter(name__iexact=words)[: _MOST_NAMED + 1])
            found = found or list(rows.filter(name__icontains=words)[: _MOST_NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(
                _("No list of the programme has such a product (any more)."), "unknown"
            )
        named = "; ".join(f"{each.pk}: {each.name}, {each.region.name}" for each in found[:_MOST_NAMED])
        wrong = _("Write the number of the product that you mean: %(products)s.") % {"products": named}
        raise forms.ValidationError(wrong, "several")


class CategoryField(forms.ModelChoiceField):
    """A kind of goods, with all that lies below it; None for any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Category.objects.order_by("path"),
            label=_("Kind of goods"),
            required=False,
            empty_label=ANY[1],
            error_messages={"invalid_choice": _("This kind of goods is not there any more. Choose another.")},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """The key."""
        return value.pk if isinstance(value, Category) else value

    def label_from_instance(self, obj: Any) -> str:
        """The name, moved in below what it belongs to."""
        return f"{'- ' * (obj.depth - 1)}{obj.name}"


def choices(model_choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """A field of words of ours, or any."""
    return forms.ChoiceField(required=False, choices=[ANY, *model_choices], **kwargs)
