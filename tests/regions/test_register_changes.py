"""Changes of places by staff: what each does, what is refused, on which day, and beside each other."""

from datetime import timedelta

import pytest

from marketplace.lib.dates import today_in
from regions.models import EnteredChange, GeographicalIndication, Region, RegionAlias, RegionChange
from regions.services import register_changes
from regions.services.reference_data import load
from regions.services.register_changes import carry_out_due, enter, withdraw
from regions.services.register_checks import ChangeRefused
from regions.tasks import carry_out_changes
from tests.factories.people import PersonFactory
from tests.factories.regions import GeographicalIndicationFactory
from tests.factories.register import DAY, an_entry
from tests.factories.vendors import VendorFactory
from tests.support.race import pausing, race

pytestmark = pytest.mark.django_db

DOGA, NAJA, PARO, HAA = "BT-11-DOGA", "BT-11-NAJA", "BT-11", "BT-13"


def place(code):
    return Region.objects.get(code=code)


@pytest.fixture
def actor():
    return PersonFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def register(shipped):
    load(shipped)


def entered(entry, actor, key="form"):
    return enter(entry, actor=actor, form_key=key)


def refused(entry, actor):
    """The fields and words of a refusal; asserts that nothing changed."""
    before = (list(Region.objects.values()), RegionChange.objects.count(), EnteredChange.objects.count())
    with pytest.raises(ChangeRefused) as why:
        entered(entry, actor)
    after = (list(Region.objects.values()), RegionChange.objects.count(), EnteredChange.objects.count())
    assert before == after
    return [(fault.field, fault.words) for fault in why.value.faults]


def change_of(code):
    return RegionChange.objects.get(place__code=code)


def test_a_renamed_place_keeps_row_and_code_and_is_known_by_the_old_name(register, actor):
    before = place(DOGA)

    row = entered(an_entry("renamed", before, name="Upper Dogar"), actor)

    after = place(DOGA)
    assert (after.pk, after.name, row.state) == (before.pk, "Upper Dogar", "done")
    assert after.aliases.get(alias=before.name).kind == "name until 2026-03-02"
    change = change_of(DOGA)
    assert (change.on, change.name_before, change.is_listed, change.entered_by) == (
        DAY,
        before.name,
        False,
        actor,
    )


def test_a_new_code_leads_all_below_along_and_the_old_one_is_known(register, actor):
    doga = place(DOGA)

    entered(an_entry("renamed", doga, name=doga.name, code="BT-11-DOGAR"), actor)

    doga.refresh_from_db()
    assert (doga.code, doga.path) == ("BT-11-DOGAR", "BT/BT-11/BT-11-DOGAR/")
    assert change_of("BT-11-DOGAR").code_before == DOGA
    assert RegionAlias.objects.get(alias=DOGA).region == doga


def test_a_moved_place_lies_below_the_other(register, actor):
    entered(an_entry("moved", place(DOGA), place(HAA)), actor)

    doga = place(DOGA)
    assert (doga.path, doga.parent.code) == ("BT/BT-13/BT-11-DOGA/", HAA)
    assert change_of(DOGA).parent_before.code == PARO


def test_a_district_that_becomes_a_state_is_the_same_row_on_another_level(register, actor):
    leh = Region.objects.filter(level="district", path__startswith="IN/IN-LA/").first()

    entered(an_entry("moved", leh, place("IN"), code="IN-ZZ"), actor)

    after = Region.objects.get(pk=leh.pk)
    assert (after.level, after.depth, after.path) == ("state", 1, "IN/IN-ZZ/")
    change = change_of("IN-ZZ")
    assert (change.parent_before.code, change.code_before) == ("IN-LA", leh.code)


def test_a_split_place_ends_and_its_pieces_have_its_land_and_its_name(register, actor):
    doga = place(DOGA)
    pieces = [("BT-11-DOGA-UPPER", "Upper Doga"), NAJA]

    entered(an_entry("split", doga, pieces=pieces), actor)

    doga.refresh_from_db()
    new = place("BT-11-DOGA-UPPER")
    assert (doga.ended_on, new.path) == (DAY, "BT/BT-11/BT-11-DOGA-UPPER/")
    after = {change.successor.code for change in doga.changes.all()}
    assert after == {"BT-11-DOGA-UPPER", NAJA}
    assert {a.region.code for a in RegionAlias.objects.filter(alias=doga.name)} == after


def test_a_place_that_gives_land_goes_on(register, actor):
    entered(an_entry("split", place(DOGA), pieces=[("BT-11-DOGA-UPPER", "Upper Doga")], goes_on=True), actor)

    assert place(DOGA).ended_on is None
    assert {change.successor.code for change in place(DOGA).changes.all()} == {DOGA, "BT-11-DOGA-UPPER"}
    assert not place("BT-11-DOGA-UPPER").aliases.exists()


