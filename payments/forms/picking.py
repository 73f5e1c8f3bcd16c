"""Things of an order, picked by an officer."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payments.models import Refund
from payments.services.shares import Asked, OrderShares

Reason = Refund.Reason
# What an officer may say; the others are found by the software itself.
OFFICERS_REASONS = (
    Reason.DAMAGED,
    Reason.LOST,
    Reason.RETURNED,
    Reason.NOT_SUPPLIED,
    Reason.CANCELLED,
    Reason.GOODWILL,
)


class PickForm(forms.Form):
    """Things of one order: units of each line up to what is left, and deliveries that were not given back."""

    remark = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=150,
        help_text=gettext_lazy("It is kept, and read by whoever looks at this later."),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, shares: OrderShares, has_reason: bool = False) -> None:
        super().__init__(data, initial={"token": uuid.uuid4()})
        self.things: list[str] = []
        for part in shares.parts:
            for line in part.lines.all():
                left = shares.units_left(line)
                words = _("%(goods)s, of %(left)d") % {
                    "goods": f"{part.vendor.name}: {line.title} {line.size_label}".strip(),
                    "left": left,
                }
                if left:
                    self._add(f"line_{line.pk}", forms.IntegerField(label=words, min_value=0, max_value=left))
            if shares.of_delivery(part).amount > 0:
                words = f"{part.vendor.name}: {part.delivery_name}"
                self._add(f"delivery_{part.pk}", forms.BooleanField(label=words))
        if has_reason:
            choices = [(reason.value, reason.label) for reason in OFFICERS_REASONS]
            self.fields["reason"] = forms.ChoiceField(label=gettext_lazy("Reason"), choices=choices)
        self.order_fields([*self.things, "reason", "remark", "token"])

    def clean_remark(self) -> str:
        """The words without the one sign that no PostgreSQL text can hold."""
        return str(self.cleaned_data["remark"]).replace("\0", "")

    def asked(self) -> Asked:
        """What was picked; the form is valid."""
        return Asked(dict(self._picked("line_")), [pk for pk, _units in self._picked("delivery_")])

    def _add(self, name: str, field: forms.Field) -> None:
        field.required = False
        self.fields[name] = field
        self.things.append(name)

    def _picked(self, prefix: str) -> Iterator[tuple[int, int]]:
        for name in self.things:
            if name.startswith(prefix) and self.cleaned_data.get(name):
                yield int(name.removeprefix(prefix)), int(self.cleaned_data[name])
