"""The page of a committee: many decisions in one form, minutes, and nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.lib.dates import today_in
from regions.models import CommitteeMeeting, IdentifiedProduct, MeetingMinutes, Nomination, RegionRole
from regions.services import nomination_decisions
from regions.services.meetings import record_meeting
from tests.factories.people import PersonFactory
from tests.factories.regions import RegionFactory, SchemeFactory
from tests.regions.given_nominations import Office, officer

pytestmark = pytest.mark.django_db

LIST = reverse("admin:regions_committeemeeting_changelist")
ADD = reverse("admin:regions_committeemeeting_add")


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def desk(client, office):
    client.force_login(office.approver)
    return client


@pytest.fixture
def meeting(office):
    return record_meeting(
        office.scheme, held_on=today_in("BT"), title="Third", actor=office.approver, form_key="m1"
    )


def recommended(office, *names):
    made = [office.propose(name) for name in names]
    for each in made:
        nomination_decisions.recommend(each, actor=office.recommender, version=1)
    return made


def page_of(meeting):
    return reverse("admin:regions_committeemeeting_change", args=[meeting.pk])


def sheet(*rows, **common):
    """rows: (nomination, choice, day, remarks), the last ones left away."""
    sent = {"form_key": "f1", "minutes_version": "0", "minutes": "", **common}
    for nomination, *said in rows:
        choice, day, why = (*said, "", "", "")[:3]
        sent |= {f"version-{nomination.pk}": nomination.version, f"do-{nomination.pk}": choice}
        sent |= {f"on-{nomination.pk}": day, f"why-{nomination.pk}": why}
    return sent


def states(*nominations):
    return [Nomination.objects.get(pk=each.pk).state for each in nominations]


def today():
    return today_in("BT").isoformat()


def test_a_meeting_is_written_down_once_for_each_form(desk, office):
    form = {
        "scheme": office.scheme.pk,
        "held_on": today(),
        "title": "Third meeting",
        "minutes": "All were there.",
        "form_key": "k1",
    }

    answers = [desk.post(ADD, form) for _ in range(2)]

    meeting = CommitteeMeeting.objects.get()
    assert [answer["Location"] for answer in answers] == [page_of(meeting)] * 2
    assert MeetingMinutes.objects.get().text == "All were there."
    assert desk.get(LIST).context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"held_on": "2999-01-01"}, "held_on"), ({"title": " "}, "title"), ({"scheme": "0"}, "scheme")],
)
def test_a_refused_meeting_comes_back_as_it_was_typed(desk, office, changes, field):
    form = {"scheme": office.scheme.pk, "held_on": today(), "title": "Third", "form_key": "k1"}

    page = desk.post(ADD, {**form, "minutes": "All were there.", **changes})

    assert page.context["form"].errors[field]
    assert page.context["form"]["minutes"].value() == "All were there."
    assert not CommitteeMeeting.objects.exists()


def test_one_day_for_all_and_another_word_for_some(desk, office, meeting):
    first, second, third, fourth = recommended(office, "A", "B", "C", "D")
    rows = sheet(
        (first,),
        (second, "approved", "2026-01-05"),
        (third, "returned", "", "How many?"),
        (fourth, "leave"),
        do="approved",
        on=today(),
    )

    answers = [desk.post(page_of(meeting), rows) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert states(first, second, third, fourth) == ["approved", "approved", "returned", "recommended"]
    named = dict(IdentifiedProduct.objects.values_list("name", "named_on"))
    assert {name: str(day) for name, day in named.items()} == {"A": today(), "B": "2026-01-05"}
    page = desk.get(page_of(meeting))
    assert [row.nomination.pk for row in page.context["rows"]] == [fourth.pk]
    assert [(event.nomination.name, str(state)) for event, state in page.context["decided"]] == [
        ("A", "approved"),
        ("B", "approved"),
        ("C", "returned"),
    ]


def test_rows_that_were_refused_are_shown_as_typed_with_the_reason(desk, office, meeting):
    good, dayless, wordless, wrong = recommended(office, "A", "B", "C", "D")
    moved = recommended(office, "E")[0]
    nomination_decisions.send_back(moved, actor=PersonFactory(superuser=True), version=1, remarks="?")
    rows = sheet(
        (good, "approved", today()),
        (dayless, "approved", "", "Well made"),
        (wordless, "refused"),
        (wrong, "approved", "tomorrow", "Sure"),
        (moved, "approved", today(), "Fine honey"),
        minutes="All were there.",
    )

    page = desk.post(page_of(meeting), rows)

    assert page.status_code == 200
    assert states(good, dayless, wordless, wrong) == ["approved", *["recommended"] * 3]
    shown = {row.nomination.name: row for row in page.context["rows"]}
    assert set(shown) == {"B", "C", "D"}
    assert (shown["B"].choice, shown["B"].remarks) == ("approved", "Well made")
    assert "from which day" in shown["B"].refusal
    assert "Say why" in shown["C"].refusal
    assert (shown["D"].day, "no day" in shown["D"].refusal) == ("tomorrow", True)
    assert [(row.remarks, "returned" in row.refusal) for row in page.context["moved"]] == [
        ("Fine honey", True)
    ]
    said = page.content.decode()
    assert "Well made</textarea>" in said
    assert "Fine honey" in said
    # What could be done was done, the minutes included; sent again it is not done twice.
    assert MeetingMinutes.objects.get().text == "All were there."
    assert IdentifiedProduct.objects.count() == 1


def test_who_may_not_approve_any_more_gets_the_sheet_back_with_403(client, desk, office, meeting):
    nomination = recommended(office, "A")[0]
    RegionRole.objects.filter(person=office.approver).update(may_decide=False)
    moderator_reads = PersonFactory(officer=True, place=office.country)
    moderator_reads.user_permissions.add(*_right("view_committeemeeting"))
    client.force_login(moderator_reads)

    page = client.post(
        page_of(meeting), sheet((nomination, "approved", today(), "Well made"), minutes="All.")
    )

    assert page.status_code == 403
    assert page.context["rows"][0].remarks == "Well made"
    assert "All.</textarea>" in page.content.decode()
    assert states(nomination) == ["recommended"]
    assert not MeetingMinutes.objects.exists()
    read = client.get(page_of(meeting))
    assert read.status_code == 200
    assert "<textarea" not in read.content.decode()


def _right(codename):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename=codename)


def test_minutes_are_kept_beside_those_of_before_and_never_written_over(desk, office, meeting):
    desk.post(page_of(meeting), sheet(minutes="First."))
    page = desk.get(page_of(meeting))
    assert (page.context["sheet"].minutes, page.context["sheet"].minutes_version) == ("First.", 1)
    desk.post(page_of(meeting), sheet(minutes="Second.", minutes_version="1", form_key="f2"))

    late = desk.post(page_of(meeting), sheet(minutes="Mine.", minutes_version="1", form_key="f3"))

    assert list(meeting.minutes.values_list("version", "text")) == [(2, "Second."), (1, "First.")]
    assert "Somebody else has written the minutes anew" in late.context["sheet"].minutes_refusal
    assert "Mine.</textarea>" in late.content.decode()


def test_another_country_knows_of_nothing(client, desk, office, meeting):
    nomination = recommended(office, "A")[0]
    stranger = officer(RegionFactory(state=True).parent, decides=True)
    client.force_login(stranger)

    assert client.get(LIST).context["cl"].result_count == 0
    assert client.get(page_of(meeting)).status_code == 404
    assert client.post(page_of(meeting), sheet((nomination, "approved", today()))).status_code == 404
    assert states(nomination) == ["recommended"]
    refused = client.post(
        ADD, {"scheme": office.scheme.pk, "held_on": today(), "title": "Ours", "form_key": "k"}
    )
    assert refused.status_code == 403
    assert CommitteeMeeting.objects.count() == 1


@pytest.mark.parametrize("trait", ["officer", "finance", "staff"])
def test_who_approves_nowhere_sees_no_meetings(client, meeting, trait):
    client.force_login(PersonFactory(**{trait: True}))

    assert client.get(LIST).status_code == 403
    assert client.get(ADD).status_code == 403
    assert client.get(page_of(meeting)).status_code == 403


def test_a_hostile_sheet_does_nothing(desk, office, meeting):
    other = Office(SchemeFactory(code="BT-OTHER", name="Another"), office.gewog)
    foreign = recommended(other, "A")[0]
    sent = sheet((foreign, "approved", today()))
    sent |= {
        "version-": "1",
        "version-x": "1",
        "version-" + "9" * 40: "1",
        "do-x": "approved",
        "version-0": "\0",
    }

    page = desk.post(page_of(meeting), sent)

    assert page.status_code == 200
    assert "no nomination to this scheme" in page.content.decode()
    assert states(foreign) == ["recommended"]


def queries(desk, path):
    with CaptureQueriesContext(connection) as found:
        desk.get(path)
    return len(found)


def test_two_hundred_rows_cost_as_much_as_two(desk, office, meeting):
    recommended(office, "A", "B")
    desk.get(page_of(meeting))
    two = queries(desk, page_of(meeting))
    first = Nomination.objects.first()
    rows = [
        Nomination(
            scheme=office.scheme,
            region=office.gewog,
            recommending_region=office.gewog.parent,
            name=f"Honey {number}",
            category="Food",
            ecosystem="Bees",
            state="recommended",
            proposed_by=office.proposer,
            recommended_by=office.recommender,
            handed_in_at=first.handed_in_at,
        )
        for number in range(198)
    ]
    Nomination.objects.bulk_create(rows)

    assert queries(desk, page_of(meeting)) == two
    assert len(desk.get(page_of(meeting)).context["rows"]) == 200


def test_a_sheet_that_says_nothing_asks_for_something(desk, office, meeting):
    nomination = recommended(office, "A")[0]

    page = desk.post(page_of(meeting), sheet((nomination,)))

    assert "Choose a decision for a nomination, or write the minutes." in page.content.decode()
    assert states(nomination) == ["recommended"]
