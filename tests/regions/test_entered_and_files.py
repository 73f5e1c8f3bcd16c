"""What staff entered and what the files say: a load confirms what both have, and undoes nothing that it does not know."""

from datetime import date

import pytest

from regions.models import GeographicalIndication, MapTile, Region, RegionAlias, RegionChange
from regions.services.reference_data import load
from regions.services.register_changes import enter
from tests.factories.people import PersonFactory
from tests.factories.register import DAY, an_entry

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


def entered(actor, *entries):
    for number, entry in enumerate(entries):
        enter(entry, actor=actor, form_key=f"form-{number}")


def state():
    return (
        list(Region.objects.order_by("pk").values()),
        sorted(RegionAlias.objects.values_list("region", "alias", "kind")),
        list(RegionChange.objects.order_by("pk").values()),
        sorted(
            GeographicalIndication.regions.through.objects.values_list("geographicalindication", "region")
        ),
    )


ENTRIES = {
    "renamed": lambda: an_entry("renamed", place(DOGA), name="Upper Dogar"),
    "recoded": lambda: an_entry("renamed", place(DOGA), name="Doga", code="BT-11-DOGAR"),
    "recoded above": lambda: an_entry("renamed", place(PARO), name="Paro", code="BT-46"),
    "moved": lambda: an_entry("moved", place(DOGA), place(HAA)),
    "risen": lambda: an_entry("moved", place("IN-WB-664"), place("IN"), code="IN-ZZ"),
    "split": lambda: an_entry("split", place(DOGA), pieces=[("BT-11-A", "A"), NAJA]),
    "gave land": lambda: an_entry("split", place(DOGA), pieces=[("BT-11-A", "A")], goes_on=True),
    "merged": lambda: an_entry("merged", place(DOGA), place(NAJA)),
    "merged above": lambda: an_entry("merged", place("IN-WB"), place("IN-AS")),
    "created": lambda: an_entry("created", None, place(PARO), code="BT-11-A", name="A"),
    "abolished": lambda: an_entry("abolished", place(DOGA)),
}


@pytest.mark.parametrize("kind", ENTRIES)
def test_a_load_that_does_not_know_a_change_does_not_undo_it(register, actor, shipped, kind):
    entered(actor, ENTRIES[kind]())
    before = state()

    report = load(shipped, compare=True)

    assert state() == before
    assert {name: change for name, change in report.changes.items() if change.created or change.changed} == {}


def confirm(copy, kind, day="2026-03-02"):
    """Let the files say the same."""
    if kind == "merged":
        copy.remove("map_tiles.csv", {"code": DOGA})
        copy.change(day, "merged", DOGA, NAJA)
    if kind == "split":
        copy.remove("map_tiles.csv", {"code": DOGA})
        copy.add_place("BT-11-A", PARO, "A")
        for piece in ("BT-11-A", NAJA):
            copy.change(day, "split", DOGA, piece)
    if kind == "moved":
        copy.set("regions.csv", {"code": DOGA}, parent_code=HAA)
        copy.change(day, "moved", DOGA, DOGA, old_parent_code=PARO)
    if kind == "renamed":
        copy.set("regions.csv", {"code": DOGA}, name="Upper Dogar")
        copy.change(day, "renamed", DOGA, DOGA, old_name="Doga")
    if kind == "created":
        copy.add_place("BT-11-A", PARO, "A")
        copy.change(day, "created", to_code="BT-11-A")
    if kind == "abolished":
        copy.remove("map_tiles.csv", {"code": DOGA})
        copy.change(day, "abolished", DOGA)
    if kind == "recoded":
        for name in ("regions.csv", "region_meta.csv", "region_aliases.csv", "map_tiles.csv"):
            lines = copy.lines(name)
            copy.save(name, [["BT-11-DOGAR" if cell == DOGA else cell for cell in line] for line in lines])
        copy.change(day, "renamed", DOGA, "BT-11-DOGAR", old_name="Doga")


CONFIRMED = ["renamed", "recoded", "moved", "split", "merged", "created", "abolished"]


@pytest.mark.parametrize("kind", CONFIRMED)
def test_a_load_with_the_same_change_confirms_it(register, actor, data_copy, kind):
    entered(actor, ENTRIES[kind]())
    before = RegionChange.objects.count()
    kept = dict(RegionChange.objects.filter(entered_by=actor).values_list("pk", "is_listed"))
    regions = Region.objects.count()
    confirm(data_copy, kind)

    load(data_copy.directory)
    again = load(data_copy.directory, compare=True)

    assert (RegionChange.objects.count(), Region.objects.count()) == (before, regions)
    assert set(kept.values()) == {False}
    assert set(RegionChange.objects.filter(pk__in=kept).values_list("is_listed", flat=True)) == {True}
    assert again.touched == 0


@pytest.mark.parametrize("kind", ["split", "merged", "created", "abolished"])
def test_the_day_of_the_files_counts_for_what_happens_once(register, actor, data_copy, kind):
    entered(actor, ENTRIES[kind]())
    before = RegionChange.objects.count()
    confirm(data_copy, kind, day="2026-03-05")

    load(data_copy.directory)

    rows = RegionChange.objects.filter(entered_by=actor)
    assert RegionChange.objects.count() == before
    assert {(row.on, row.is_listed) for row in rows} == {(date(2026, 3, 5), True)}
    ended = set(Region.objects.filter(changes__in=rows).values_list("ended_on", flat=True))
    assert ended == ({None} if kind == "created" else {date(2026, 3, 5)})


def test_the_same_rename_on_another_day_is_another_one(register, actor, data_copy):
    entered(actor, ENTRIES["renamed"]())
    confirm(data_copy, "renamed", day="2026-03-05")

    load(data_copy.directory)

    assert set(RegionChange.objects.filter(place__code=DOGA).values_list("on", "is_listed")) == {
        (DAY, False),
        (date(2026, 3, 5), True),
    }
    assert place(DOGA).name == "Upper Dogar"


def test_tiles_stay_with_the_files(register, actor, shipped):
    tiles = set(MapTile.objects.values_list("region", "column", "row"))
    entered(actor, ENTRIES["merged"]())

    load(shipped, compare=True)

    assert set(MapTile.objects.values_list("region", "column", "row")) == tiles
