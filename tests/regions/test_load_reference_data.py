"""Loading the reference data: what is held afterwards, repeats, changes, dry runs and the command's words."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from regions.domain.reference_files import LIMITS
from regions.models import (
    GeographicalIndication,
    IdentifiedProduct,
    MapTile,
    ReferenceLoad,
    Region,
    RegionAlias,
    RegionChange,
    Scheme,
)
from regions.services.reference_data import Change, load
from tests.factories.regions import IdentifiedProductFactory
from tests.support.race import race

pytestmark = pytest.mark.django_db

HELD = {
    Region: 1127,
    RegionAlias: 385,
    RegionChange: 8,
    MapTile: 338,
    Scheme: 5,
    IdentifiedProduct: 1083,
    GeographicalIndication: 711,
}


def held():
    return {model: model.objects.count() for model in HELD}


def test_everything_of_the_files_is_held(shipped):
    load(shipped)

    assert held() == HELD


def test_the_lists_keep_their_schemes(shipped):
    load(shipped)

    assert {scheme.code: scheme.identified_products.count() for scheme in Scheme.objects.all()} == {
        "OGOP": 27,
        "BT-REGIONAL": 28,
        "ODOP-DPIIT": 804,
        "ODOP-MoFPI": 224,
        "OTOP": 0,
    }


def test_a_product_without_a_place_belongs_to_the_country(shipped):
    load(shipped)

    products = IdentifiedProduct.objects.filter(region__level="country")

    assert sorted((product.region.code, product.name) for product in products) == [
        ("BT", "Honey (southern dzongkhags)"),
        ("BT", "Red rice"),
        ("BT", "Strawberry jam; peach jam"),
        ("BT", "Urka chilli"),
    ]


def test_every_path_begins_with_that_of_the_place_above(shipped):
    load(shipped)

    for region in Region.objects.select_related("parent"):
        above = region.parent.path if region.parent else ""
        assert region.path == f"{above}{region.code}/"


def test_local_names_carry_their_language(shipped):
    load(shipped)

    places = ("BT-11", "BT", "IN-BR", "IN-MH", "IN-MH-490", "IN-TN-586", "IN-PB-027", "TH-50", "IN-ML-740")
    names = {region.code: region for region in Region.objects.coded(places)}
    assert {code: (names[code].local_name, names[code].local_language) for code in places} == {
        "BT-11": ("སྤ་རོ", "dz"),
        "BT": ("འབྲུག", "dz"),
        "IN-BR": ("बिहार", "hi"),
        "IN-MH": ("महाराष्ट्र", "hi"),
        "IN-MH-490": ("पुणे", "mr"),
        "IN-TN-586": ("தஞ்சாவூர்", "ta"),
        "IN-PB-027": ("ਅੰਮ੍ਰਿਤਸਰ", "pa"),
        "TH-50": ("เชียงใหม่", "th"),
        "IN-ML-740": ("", ""),
    }
    assert not Region.objects.exclude(local_name="").filter(local_language="").exists()


def test_a_protected_name_knows_its_places(shipped):
    load(shipped)

    tea = GeographicalIndication.objects.get(serial=1)
    assert (tea.name, tea.year, [region.code for region in tea.regions.all()]) == (
        "Darjeeling Tea",
        None,
        ["IN-WB"],
    )
    assert GeographicalIndication.objects.filter(country="IN", regions__isnull=True).count() == 0


def test_a_second_load_is_known_and_a_comparison_finds_nothing_to_change(shipped):
    load(shipped)
    before = list(Region.objects.values())

    again = load(shipped)
    compared = load(shipped, compare=True)

    assert again.is_known
    assert again.touched == 0
    assert compared.touched == 0
    assert compared.changes["regions"] == Change(listed=1127, created=0, changed=0, only_here=0)
    assert list(Region.objects.values()) == before
    assert held() == HELD
    assert ReferenceLoad.objects.count() == 1


def test_a_dry_run_counts_and_changes_nothing(shipped):
    report = load(shipped, dry_run=True)

    assert report.changes["regions"].created == 1127
    assert set(held().values()) == {0}
    assert ReferenceLoad.objects.count() == 0


def test_changed_cells_change_their_rows_and_no_others(shipped, data_copy):
    load(shipped)
    data_copy.set("regions.csv", {"code": "BT-11"}, name="Paro Dzongkhag")
    for name in ("odop_products.csv", "ogop_products.csv"):
        lines = data_copy.lines(name)
        data_copy.save(name, [[cell.replace("Paro", "Paro Dzongkhag") for cell in line] for line in lines])
    data_copy.set("gi_tags.csv", {"gi_serial": "1"}, region_codes="IN-WB; IN-SK", note="two states")
    pk = Region.objects.get(code="BT-11").pk

    report = load(data_copy.directory)

    assert {kind: change.changed for kind, change in report.changes.items() if change.changed} == {
        "regions": 1,
        "geographical indications": 2,
    }
    assert Region.objects.get(pk=pk).name == "Paro Dzongkhag"
    assert set(GeographicalIndication.objects.get(serial=1).regions.values_list("code", flat=True)) == {
        "IN-WB",
        "IN-SK",
    }
    assert held() == HELD


def test_tiles_may_swap_their_cells(shipped, data_copy):
    load(shipped)
    paro = {"layout": "bt_dzongkhag", "code": "BT-11"}
    haa = {"layout": "bt_dzongkhag", "code": "BT-13"}
    data_copy.set("map_tiles.csv", paro, col="0", row="3")
    data_copy.set("map_tiles.csv", haa, col="1", row="2")

    report = load(data_copy.directory)

    assert report.changes["tiles"] == Change(listed=338, created=0, changed=2, only_here=0)
    tile = MapTile.objects.get(layout="bt_dzongkhag", region__code="BT-11")
    assert (tile.column, tile.row) == (0, 3)
    assert MapTile.objects.count() == 338


def test_rows_that_the_files_do_not_hold_are_kept(shipped, data_copy):
    load(shipped)
    named = IdentifiedProductFactory(
        scheme=Scheme.objects.get(code="OGOP"), region=Region.objects.get(code="BT-11"), name="Turnip"
    )
    data_copy.remove("ogop_products.csv", {"product": "Swords"})

    report = load(data_copy.directory)

    assert report.changes["OGOP list"] == Change(listed=54, created=0, changed=1, only_here=2)
    assert IdentifiedProduct.objects.filter(pk=named.pk).exists()
    assert IdentifiedProduct.objects.filter(name="Swords").exists()


def test_an_emptied_table_is_filled_again_though_the_files_are_known(shipped):
    load(shipped)
    RegionAlias.objects.all().delete()

    report = load(shipped)

    assert report.changes["aliases"].created == 385
    assert held() == HELD


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_load_once(shipped):
    outcomes = race(lambda: load(shipped, compare=True), contenders=3)

    assert outcomes == [None, None, None]
    assert held() == HELD
    assert ReferenceLoad.objects.count() == 1


def test_queries_do_not_grow_with_the_rows(shipped, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        load(shipped)


def test_the_command_prints_the_counts():
    out = StringIO()

    call_command("load_reference_data", stdout=out)
    call_command("load_reference_data", stdout=out)

    assert out.getvalue().splitlines() == [
        "regions: 1127 listed, 1127 created, 0 changed, 0 only in the database",
        "changes: 8 listed, 8 created, 0 changed, 0 only in the database",
        "aliases: 385 listed, 385 created, 0 changed, 0 only in the database",
        "tiles: 338 listed, 338 created, 0 changed, 0 only in the database",
        "schemes: 5 listed, 5 created, 0 changed, 0 only in the database",
        "ODOP products: 1028 listed, 1028 created, 0 changed, 0 only in the database",
        "OGOP list: 55 listed, 55 created, 0 changed, 0 only in the database",
        "geographical indications: 711 listed, 711 created, 0 changed, 0 only in the database",
        "Reference data: these files are loaded already.",
    ]


def test_the_command_names_every_fault_and_fails(data_copy):
    line = data_copy.set("regions.csv", {"code": "BT-11"}, level="valley")
    other = data_copy.set("gi_tags.csv", {"gi_serial": "7"}, year="199")
    err = StringIO()

    with pytest.raises(CommandError, match="nothing was loaded") as failed:
        call_command("load_reference_data", directory=data_copy.directory, stderr=err)

    assert failed.value.returncode == 1
    said = err.getvalue()
    assert f"regions.csv, line {line}, column level: 'valley': no such level; use one of country" in said
    assert f"gi_tags.csv, line {other}, column year: '199': not a year" in said
    assert set(held().values()) == {0}


def test_limits_of_the_files_are_those_of_the_columns():
    fields = {
        ("regions.csv", "code"): (Region, "code"),
        ("regions.csv", "name"): (Region, "name"),
        ("regions.csv", "local_name"): (Region, "local_name"),
        ("region_meta.csv", "lgd_code"): (Region, "lgd_code"),
        ("region_meta.csv", "coord_basis"): (Region, "coordinate_basis"),
        ("region_meta.csv", "name_source"): (Region, "name_source"),
        ("region_meta.csv", "status_note"): (Region, "status_note"),
        ("region_aliases.csv", "alias"): (RegionAlias, "alias"),
        ("region_aliases.csv", "kind"): (RegionAlias, "kind"),
        ("region_changes.csv", "code"): (RegionChange, "code_before"),
        ("region_changes.csv", "old_name"): (RegionChange, "name_before"),
        ("region_changes.csv", "source"): (RegionChange, "source"),
        ("region_changes.csv", "note"): (RegionChange, "note"),
    }
    for name, sector in (("odop_products.csv", True), ("ogop_products.csv", False)):
        columns = {"product": "name", "category": "category", "source": "source", "programme": "edition"}
        columns |= {"sector_in_source": "sector", "rank": "rank"} if sector else {"note": "note"}
        fields |= {(name, column): (IdentifiedProduct, field) for column, field in columns.items()}
    fields |= {("gi_tags.csv", column): (GeographicalIndication, column) for column in LIMITS["gi_tags.csv"]}

    assert {(name, column) for name, limits in LIMITS.items() for column in limits} == set(fields)
    for (name, column), (model, field) in fields.items():
        assert LIMITS[name][column] == model._meta.get_field(field).max_length
