"""Changes of the register in the files: renamed, moved, split, merged; what is kept, and what is refused."""

from datetime import date

import pytest

from regions.domain.reference_files import Problem
from regions.models import ReferenceLoad, Region, RegionAlias, RegionChange
from regions.services.reference_data import InvalidReferenceData, load

pytestmark = pytest.mark.django_db


def place(code):
    return Region.objects.get(code=code)


def faults(directory):
    with pytest.raises(InvalidReferenceData) as refused:
        load(directory)
    return [(each.column, each.remedy) for each in refused.value.problems if isinstance(each, Problem)]


def rename(copy, code, name):
    old = next(line[3] for line in copy.lines("regions.csv") if line[0] == code)
    copy.set("regions.csv", {"code": code}, name=name)
    for file in ("odop_products.csv", "ogop_products.csv"):
        lines = copy.lines(file)
        copy.save(file, [[name if cell == old else cell for cell in line] for line in lines])
    return old


def test_a_renamed_place_is_the_same_row_and_keeps_its_old_name(shipped, data_copy):
    load(shipped)
    before = place("BT-11-DOGA")
    old = rename(data_copy, "BT-11-DOGA", "New Doga")
    data_copy.change("2026-02-03", "renamed", "BT-11-DOGA", "BT-11-DOGA", old_name=old)

    load(data_copy.directory)

    after = place("BT-11-DOGA")
    assert (after.pk, after.name, after.ended_on) == (before.pk, "New Doga", None)
    assert after.aliases.get(alias=old).kind == "name until 2026-02-03"
    change = RegionChange.objects.get(place=after)
    assert (change.kind, change.on, change.name_before) == ("renamed", date(2026, 2, 3), old)


def test_a_new_code_stays_the_same_row_and_the_old_code_leads_to_it(shipped, data_copy):
    load(shipped)
    district = place("IN-CT-374")
    directory = data_copy.directory
    for path in directory.glob("*.csv"):
        if path.name != "region_aliases.csv":
            path.write_text(path.read_text("utf-8").replace("IN-CT", "IN-CG"), "utf-8")
    data_copy.remove("region_aliases.csv", {"alias": "IN-CG"})
    lines = data_copy.lines("region_aliases.csv")
    data_copy.save("region_aliases.csv", [[line[0].replace("IN-CT", "IN-CG"), *line[1:]] for line in lines])
    for region in Region.objects.filter(path__startswith="IN/IN-CT/"):
        new = region.code.replace("IN-CT", "IN-CG")
        data_copy.change("2026-02-03", "renamed", region.code, new, old_name=region.name)
    known = Region.objects.count()

    load(directory)
    again = load(directory, compare=True)

    district.refresh_from_db()
    assert (district.code, district.path) == ("IN-CG-374", "IN/IN-CG/IN-CG-374/")
    assert RegionAlias.objects.get(alias="IN-CT-374").region == district
    assert Region.objects.count() == known
    assert again.touched == 0


def test_a_moved_place_takes_everything_below_it_along(shipped, data_copy):
    load(shipped)
    doga = place("BT-11-DOGA")
    data_copy.set("regions.csv", {"code": "BT-11-DOGA"}, parent_code="BT-13")
    data_copy.change("2026-02-03", "moved", "BT-11-DOGA", "BT-11-DOGA", old_parent_code="BT-11")

    load(data_copy.directory)

    doga.refresh_from_db()
    assert (doga.parent.code, doga.path) == ("BT-13", "BT/BT-13/BT-11-DOGA/")
    assert doga.changes.get().parent_before.code == "BT-11"


def test_a_district_that_becomes_a_state_is_the_same_row(shipped, data_copy):
    load(shipped)
    old, new = "IN-LA-009", "IN-ZZ"
    leh = place(old)
    for name in ("region_meta.csv", "region_aliases.csv"):
        lines = data_copy.lines(name)
        data_copy.save(name, [[new if cell == old else cell for cell in line] for line in lines])
    data_copy.set("region_meta.csv", {"code": new}, lgd_code="")
    listed = data_copy.lines("odop_products.csv")
    data_copy.save("odop_products.csv", [line for line in listed if old not in line])
    data_copy.set("regions.csv", {"code": old}, code=new, parent_code="IN", level="state")
    data_copy.append("map_tiles.csv", ["in_state", new, "300", "300"])
    data_copy.change("2026-02-03", "moved", old, new, old_parent_code="IN-LA")
    known = Region.objects.count()

    load(data_copy.directory)
    again = load(data_copy.directory, compare=True)

    leh.refresh_from_db()
    assert (leh.code, leh.level, leh.depth, leh.path) == (new, "state", 1, "IN/IN-ZZ/")
    assert (Region.objects.count(), again.touched) == (known, 0)
    assert leh.changes.get().parent_before.code == "IN-LA"


def test_places_that_only_the_database_has_follow_the_one_above(shipped, data_copy):
    load(shipped)
    state = place("IN-NL")
    own = Region.objects.create(
        code="IN-NL-OWN", parent=state, level="district", depth=2, name="Own", path="IN/IN-NL/IN-NL-OWN/"
    )
    Region.objects.filter(pk=own.pk).update(path="IN/IN-ML/IN-NL-OWN/")
    data_copy.set("gi_tags.csv", {"gi_serial": "1"}, note="changed")

    load(data_copy.directory)

    own.refresh_from_db()
    assert own.path == "IN/IN-NL/IN-NL-OWN/"


