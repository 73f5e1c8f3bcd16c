"""Example applications: one in each state that is worth looking at."""

from vendors.models import GroupDocument, GroupPerson, GroupPhoto, Partner
from vendors.selectors.checklist import checklist


def test_there_is_a_draft_with_gaps_and_what_waits_has_papers_to_look_at(demo):
    draft = Partner.objects.get(state="draft")
    assert checklist(draft).gaps
    assert draft.memberships.get().user.email == "applicant@example.org"

    waiting = Partner.objects.filter(state__in=("applied", "returned"))
    assert waiting.count() == 4
    assert not waiting.filter(submitted_at=None).exists()
    for group in waiting:
        found = checklist(group)
        assert [row.requirement.check_name for row in found.rows if row.is_gap] == ["payout_details"]
        assert [row.status for row in found.rows if row.requirement.basis == "attested"] == ["done", "done"]
        assert GroupDocument.objects.filter(vendor=group).count() == 2


def test_every_example_group_has_people_and_most_have_a_photo(demo):
    groups = Partner.objects.filter(is_example=True).count()

    assert GroupPerson.objects.values("vendor").distinct().count() == groups
    assert GroupPhoto.objects.count() == groups - 1
