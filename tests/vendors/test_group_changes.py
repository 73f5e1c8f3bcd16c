"""The page of a group in the shop: what is new waits until somebody has read it, and the old is shown meanwhile."""

import pytest
from django.core.files.storage import default_storage

from dashboard.work import tasks
from marketplace.lib.states import IllegalTransition
from notices.models import Notice
from orders.models import VendorOrder
from tests.dashboard.given import photo
from tests.factories.people import PersonFactory
from tests.factories.vendors import GroupPersonFactory, GroupPhotoFactory, MembershipFactory, VendorFactory
from tests.support.race import pausing, race
from vendors.errors import GroupChangeMoved, GroupChangeOutdated, OwnGroup, ReasonMissing
from vendors.models import GroupChange, GroupChangeEvent, Partner
from vendors.services import decisions, group_changes, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def group():
    return VendorFactory(summary="We weave.", story="It began.")


@pytest.fixture
def office():
    return PersonFactory()


def write(group, words="It went on.", **changes):
    story.update_story(group, **{"summary": "We weave.", "story": words, **changes})
    return GroupChange.objects.open().filter(vendor=group).first()


def save(group, person=None, **changes):
    values = {
        "form_key": "k",
        "name": "Yangzom",
        "work": "dyes",
        "has_consent": True,
        "portrait": None,
        "actor": None,
    }
    return story.save_person(group, person, **{**values, **changes})


def page(client, group):
    return client.get(group.get_absolute_url()).content.decode()


def test_the_line_ends_of_a_browser_are_no_change(group):
    group.story = "It began.\n\nIt went on."
    group.save(update_fields=["story"])

    change = write(group, "It began.\r\n\r\nIt went on.", summary="We spin.")

    assert (change.proposed, change.base) == ({"summary": "We spin."}, {"summary": "We weave."})


def test_words_wait_while_the_old_ones_are_shown_and_twice_is_once(client, group, office):
    write(group)
    change = write(group)
    before = page(client, group)

    assert group_changes.approve(change, office, version=1)

    assert (change.version, change.proposed, change.base) == (
        1,
        {"story": "It went on."},
        {"story": "It began."},
    )
    assert "It began." in before
    assert "It went on." not in before
    assert "It went on." in page(client, group)
    assert "It began." not in page(client, group)


def test_what_asks_for_nothing_any_more_is_withdrawn(group):
    write(group)

    assert write(group, "It began.") is None
    assert GroupChange.objects.get().state == "withdrawn"


def test_new_photos_and_other_words_of_old_ones_wait_and_what_is_removed_is_gone_at_once(
    client, group, office
):
    old, gone = GroupPhotoFactory(vendor=group, alt_text="A loom"), GroupPhotoFactory(vendor=group)
    new = story.add_photo(group, photo())
    story.describe_photo(new, "Call 17123456")
    story.describe_photo(old, "A <b>loom</b> of 1950")
    story.remove_photo(gone)
    before = page(client, group)
    change = GroupChange.objects.get()

    group_changes.approve(change, office, version=change.version)

    assert new.original not in before
    assert "A loom" in before
    assert "of 1950" not in before
    assert gone.original not in before
    after = page(client, group)
    assert "A &lt;b&gt;loom&lt;/b&gt; of 1950" in after
    assert "Call 17123456" in after


def test_somebody_new_waits_a_change_shows_the_old_and_who_does_not_agree_any_more_is_gone(
    client, group, office
):
    known = GroupPersonFactory(vendor=group, name="Sangay", work="weaves")
    save(group)
    save(group, known, name="Sangay Dema", work="weaves")
    before = page(client, group)
    change = GroupChange.objects.get()
    group_changes.approve(change, office, version=change.version)
    after = page(client, group)
    save(group, known, name="Sangay Dema", work="weaves", has_consent=False)

    assert "Yangzom" not in before
    assert "Sangay" in before
    assert "Sangay Dema" not in before
    assert "Yangzom" in after
    assert "Sangay Dema" in after
    assert "Sangay" not in page(client, group)
    assert not GroupChange.objects.open().exists()