def test_after_a_merger_rows_and_protected_names_follow(register, actor):
    doga, naja = place(DOGA), place(NAJA)
    group, tea = VendorFactory(home_region=doga), GeographicalIndicationFactory(serial=99999, regions=[doga])

    entered(an_entry("merged", doga, naja), actor)

    group.refresh_from_db()
    assert (group.home_region, list(tea.regions.all()), place(DOGA).ended_on) == (naja, [naja], DAY)
    assert naja.aliases.filter(alias=doga.name).exists()


def test_what_lies_in_a_merged_place_goes_on_in_the_other(register, actor):
    entered(an_entry("merged", place(HAA), place(PARO)), actor)

    bji = Region.objects.filter(code__startswith="BT-13-").first()
    assert bji.path == f"BT/BT-11/{bji.code}/"
    assert bji.changes.get().parent_before.code == HAA
    assert not Region.objects.standing().filter(path__startswith="BT/BT-13/").exists()


def test_a_new_place_stands_from_its_day(register, actor):
    row = entered(an_entry("created", None, place(PARO), code="BT-11-NEW", name="New"), actor)

    new = place("BT-11-NEW")
    assert (new.level, new.path, row.place) == ("gewog", "BT/BT-11/BT-11-NEW/", new)
    assert change_of("BT-11-NEW").kind == "created"


def test_a_place_may_end_with_nothing_after_it(register, actor):
    entered(an_entry("abolished", place(DOGA)), actor)

    assert place(DOGA).ended_on == DAY


def test_a_place_at_which_a_group_stands_is_not_abolished(register, actor):
    VendorFactory(home_region=place(DOGA))

    [(field, words)] = refused(an_entry("abolished", place(DOGA)), actor)

    assert field == "place"
    assert "groups: 1" in words


FAULTY = [
    ("renamed", DOGA, "", {"name": "Doga"}, "name", "called so already"),
    ("renamed", DOGA, "", {"name": ""}, "name", "Write the name"),
    ("renamed", DOGA, "", {"name": "Lamgong"}, "name", "a place called Lamgong in Paro already"),
    ("renamed", DOGA, "", {"name": "X", "code": NAJA}, "code", "has this code"),
    ("renamed", DOGA, "", {"name": "X", "local_name": "Doga"}, "local_name", "one script"),
    ("renamed", "BT", "", {"name": "X"}, "place", "A country stays"),
    ("moved", DOGA, PARO, {}, "other", "lies there already"),
    ("moved", DOGA, DOGA, {}, "other", "nothing becomes part of itself"),
    ("moved", PARO, DOGA, {}, "other", "cannot lie in what lies in it"),
    ("moved", DOGA, NAJA, {}, "other", "Nothing lies below a gewog"),
    ("moved", DOGA, "IN-AS", {}, "other", "another country"),
    ("moved", DOGA, "BT", {}, "code", "becomes a dzongkhag. Write the code"),
    ("moved", PARO, HAA, {"code": "BT-13-PARO"}, "other", "Move those first"),
    ("split", DOGA, "", {"pieces": [("BT-11-A", "A")]}, "pieces", "two places at least"),
    ("split", DOGA, "", {"pieces": ["BT-11-A", NAJA]}, "name_1", "No place has this code"),
    ("split", DOGA, "", {"pieces": [NAJA, NAJA]}, "code_2", "stands above already"),
    ("split", DOGA, "", {"pieces": [DOGA, NAJA]}, "code_1", "the place itself"),
    ("split", DOGA, "", {"pieces": [PARO, NAJA]}, "code_1", "Choose a gewog"),
    ("split", DOGA, "", {"pieces": [(NAJA, "Other"), "BT-11-LAMGONG"]}, "code_1", "is the code of Naja"),
    ("split", DOGA, "", {"pieces": [("BT-12-A", "A"), NAJA]}, "code_1", "begin with"),
    ("split", DOGA, "", {"pieces": [("BT-11-A", "A"), ("BT-11-B", "A")]}, "name_1", "called A"),
    ("split", PARO, "", {"pieces": [("BT-60", "A"), ("BT-46", "B")]}, "place", "Move them under another"),
    ("merged", DOGA, DOGA, {}, "other", "nothing becomes part of itself"),
    ("merged", DOGA, PARO, {}, "other", "Choose a gewog"),
    ("created", "", PARO, {"name": "A", "code": ""}, "code", "such as BT-11-DOGA"),
    ("created", "", PARO, {"name": "", "code": "BT-11-A"}, "name", "Write the name"),
    ("created", "", PARO, {"name": "A", "code": "BT-11-a"}, "code", "is not a gewog code"),
    ("created", "", PARO, {"name": "A", "code": "BT-12-A"}, "code", "begin with"),
    ("created", "", DOGA, {"name": "A", "code": "BT-11-DOGA-A"}, "other", "Nothing lies below"),
    ("created", "", "IN-AS", {"name": "A", "code": "BT-11-A"}, "code", "is not a district code"),
    ("abolished", PARO, "", {}, "place", "Move them under another place first"),
    ("abolished", DOGA, "", {"on": DAY + timedelta(days=90_000)}, "on", "more than two years ahead"),
]


