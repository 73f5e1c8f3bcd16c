"""Reports that people save, and asking for them to be made."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.lib.queue import enqueue
from people.models import User
from programme.errors import ReportRefused
from programme.models import ReportRun, SavedReport
from programme.policies import can_run_reports, can_share_report
from regions.models import Region
from regions.policies import reach_of

MAKE = "programme.make_report"


@dataclass(frozen=True)
class ReportDraft:
    """What a saved report says; as on the model, cleaned by the forms."""

    name: str
    kind: str
    region: Region | None
    filters: Mapping[str, str]
    is_shared: bool

    @property
    def values(self) -> dict[str, Any]:
        """By field of the model."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def save_report(draft: ReportDraft, *, actor: Any, form_key: str) -> SavedReport:
    """Keep a new report; the same form sent again gives the one that it made before. Raises ReportRefused."""
    _refuse_foreign(actor, draft)
    own = SavedReport.objects.filter(owner=actor, form_key=form_key)
    found = own.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return SavedReport.objects.create(**draft.values, owner=actor, form_key=form_key)
    except IntegrityError:
        return own.get()


@transaction.atomic
def change_report(report: SavedReport, draft: ReportDraft, *, actor: Any) -> SavedReport:
    """Change one's own report; its kind stays, and runs that were asked for stay as they are. Raises ReportRefused."""
    locked: SavedReport = SavedReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    if locked.owner_id != actor.pk or locked.kind != draft.kind:
        raise ReportRefused(_("Only its owner changes a report. Make a copy of your own."))
    _refuse_foreign(actor, draft)
    for name, value in draft.values.items():
        setattr(locked, name, value)
    locked.save()
    return locked


@transaction.atomic
def ask_for_run(report: SavedReport, *, actor: Any, form_key: str) -> ReportRun:
    """Have a report made by the worker, of the actor's places, in the active language.

    The same form sent again, and the same question while it is being answered, give the run that there is. Raises ReportRefused.
    """
    # One person's questions are counted one after the other, so that none passes the limit beside another.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    own = ReportRun.objects.filter(asked_by=actor)
    asked = {"kind": report.kind, "region": report.region, "filters": report.filters}
    found = own.filter(form_key=form_key).first() or own.open().filter(report=report, **asked).first()
    if found is not None:
        return found
    if not can_run_reports(actor, report.kind):
        raise ReportRefused(_("You may not have such a report made."))
    if own.open().count() >= settings.REPORTS_AT_ONCE:
        words = _("%(count)d of your reports are still being made. Wait for one of them, or stop it.")
        raise ReportRefused(words % {"count": settings.REPORTS_AT_ONCE})
    run = ReportRun.objects.create(
        report=report,
        name=report.name,
        language=get_language() or settings.LANGUAGE_CODE,
        asked_by=actor,
        form_key=form_key,
        **asked,
    )
    enqueue(MAKE, run_pk=run.pk)
    return run


def _refuse_foreign(actor: Any, draft: ReportDraft) -> None:
    if not can_run_reports(actor, draft.kind):
        raise ReportRefused(_("You may not have such a report made."))
    if draft.region is not None and not reach_of(actor).covers(draft.region):
        raise ReportRefused(_("You do not work in %(place)s.") % {"place": draft.region.name})
    if draft.is_shared and not can_share_report(actor, draft.region):
        raise ReportRefused(_("To share it, choose one of your places: you do not work everywhere."))