def test_refused_for_good_everything_is_as_it_was_and_the_files_are_gone(
    client, group, office, django_capture_on_commit_callbacks
):
    known = save(group, GroupPersonFactory(vendor=group, name="Sangay"), name="Sangay", portrait=photo())
    change = GroupChange.objects.get()
    group_changes.approve(change, office, version=change.version)
    first = known.portrait
    save(group, known, name="Nobody", portrait=photo(colour="red"))
    save(group)
    picture = story.add_photo(group, photo(colour="blue"))
    change = write(group)

    with django_capture_on_commit_callbacks(execute=True):
        group_changes.reject(change, office, "Not about the group.", version=change.version)

    known.refresh_from_db()
    assert (known.name, known.portrait, known.waits, known.shown) == ("Sangay", first, False, None)
    assert default_storage.exists(first)
    assert not default_storage.exists(picture.original)
    assert (group.people.count(), group.photos.count()) == (1, 0)
    assert "It began." in page(client, group)


def test_what_came_back_waits_again_once_it_is_written_anew_and_home_says_so(group, office):
    MembershipFactory(vendor=group)
    change = write(group)
    group_changes.ask_for_changes(change, office, "Leave out the phone number.", version=1)
    told = Notice.objects.get(kind="group_change_returned")
    todo = tasks(group, VendorOrder.objects.none(), {})

    again = write(group, "It goes on.")

    assert [task.quote for task in todo] == ["Leave out the phone number."]
    assert told.context["note"] == "Leave out the phone number."
    assert (again.pk, again.state, again.version) == (change.pk, "waiting", 2)
    assert tasks(group, VendorOrder.objects.none(), {}) == []


def test_decisions_need_what_was_read_a_reason_for_a_no_and_somebody_else(group, office):
    member = MembershipFactory(vendor=group).user
    change = write(group)
    write(group, "Something else.")

    with pytest.raises(GroupChangeMoved):
        group_changes.approve(change, office, version=1)
    with pytest.raises(ReasonMissing):
        group_changes.reject(change, office, " ", version=2)
    with pytest.raises(OwnGroup):
        group_changes.approve(change, member, version=2)
    Partner.objects.filter(pk=group.pk).update(story="The office has written here.")
    with pytest.raises(GroupChangeOutdated):
        group_changes.approve(change, office, version=2)
    group_changes.reject(change, office, "No.", version=2)
    with pytest.raises(IllegalTransition):
        group_changes.reject(change, office, "No.", version=2)

    group.refresh_from_db()
    assert group.story == "The office has written here."
    assert GroupChangeEvent.objects.count() == 1


def test_what_a_suspended_group_writes_waits_too_and_a_closed_one_waits_for_nothing(group, office):
    decisions.suspend(group, actor=office, reason="A look.")
    assert write(group).state == "waiting"
    story.add_photo(group, photo())

    decisions.close(group, actor=office, reason="Ended.")

    group.refresh_from_db()
    assert (group.story, GroupChange.objects.get().state, group.photos.count()) == (
        "It began.",
        "withdrawn",
        0,
    )


def test_an_applicant_writes_at_once():
    group = VendorFactory(applied=True)

    story.update_story(group, summary="\u202eWe weave.", story="It began.")
    story.add_photo(group, photo())

    group.refresh_from_db()
    assert (group.summary, group.photos.get().waits) == ("We weave.", False)
    assert not GroupChange.objects.exists()


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_eight_moderators_decide_it_once(is_guarded, monkeypatch):
    change = write(VendorFactory(story="It began."))
    if not is_guarded:
        monkeypatch.setattr(group_changes, "_lock", lambda change, *_a, **_k: (change.vendor, change))
    monkeypatch.setattr(group_changes, "words_now", pausing(group_changes.words_now))

    race(lambda: group_changes.approve(GroupChange.objects.get(pk=change.pk), None, version=1), contenders=8)

    events = GroupChangeEvent.objects.count()
    assert events == (1 if is_guarded else 8)
