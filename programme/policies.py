"""Who may see what of the programme."""

from typing import Any

from programme.models import Broadcast, ReportRun
from programme.models.publications import Publication
from programme.models.reports import kinds_for
from regions.models import Region
from regions.policies import reach_of
from vendors.models import Partner


def can_see_coverage(user: Any) -> bool:
    """Which places have what: staff with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.view_schemecoverage"))


def can_see_languages(user: Any) -> bool:
    """What is translated, of the own places: staff who read reports of wrong words."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.view_wordreport"))


def can_find_words_right(user: Any) -> bool:
    """Say that words in a language are right: staff with that right, of rows of the own places."""
    return can_see_languages(user) and bool(user.has_perm("programme.read_translation"))


def can_see_impact(user: Any) -> bool:
    """What reached producers, with no figure hidden: staff with that right, of the own places."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.view_countryimpact"))


def can_edit(user: Any, page: Publication) -> bool:
    """Write a collection, story or announcement: staff with that right, in their places.

    What the public sees is changed by those who may publish it. The place must have been read.
    """
    name = page._meta.model_name
    if not (user.is_active and user.is_staff and user.has_perm(f"programme.change_{name}")):
        return False
    if page.is_published:
        return can_publish(user, page)
    reach = reach_of(user)
    return reach.covers(page.region) if page.region else reach.is_everywhere


def can_publish(user: Any, page: Publication | type[Publication]) -> bool:
    """Show it to the public and take it back: staff with that right, and officers who decide in its place.

    page: read with its place; a class asks whether any of that kind at all. What is about no place concerns all of them.
    """
    has_right = user.has_perm(f"programme.publish_{page._meta.model_name}")
    if not user.has_perm(f"programme.change_{page._meta.model_name}"):
        return False
    reach = reach_of(user)
    if isinstance(page, type):
        return reach.may_decide(None, has_right=has_right)
    if page.region is None:
        return has_right and reach.is_everywhere
    return reach.may_decide(page.region, has_right=has_right)


def can_see_page(user: Any, page: Publication) -> bool:
    """See a page that the public does not: staff of its place who may see it in the admin. The place must have been read."""
    if not user.is_authenticated or not user.has_perm(f"programme.view_{page._meta.model_name}"):
        return False
    reach = reach_of(user)
    return reach.covers(page.region) if page.region else reach.is_everywhere


def can_decide_misuse(user: Any, vendor: Partner | None = None) -> bool:
    """Decide what comes of reports of misuse: staff with that right, and officers who decide in the group's place.

    vendor: whose thing was reported, read with its home region; without one: any at all. No query per case.
    """
    has_right = user.has_perm("programme.decide_misusecase")
    return reach_of(user).may_decide(vendor.home_region if vendor else None, has_right=has_right)


def can_write_broadcasts(user: Any) -> bool:
    """Write to groups of some place at all: staff with that right, and officers who decide somewhere."""
    if not (user.is_active and user.is_staff and user.has_perm("programme.view_broadcast")):
        return False
    return reach_of(user).may_decide(None, has_right=user.has_perm("programme.send_broadcast"))


def can_write_to(user: Any, region: Region | None) -> bool:
    """Write to groups of this place, or, without one, of all places; at most one query for each person object."""
    if not can_write_broadcasts(user):
        return False
    has_right = user.has_perm("programme.send_broadcast")
    if region is None:
        return has_right and reach_of(user).is_everywhere
    return reach_of(user).may_decide(region, has_right=has_right)


def can_call_important(user: Any) -> bool:
    """Send a message that goes out at night too."""
    return bool(user.is_active and user.is_staff and user.has_perm("programme.send_important_broadcast"))


def can_work_on(user: Any, broadcast: Broadcast) -> bool:
    """Change, send, approve or stop this message: whoever may write it. Read with its region."""
    if broadcast.is_important and not can_call_important(user):
        return False
    return can_write_to(user, broadcast.region)


def can_run_reports(user: Any, kind: str) -> bool:
    """Have reports of this kind made, of the own places: staff who may see such rows in the admin."""
    return kind in kinds_for(user)


def can_share_report(user: Any, region: Region | None) -> bool:
    """Show a saved report to all staff of this place, or, without one, of all places."""
    reach = reach_of(user)
    return reach.covers(region) if region else reach.is_everywhere


def can_download(user: Any, run: ReportRun) -> bool:
    """Take its file away: whoever may run such reports and works, today, wherever its rows may lie."""
    if run.state != ReportRun.State.DONE or not can_run_reports(user, run.kind):
        return False
    reach = reach_of(user)
    return reach.is_everywhere or all(path.startswith(tuple(reach.reads)) for path in run.places)


def can_end_run(user: Any, run: ReportRun) -> bool:
    """Stop it or remove its file: whoever asked for it."""
    return bool(user.pk == run.asked_by_id)