@pytest.mark.parametrize(("kind", "code", "other", "values", "field", "words"), FAULTY)
def test_what_cannot_be_is_refused_in_words(register, actor, kind, code, other, values, field, words):
    about = [place(each) if each else None for each in (code, other)]

    found = refused(an_entry(kind, *about, **values), actor)

    assert [said for at, said in found if at == field and words in said], found


def test_nothing_more_happens_to_a_place_that_ended(register, actor):
    doga, naja = place(DOGA), place(NAJA)
    entered(an_entry("merged", doga, naja), actor)
    later = DAY + timedelta(days=1)
    entries = [
        an_entry("renamed", doga, name="X", on=later),
        an_entry("moved", doga, place(HAA), on=later),
        an_entry("merged", naja, doga, on=later),
        an_entry("split", naja, pieces=[DOGA, "BT-11-LAMGONG"], on=later),
        an_entry("abolished", doga, on=later),
    ]

    for entry in entries:
        assert "ended on 2 March 2026" in refused_again(entry, actor)


def refused_again(entry, actor):
    with pytest.raises(ChangeRefused) as why:
        entered(entry, actor, key="again")
    return str(why.value)


def test_a_day_before_the_latest_change_is_refused(register, actor):
    entered(an_entry("renamed", place(DOGA), name="X"), actor)

    words = refused_again(an_entry("merged", place(NAJA), place(DOGA), on=DAY - timedelta(days=1)), actor)

    assert "The latest change of X was on 2 March 2026" in words


def test_a_former_code_is_given_to_nobody_else(register, actor):
    entered(an_entry("renamed", place(DOGA), name="Doga", code="BT-11-DOGAR"), actor)

    words = refused_again(an_entry("created", None, place(PARO), code=DOGA, name="A"), actor)

    assert "had this code once" in words


def test_only_who_has_the_right_and_works_everywhere_changes_the_register(register):
    officer = PersonFactory(officer=True)

    assert refused(an_entry("abolished", place(DOGA)), officer)[0][0] == ""


def test_a_form_sent_twice_makes_one_change(register, actor):
    rows = [entered(an_entry("renamed", place(DOGA), name="X"), actor) for _ in range(2)]

    assert rows[0].pk == rows[1].pk
    assert RegionChange.objects.filter(place__code=DOGA).count() == 1


def test_a_change_of_a_coming_day_waits_for_it_and_is_carried_out_once(register, actor, monkeypatch):
    tomorrow = today_in("BT") + timedelta(days=1)
    row = entered(an_entry("merged", place(DOGA), place(NAJA), on=tomorrow), actor)

    early = carry_out_due()
    there = (place(DOGA).ended_on, RegionChange.objects.filter(place__code=DOGA).count())
    monkeypatch.setattr("regions.models.entered.today_in", lambda country: tomorrow)
    done = [carry_out_due(), carry_out_due()]

    row.refresh_from_db()
    assert (early, there, done, row.state) == (0, (None, 0), [1, 0], "done")
    assert place(DOGA).ended_on == tomorrow


def test_a_day_begins_in_the_country_of_the_place(register, actor, monkeypatch):
    tomorrow = today_in("BT") + timedelta(days=1)
    entered(an_entry("abolished", place(DOGA), on=tomorrow), actor, key="1")
    assam = Region.objects.filter(path__startswith="IN/IN-AS/", level="district").first()
    entered(an_entry("abolished", assam, on=tomorrow), actor, key="2")
    days = {"BT": tomorrow}
    monkeypatch.setattr(
        "regions.models.entered.today_in", lambda country: days.get(country, tomorrow - timedelta(days=1))
    )

    assert carry_out_due() == 1
    assert place(DOGA).ended_on == tomorrow
    assert place(assam.code).ended_on is None


def test_what_cannot_be_any_more_on_its_day_says_why_and_changes_nothing(register, actor, monkeypatch):
    tomorrow = today_in("BT") + timedelta(days=1)
    row = entered(an_entry("merged", place(DOGA), place(NAJA), on=tomorrow), actor, key="1")
    entered(an_entry("abolished", place(NAJA)), actor, key="2")
    monkeypatch.setattr("regions.models.entered.today_in", lambda country: tomorrow)

    assert carry_out_due() == 0

    row.refresh_from_db()
    assert (row.state, place(DOGA).ended_on) == ("failed", None)
    assert "Naja ended on 2 March 2026" in row.refusal
    assert withdraw(row.pk, actor=actor, reason="entered anew")


