"""What a group shows of itself, and what of it waits until somebody has read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from vendors.models import GroupChange, GroupPerson, GroupPhoto, Partner

# Words in other languages stand in a change as "story:hi".
TRANSLATED = {
    f"{name}:{code}": (name, code) for code, _language in settings.LANGUAGES for name in Partner.TRANSLATED
}
WORDS = (*Partner.TRANSLATED, "words_language", *TRANSLATED)
ALT = "alt:"


@dataclass(frozen=True)
class Waiting:
    """The open change of a group. words: fields -> text as they shall be; note: why it came back, empty while it waits."""

    change: GroupChange
    words: dict[str, str]
    note: str

    @property
    def is_returned(self) -> bool:
        """Whether the office asks for something else."""
        return self.change.state == GroupChange.State.RETURNED


def waiting_of(vendor: Partner) -> Waiting | None:
    """The open change of a group; two queries at most."""
    change = GroupChange.objects.open().filter(vendor=vendor).first()
    if change is None:
        return None
    note = ""
    if change.state == GroupChange.State.RETURNED:
        note = change.events.filter(to_state=change.state).latest("pk").reason
    return Waiting(change, dict(change.proposed), note)


def people_shown(vendor: Partner) -> list[GroupPerson]:
    """The people whom shoppers see, each as somebody has read it; one query."""
    rows = GroupPerson.objects.filter(vendor=vendor, consented_at__isnull=False)
    found = []
    for row in rows:
        shown = row.as_shown
        if shown is not None:
            row.name, row.work, row.portrait = shown["name"], shown["work"], shown["portrait"]
            found.append(row)
    return found


def words_of(vendor: Partner) -> dict[str, str]:
    """The words of a group's page as they stand, in every language; no query."""
    own = {name: str(getattr(vendor, name)) for name in (*Partner.TRANSLATED, "words_language")}
    others = {
        field: str(vendor.translations.get(code, {}).get(name, ""))
        for field, (name, code) in TRANSLATED.items()
    }
    return {**own, **others}


def words_now(vendor: Partner, fields: Iterable[str]) -> dict[str, str]:
    """These fields of a change as they stand; those of photos that are gone are left out. One query where photos are asked for."""
    asked = list(fields)
    found = {name: text for name, text in words_of(vendor).items() if name in asked}
    keys = [int(name.removeprefix(ALT)) for name in asked if name.startswith(ALT)]
    if keys:
        rows = GroupPhoto.objects.filter(vendor=vendor, waits=False, pk__in=keys)
        found |= {f"{ALT}{pk}": words for pk, words in rows.values_list("pk", "alt_text")}
    return found
