"""Changes of the pages of groups in the shop: words, photos, people."""

from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalogue.selectors.changes import DiffPhoto, FieldDiff
from programme.queue.kind import Kind, Photo, Sheet
from vendors.models import GroupChange, GroupChangeEvent, GroupPerson, Partner
from vendors.selectors.group_changes import ALT, TRANSLATED, WORDS, words_now

State = GroupChange.State
_OWN_LABELS = {"summary": _("in one line"), "story": _("story")}
_LABELS = {
    **_OWN_LABELS,
    "words_language": _("language of its words"),
    **{
        field: format_lazy(
            "{field} ({language})", field=_OWN_LABELS[name], language=dict(settings.LANGUAGES)[code]
        )
        for field, (name, code) in TRANSLATED.items()
    },
}


def _read(change: GroupChange) -> Sheet:
    """What is shown beside what shall be; of what is decided, only the words."""
    group: Partner = change.vendor
    is_open = change.state in GroupChange.OPEN
    diffs = [
        FieldDiff(name, str(_LABELS[name]), str(change.base[name]), str(change.proposed[name]))
        for name in WORDS
        if name in change.proposed
    ]
    people = list(group.people.filter(waits=True)) if is_open else []
    if is_open:
        diffs += [*_photos(change), *_people(people)]
    has_moved = is_open and words_now(group, change.base) != change.base
    words = _("The page itself has changed here since. Ask the group to write it anew on what stands now.")
    return Sheet(
        checks=[words] if has_moved else [],
        diffs=diffs,
        sides=(_("Shown now"), _("Proposed")),
        photos=[
            Photo(person.portrait_url, person.portrait_url, person.name)
            for person in people
            if person.portrait
        ],
        address=group.get_absolute_url(),
    )


def _photos(change: GroupChange) -> list[FieldDiff]:
    rows = list(change.vendor.photos.all())
    shown = [row for row in rows if not row.waits]
    worded = {
        row.pk: change.proposed[f"{ALT}{row.pk}"] for row in rows if f"{ALT}{row.pk}" in change.proposed
    }
    if len(shown) == len(rows) and not worded:
        return []
    old = [DiffPhoto(row.small, row.alt_text) for row in shown]
    new = [
        DiffPhoto(
            row.small,
            worded.get(row.pk, row.alt_text),
            "new" if row.waits else "words" if row.pk in worded else "",
        )
        for row in rows
    ]
    return [FieldDiff("photos", str(_("photos")), "", "", old, new)]


def _people(people: list[GroupPerson]) -> list[FieldDiff]:
    if not people:
        return []
    old = [f"{person.shown['name']}: {person.shown['work']}" for person in people if person.shown]
    new = [f"{person.name}: {person.work}" for person in people]
    return [FieldDiff("people", str(_("people")), "\n".join(old), "\n".join(new))]


def _version(change: Any) -> str:
    return str(change.version)


GROUP_CHANGES = Kind(
    code="group_change",
    names=_("changes of group pages"),
    model=GroupChange,
    rows=lambda: GroupChange.objects.all(),
    state=State.WAITING,
    since="submitted_at",
    titles=("vendor__name",),
    place="vendor__home_region",
    group="vendor",
    event=GroupChangeEvent,
    subject="change",
    decided=frozenset({State.APPROVED, State.RETURNED, State.REJECTED}),
    read=_read,
    version=_version,
    right="partner.decide_partner",
)