def test_what_waits_is_taken_back_once_and_with_a_reason(register, actor):
    tomorrow = today_in("BT") + timedelta(days=1)
    row = entered(an_entry("abolished", place(DOGA), on=tomorrow), actor)

    with pytest.raises(ChangeRefused):
        withdraw(row.pk, actor=actor, reason=" ")
    answers = [withdraw(row.pk, actor=actor, reason="not decided") for _ in range(2)]

    row.refresh_from_db()
    assert (answers, row.state) == ([True, False], "withdrawn")


def test_codes_and_changes_that_wait_are_not_entered_again(register, actor):
    tomorrow = today_in("BT") + timedelta(days=1)
    entered(an_entry("split", place(DOGA), pieces=[("BT-11-A", "A"), NAJA], on=tomorrow), actor)

    again = refused_again(an_entry("split", place(DOGA), pieces=[("BT-11-B", "B"), NAJA], on=tomorrow), actor)
    code = refused_again(an_entry("created", None, place(PARO), code="BT-11-A", name="Z"), actor)

    assert "entered for that day already" in again
    assert "gives this code to a place" in code


RACES = [
    # Each of two places becomes part of the other: without the lock both end, and nobody has the land.
    (
        lambda: an_entry("merged", place(DOGA), place(NAJA)),
        lambda: an_entry("merged", place(NAJA), place(DOGA)),
    ),
    # Two new places get one name.
    (
        lambda: an_entry("created", None, place(PARO), code="BT-11-A", name="New"),
        lambda: an_entry("created", None, place(PARO), code="BT-11-B", name="New"),
    ),
]


@pytest.mark.parametrize("pair", RACES, ids=["each-other", "one-name"])
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_two_staff_beside_each_other_make_one_change(register, actor, monkeypatch, is_guarded, pair):
    colleague = PersonFactory(is_staff=True, is_superuser=True)
    beginners = [(make(), person) for make, person in zip(pair, (actor, colleague), strict=True)]
    slow_faults(monkeypatch)
    if not is_guarded:
        monkeypatch.setattr(register_changes, "take_lock", lambda: None)

    def one():
        entry, person = beginners.pop()
        enter(entry, actor=person, form_key="form")

    outcomes = race(one, contenders=2)

    assert outcomes.count(None) == (1 if is_guarded else 2)
    assert RegionChange.objects.filter(entered_by__isnull=False).count() == (1 if is_guarded else 2)


def slow_faults(monkeypatch):
    """Let both look at the register before either writes, where nothing keeps them apart."""
    monkeypatch.setattr(register_changes, "faults_of", pausing(register_changes.faults_of))


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_makes_one_change(register, actor, monkeypatch, is_guarded):
    slow_faults(monkeypatch)
    if not is_guarded:
        monkeypatch.setattr(register_changes, "take_lock", lambda: None)

    outcomes = race(
        lambda: enter(an_entry("renamed", place(DOGA), name="X"), actor=actor, form_key="form"), contenders=2
    )

    # Without the lock the constraint still keeps the second out, but with an error instead of an answer.
    assert outcomes.count(None) == (2 if is_guarded else 1)
    assert EnteredChange.objects.count() == RegionChange.objects.filter(place__code=DOGA).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_carry_out_once(register, actor, monkeypatch):
    tomorrow = today_in("BT") + timedelta(days=1)
    entered(an_entry("renamed", place(DOGA), name="X", on=tomorrow), actor)
    monkeypatch.setattr("regions.models.entered.today_in", lambda country: tomorrow)

    outcomes = race(carry_out_due, contenders=3)

    assert outcomes == [None] * 3
    assert RegionChange.objects.filter(place__code=DOGA).count() == 1


def test_protected_names_of_both_places_are_linked_once(register, actor):
    doga, naja = place(DOGA), place(NAJA)
    tea = GeographicalIndicationFactory(serial=99999, regions=[doga, naja])

    entered(an_entry("merged", doga, naja), actor)

    assert list(GeographicalIndication.objects.get(pk=tea.pk).regions.all()) == [naja]


def test_what_was_written_at_a_place_while_it_ended_is_taken_along(register, actor):
    doga, naja = place(DOGA), place(NAJA)
    before = carry_out_changes()
    entered(an_entry("merged", doga, naja), actor)
    group = VendorFactory(home_region=doga)

    carry_out_changes()

    group.refresh_from_db()
    assert (before, group.home_region) == (0, naja)
