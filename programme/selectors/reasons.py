"""Ready reasons, as a moderator is offered them for one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings

from programme.models import CannedReason


@dataclass(frozen=True)
class Ready:
    """One reason. decision, decision_label: name and words of what it is for. title: in the language of whoever decides; text and language: of whoever reads the note, else the usual one."""

    code: str
    decision: str
    decision_label: str
    title: str
    text: str
    language: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.decision}:{self.code}"


def ready_reasons(kind: str, decisions: Mapping[str, str], *, reads: str, moderator: str) -> list[Ready]:
    """The reasons in use for these decisions (name to words) about a kind, in their order; one query.

    reads, moderator: codes of languages, of group or buyer and of whoever decides. Where a reason has neither the language asked for nor the usual one, any counts.
    """
    rows = CannedReason.objects.filter(kind=kind, decision__in=list(decisions), is_active=True)
    found: dict[tuple[str, str], list[CannedReason]] = {}
    for row in rows.order_by("position", "code", "language"):
        found.setdefault((row.decision, row.code), []).append(row)
    ready = []
    for (decision, code), translations in found.items():
        title, text = _best(translations, moderator), _best(translations, reads)
        ready.append(Ready(code, decision, decisions[decision], title.title, text.text, text.language))
    return sorted(ready, key=lambda each: list(decisions).index(each.decision))


def _best(translations: Sequence[CannedReason], language: str) -> CannedReason:
    by_language = {row.language: row for row in translations}
    usual = by_language.get(settings.LANGUAGE_CODE, translations[0])
    return by_language.get(language, usual)
