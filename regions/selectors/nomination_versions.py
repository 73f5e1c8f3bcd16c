"""What was proposed each time that a nomination was handed in, and in what one version differs from the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from marketplace.lib.word_runs import Run, word_runs
from regions.models import PROPOSED_FIELDS, Nomination, NominationFile, NominationVersion


@dataclass(frozen=True)
class FieldDiff:
    """One field of two versions, in words; components/diff.html shows it."""

    label: str
    old: str
    new: str

    @cached_property
    def runs(self) -> tuple[list[Run], list[Run]]:
        """Old and new as runs of words, those marked that stand on one side alone."""
        return word_runs(self.old, self.new)


@dataclass(frozen=True)
class VersionSheet:
    """One version. said: heading and words of each field that says something; diffs: against the version before.

    files: papers that came with it.
    """

    version: NominationVersion
    said: Sequence[tuple[str, str]]
    diffs: Sequence[FieldDiff]
    files: Sequence[NominationFile]


def version_sheets(nomination: Nomination) -> list[VersionSheet]:
    """All versions, the newest first; two queries."""
    versions = list(nomination.versions.select_related("by", "gi", "replaces").order_by("version"))
    files = list(nomination.files.order_by("pk"))
    sheets: list[VersionSheet] = []
    before: dict[str, str] = {}
    for version in versions:
        words = _words(version)
        labels = {name: _label(name) for name in PROPOSED_FIELDS}
        diffs = [
            FieldDiff(labels[name], before[name], words[name])
            for name in PROPOSED_FIELDS
            if before and before[name] != words[name]
        ]
        said = [(labels[name], words[name]) for name in PROPOSED_FIELDS if words[name]]
        own = [file for file in files if file.version == version.version]
        sheets.append(VersionSheet(version, said, diffs, own))
        before = words
    return sheets[::-1]


def _words(version: NominationVersion) -> dict[str, str]:
    return {name: str(getattr(version, name) or "") for name in PROPOSED_FIELDS}


def _label(name: str) -> str:
    return str(Nomination._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation backwards
