"""Forms of a buyer who gives goods back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.models import Line, Return
from orders.services.return_photos import MOST_PHOTOS
from orders.services.returns import ReturnData

PREFIX = "units-"


class SeveralPhotos(forms.FileInput):
    """A file input that takes several photos; the view reads them all."""

    allow_multiple_selected = True


class ReturnForm(forms.Form):
    """What goes back, why, and photos. lines: (line, units that the buyer has)."""

    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[("", gettext_lazy("Choose")), *Return.Reason.choices],
        error_messages={"required": gettext_lazy("Say what is wrong.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The group reads it, and the programme office if it has to decide."),
    )
    photos = forms.FileField(
        label=gettext_lazy("Photos"),
        required=False,
        widget=SeveralPhotos(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
    )

    def __init__(self, data: Any = None, *, lines: Sequence[tuple[Line, int]], form_key: str) -> None:
        super().__init__(data, label_suffix="", initial={"form_key": form_key})
        self.fields["photos"].help_text = _("Up to %(count)d. Only the group and the office see them.") % {
            "count": MOST_PHOTOS
        }
        for line, units in lines:
            self.fields[f"{PREFIX}{line.pk}"] = forms.TypedChoiceField(
                label=f"{line.title} {line.size_label}".strip(),
                coerce=int,
                choices=[(0, _("none")), *((count, str(count)) for count in range(1, units + 1))],
                initial=1 if len(lines) == units == 1 else 0,
                required=False,
                empty_value="0",
            )

    def goods(self) -> list[BoundField]:
        """One field for each line."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def data_of_return(self) -> ReturnData:
        """What was asked for; call it after is_valid."""
        typed = self.cleaned_data
        return ReturnData(
            form_key=typed["form_key"],
            units={
                int(name.removeprefix(PREFIX)): int(count)
                for name, count in typed.items()
                if name.startswith(PREFIX)
            },
            reason=Return.Reason(typed["reason"]),
            words=typed["words"],
        )