def test_a_place_that_was_split_ends_and_its_pieces_are_known_by_its_name(shipped, data_copy):
    load(shipped)
    doga = place("BT-11-DOGA")
    data_copy.remove("map_tiles.csv", {"code": "BT-11-DOGA"})
    for number, name in enumerate(("Upper Doga", "Lower Doga")):
        data_copy.add_place(f"BT-11-DOGA-{'AB'[number]}", "BT-11", name, col=200 + number)
        data_copy.change("2026-02-03", "split", "BT-11-DOGA", f"BT-11-DOGA-{'AB'[number]}")

    load(data_copy.directory)
    loads = ReferenceLoad.objects.count()
    again = load(data_copy.directory, compare=True)

    doga.refresh_from_db()
    assert doga.ended_on == date(2026, 2, 3)
    assert {alias.region.code for alias in RegionAlias.objects.filter(alias=doga.name)} == {
        "BT-11-DOGA-A",
        "BT-11-DOGA-B",
    }
    assert {change.successor.code for change in doga.changes.all()} == {"BT-11-DOGA-A", "BT-11-DOGA-B"}
    assert (again.touched, ReferenceLoad.objects.count()) == (0, loads)


def test_a_place_that_only_gave_land_goes_on(shipped, data_copy):
    load(shipped)
    data_copy.add_place("BT-11-NEW", "BT-11", "New")
    data_copy.change("2026-02-03", "split", "BT-11-DOGA", "BT-11-DOGA")
    data_copy.change("2026-02-03", "split", "BT-11-DOGA", "BT-11-NEW")

    load(data_copy.directory)

    assert place("BT-11-DOGA").ended_on is None
    assert not place("BT-11-NEW").aliases.exists()


def test_the_names_of_places_that_were_merged_one_after_the_other_lead_to_the_last(shipped, data_copy):
    load(shipped)
    data_copy.remove("map_tiles.csv", {"code": "BT-11-DOGA"})
    data_copy.remove("map_tiles.csv", {"code": "BT-11-NAJA"})
    data_copy.change("2026-02-03", "merged", "BT-11-DOGA", "BT-11-NAJA")
    data_copy.change("2026-03-03", "merged", "BT-11-NAJA", "BT-11-DOPSHARI")

    load(data_copy.directory)

    last = place("BT-11-DOPSHARI")
    names = {place(code).name for code in ("BT-11-DOGA", "BT-11-NAJA")}
    assert (
        set(last.aliases.filter(kind__startswith="place of its land").values_list("alias", flat=True))
        == names
    )
    assert set(
        Region.objects.filter(ended_on__isnull=False, path__startswith="BT/").values_list("code", flat=True)
    ) == {
        "BT-11-DOGA",
        "BT-11-NAJA",
    }


D, N = "BT-11-DOGA", "BT-11-NAJA"
FAULTY = [
    (("2026-2-3", "abolished", D), "on", "not a day"),
    (("2026-02-30", "abolished", D), "on", "not a day"),
    (("2999-01-01", "abolished", D), "on", "lies ahead"),
    (("2026-02-03", "sold", D), "kind", "no such change"),
    (("2026-02-03", "abolished", "BT-11-NOWHERE"), "code", "no such place"),
    (("2026-02-03", "abolished", D, N), "to_code", "means nothing"),
    (("2026-02-03", "merged", D, ""), "to_code", "empty"),
    (("2026-02-03", "merged", D, D), "to_code", "cannot become part of itself"),
    (("2026-02-03", "merged", D, "BT-12"), "to_code", "is a dzongkhag, not a gewog"),
    (("2026-02-03", "merged", "IN-DL-671", "TH-10"), "to_code", "is a province"),
    (("2026-02-03", "split", D, N), "to_code", "two lines at least"),
    (("2026-02-03", "renamed", D, D), "old_name", "empty"),
    (("2026-02-03", "moved", D, D, "", "BT-11"), "old_parent_code", "is where it lies still"),
    (("2026-02-03", "moved", D, D, "", "BT"), "old_parent_code", "not a dzongkhag"),
    (("2026-02-03", "merged", "IN-DL-671", "IN-DL-OLD-DELHI"), "code", "ended by line 2 already"),
    (("2026-02-03", "renamed", "IN-DL-671", "IN-DL-671", "X"), "code", "a later change cannot be about it"),
    (("2026-02-03", "abolished", "BT-11"), "parent_code", "say where this place lies now"),
    (("2026-02-03", "renamed", N, D, "X"), "code", "is the former code of a place"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "column", "remedy"), FAULTY)
def test_a_faulty_change_is_named_and_nothing_is_loaded(data_copy, cells, column, remedy):
    row = [*cells, *[""] * (6 - len(cells)), "notification", ""]
    data_copy.append("region_changes.csv", row)

    found = faults(data_copy.directory)

    assert [said for at, said in found if at == column and remedy in said], found
    assert not Region.objects.exists()


def test_a_file_without_changes_is_as_good_as_any(data_copy):
    data_copy.save("region_changes.csv", data_copy.lines("region_changes.csv")[:1])

    load(data_copy.directory)

    assert not RegionChange.objects.exists()


def test_an_old_and_a_new_code_that_are_two_places_are_not_made_one(shipped, data_copy):
    load(shipped)
    doga = place(D)
    data_copy.set("regions.csv", {"code": D}, code="BT-11-NEW")
    for name in ("region_meta.csv", "region_aliases.csv", "map_tiles.csv"):
        lines = data_copy.lines(name)
        data_copy.save(name, [["BT-11-NEW" if cell == D else cell for cell in line] for line in lines])
    data_copy.change("2026-02-03", "renamed", D, "BT-11-NEW", old_name="Doga")
    Region.objects.create(
        code="BT-11-NEW", parent=doga.parent, level="gewog", depth=2, name="Other", path="BT/BT-11/BT-11-NEW/"
    )
    before = list(Region.objects.values())

    found = faults(data_copy.directory)

    assert found == [("to_code", f"BT-11-NEW is a place beside {D} already; say that they were merged")]
    assert list(Region.objects.values()) == before
