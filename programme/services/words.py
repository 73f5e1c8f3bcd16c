"""Words that somebody who speaks their language finds right, or wrong."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from marketplace.lib.translated import mark_read
from marketplace.lib.words import plain_words
from programme.errors import OwnTranslation, TranslationMoved
from programme.models import WordReport
from programme.selectors.languages import Room, seal_of


def report_word(*, language: str, page: str, wrong: str, better: str, visitor: str) -> bool:
    """Keep what a reader finds wrong; False when this visitor has said the same before. visitor: random words of the browser."""
    _row, is_new = WordReport.objects.get_or_create(
        reporter=salted_hmac("programme.word-report", visitor).hexdigest()[:64],
        language=language,
        wrong=plain_words(wrong)[:300],
        better=plain_words(better)[:300],
        defaults={"page": plain_words(page)[:200]},
    )
    return is_new


def settle(report: WordReport, *, actor: Any) -> bool:
    """Note that a reported word was looked after; False when somebody has done so before."""
    changed = WordReport.objects.filter(Q(settled_at__isnull=True), pk=report.pk).update(
        settled_at=timezone.now(), settled_by=actor
    )
    return changed == 1


@transaction.atomic
def find_right(room: Room, pk: int, language: str, *, actor: Any, seal: str) -> bool:
    """Note that a speaker has read a translation and found it right; False when that is so already.

    seal: of what was read. Raises TranslationMoved when own words or translation are others now, OwnTranslation for
    whoever wrote it.
    """
    row = room.rows(actor).select_for_update(of=("self",)).get(pk=pk)
    if seal != seal_of(row, language):
        raise TranslationMoved
    if row.translation_marks.get(language, {}).get("by") == actor.pk:
        raise OwnTranslation
    if not mark_read(row, language, actor=actor):
        return False
    row.save(update_fields=["translation_marks"])
    return True
