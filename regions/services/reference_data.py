"""Loading the reference data: places, other names, tiles, schemes, identified products and protected names."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from marketplace.lib.dates import TIME_ZONES, local_day
from regions.domain import reference_rules
from regions.domain.change_rules import Register, register_of
from regions.domain.reference_files import Files, Problem, Row, fingerprint, read_files
from regions.domain.scripts import local_language
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
from regions.services import listed_products, register_rows, settling
from regions.services.merging import BATCH, Change, merge, summed

# Raise it when rules or columns change, so that files already loaded are loaded again.
EDITION = 4
Rows = Mapping[str, list[Row]]


class InvalidReferenceData(Exception):
    """The files have faults; nothing was loaded. problems: every fault found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} faults in the reference data")
        self.problems = list(problems)


@dataclass(frozen=True)
class LoadReport:
    """Changes by kind; is_known: the same files were loaded before, so nothing was compared.

    lists: what the lists of products say, each, of what is here.
    """

    changes: Mapping[str, Change]
    is_known: bool = False
    lists: Sequence[listed_products.ListReport] = ()

    @property
    def touched(self) -> int:
        """Rows created or changed."""
        return sum(change.created + change.changed for change in self.changes.values())


def load(directory: Path, *, dry_run: bool = False, compare: bool = False) -> LoadReport:
    """Bring the database to what the files say, all of it or nothing.

    Rows are matched by code or natural key, so that a second load changes nothing. Rows that the files do not hold
    are kept, since listings or officers may rely on them; only map tiles are replaced as a whole. Files that were
    loaded before are recognised by their fingerprint and skipped, unless compare is set or rows are missing.
    Raises InvalidReferenceData naming every fault.
    """
    if not (dry_run or compare) and _is_loaded(directory):
        return LoadReport({}, is_known=True)
    files = read_files(directory, edition=EDITION)
    now = timezone.now()
    today = max(local_day(now, country) for country in TIME_ZONES)
    if problems := reference_rules.check(files, today=today):
        raise InvalidReferenceData(problems)
    with transaction.atomic():
        report = _write(files)
        if dry_run:
            transaction.set_rollback(True)
    return report


def _is_loaded(directory: Path) -> bool:
    last = ReferenceLoad.objects.first()
    if last is None or last.fingerprint != fingerprint(directory, edition=EDITION):
        return False
    # Somebody may have emptied a table since.
    held = _held()
    return all(held[kind] >= count for kind, count in last.counts.items())


def _held() -> dict[str, int]:
    return {
        "regions": Region.objects.count(),
        "aliases": RegionAlias.objects.count(),
        "changes": RegionChange.objects.count(),
        "tiles": MapTile.objects.count(),
        "schemes": Scheme.objects.count(),
        "identified products": IdentifiedProduct.objects.count(),
        "geographical indications": GeographicalIndication.objects.count(),
    }


def _write(files: Files) -> LoadReport:
    with connection.cursor() as cursor:
        # A load takes longer than the few seconds that a page may wait for a lock.
        cursor.execute("SET LOCAL lock_timeout = '60s'")
    with settling.settling():
        changes, lists = _write_rows(register_rows.as_staff_coded(files.rows))
    report = LoadReport(changes, lists=lists)
    last = ReferenceLoad.objects.first()
    if report.touched or last is None or last.fingerprint != files.fingerprint:
        ReferenceLoad.objects.create(fingerprint=files.fingerprint, counts=_held())
    return report


def _write_rows(rows: Rows) -> tuple[Mapping[str, Change], Sequence[listed_products.ListReport]]:
    said = rows["region_changes.csv"]
    register = register_of(said)
    if problems := register_rows.recode(said, register):
        raise InvalidReferenceData(problems)
    changes = {"regions": _load_regions(rows, register)}
    register_rows.mend_paths()
    regions = dict(Region.objects.values_list("code", "pk"))
    changes["changes"] = register_rows.load_changes(said, register, regions)
    changes["aliases"] = _load_aliases(rows, register, regions)
    changes["tiles"] = _load_tiles(rows["map_tiles.csv"], regions)
    changes["schemes"] = _load_schemes(regions)
    schemes = dict(Scheme.objects.values_list("code", "pk"))
    lists = [
        listed_products.load(rows[name], regions, schemes=schemes, country=country)
        for name, country in (("odop_products.csv", "IN"), ("ogop_products.csv", "BT"))
    ]
    changes["ODOP products"], changes["OGOP list"] = (found.change for found in lists)
    standing = settling.standing_keys()
    now = {code: standing.get(pk, pk) for code, pk in regions.items()}
    changes["geographical indications"] = _load_gi(rows["gi_tags.csv"], now)
    return changes, lists


def _load_regions(rows: Rows, register: Register) -> Change:
    about = {row["code"]: row for row in rows["region_meta.csv"]}
    paths: dict[str, str] = {}
    total = Change(0, 0, 0, 0)
    pks: dict[str, int] = {}
    held = list(Region.objects.all())
    kept = register_rows.entered_by_staff(rows["region_changes.csv"], register)
    # A place that rose to another level is the row that it was.
    depths = {row["code"]: Region.DEPTHS[row["level"]] for row in rows["regions.csv"]}
    # Level by level: a place needs the key and the path of the one above it.
    for depth in range(3):
        wanted = []
        for row in rows["regions.csv"]:
            if Region.DEPTHS[row["level"]] == depth:
                paths[row["code"]] = paths.get(row["parent_code"], "") + row["code"] + "/"
                region = _region(row, about[row["code"]], path=paths[row["code"]], pks=pks)
                region.ended_on = register.ended.get(row["code"])
                for name, value in kept.get(row["code"], {}).items():
                    setattr(region, name, value)
                paths[row["code"]] = region.path
                wanted.append(region)
        change = merge(
            wanted,
            [region for region in held if depths.get(region.code, region.depth) == depth],
            key=lambda region: region.code,
            fields=_REGION_FIELDS,
        )
        pks = dict(Region.objects.values_list("code", "pk"))
        total = summed(total, change)
    return total


_REGION_FIELDS = (
    "parent_id", "level", "name", "local_name", "local_language", "path", "depth", "latitude", "longitude", "lgd_code",
    "coordinate_basis", "name_source", "status_note", "ended_on",
)  # fmt: skip


def _region(row: Row, about: Row, *, path: str, pks: Mapping[str, int]) -> Region:
    local_name, code = row["local_name"], row["code"]
    return Region(
        code=code,
        parent_id=pks[row["parent_code"]] if row["parent_code"] else None,
        level=row["level"],
        name=row["name"],
        local_name=local_name,
        local_language=local_language(local_name, code) if local_name else "",
        path=path,
        depth=Region.DEPTHS[row["level"]],
        latitude=_degrees(row["lat"]),
        longitude=_degrees(row["lon"]),
        lgd_code=about["lgd_code"],
        coordinate_basis=about["coord_basis"],
        name_source=about["name_source"],
        status_note=about["status_note"],
    )


def _degrees(text: str) -> Decimal | None:
    return Decimal(text).quantize(Decimal("0.0001")) if text else None


def _load_aliases(rows: Rows, register: Register, regions: Mapping[str, int]) -> Change:
    names = {row["code"]: row["name"] for row in rows["regions.csv"]}
    said = register_rows.former_names(rows["region_changes.csv"], register, names)
    # What the list of other names says itself comes last and counts.
    said |= {(row["code"], row["alias"]): row["kind"] for row in rows["region_aliases.csv"]}
    wanted = [
        RegionAlias(region_id=regions[code], alias=alias, kind=kind) for (code, alias), kind in said.items()
    ]
    held = list(RegionAlias.objects.all())
    return merge(wanted, held, key=lambda alias: (alias.region_id, alias.alias), fields=["kind"])


def _load_tiles(rows: list[Row], regions: Mapping[str, int]) -> Change:
    wanted = {(row["layout"], regions[row["code"]], int(row["col"]), int(row["row"])) for row in rows}
    held = {(tile.layout, tile.region_id, tile.column, tile.row): tile.pk for tile in MapTile.objects.all()}
    new = sorted(wanted - held.keys())
    # Tiles swap cells, which no order of updates could do under the unique cells: take the old away first.
    MapTile.objects.filter(pk__in=[pk for cell, pk in held.items() if cell not in wanted]).delete()
    MapTile.objects.bulk_create(
        [MapTile(layout=layout, region_id=pk, column=column, row=row) for layout, pk, column, row in new]
    )
    places = {cell[:2] for cell in held}
    moved = sum(1 for cell in new if cell[:2] in places)
    return Change(len(wanted), len(new) - moved, moved, 0)


def _load_schemes(regions: Mapping[str, int]) -> Change:
    fields = ("name", "short_name", "product_word", "is_programme", "proposing_level", "recommending_level")
    wanted = [
        Scheme(
            code=facts.code,
            country_id=regions[facts.country],
            **{field: getattr(facts, field) for field in fields},
        )
        for facts in reference_rules.SCHEMES
    ]
    held = list(Scheme.objects.all())
    return merge(wanted, held, key=lambda scheme: scheme.code, fields=[*fields, "country_id"])


def _gi_key(gi: GeographicalIndication) -> Hashable:
    return gi.serial or (gi.country, gi.name, gi.goods_class)


def _load_gi(rows: list[Row], regions: Mapping[str, int]) -> Change:
    wanted = [_gi(row) for row in rows]
    change = merge(
        wanted,
        list(GeographicalIndication.objects.all()),
        key=_gi_key,
        fields=[
            "country", "application_number", "name", "goods_class", "states", "year", "filed", "registered_window",
            "status", "note", "source",
        ],
    )  # fmt: skip
    pks = {_gi_key(gi): gi.pk for gi in GeographicalIndication.objects.all()}
    places = {
        (pks[_gi_key(gi)], regions[code])
        for gi, row in zip(wanted, rows, strict=True)
        for code in reference_rules.place_codes(row)
    }
    moved = _link_places(places)
    return Change(change.listed, change.created, change.changed + moved, change.only_here)


def _gi(row: Row) -> GeographicalIndication:
    return GeographicalIndication(
        country=row["country"],
        serial=int(row["gi_serial"]) if row["gi_serial"] else None,
        application_number=row["application_number"],
        name=row["name"],
        goods_class=row["class"],
        states=row["states"],
        year=int(row["year"]) if row["year"] else None,
        filed=row["filed"],
        registered_window=row["registered_window"],
        status=row["status"],
        note=row["note"],
        source=row["source"],
    )


def _link_places(wanted: set[tuple[int, int]]) -> int:
    """Make the places of the listed GIs those of the files; returns how many links of older rows changed."""
    link = GeographicalIndication.regions.through
    listed = {gi for gi, _ in wanted}
    held = {
        (row.geographicalindication_id, row.region_id): row.pk
        for row in link.objects.filter(geographicalindication_id__in=listed)
    }
    stale = [pk for pair, pk in held.items() if pair not in wanted]
    link.objects.filter(pk__in=stale).delete()
    new = sorted(wanted - held.keys())
    link.objects.bulk_create(
        [link(geographicalindication_id=gi, region_id=region) for gi, region in new], batch_size=BATCH
    )
    known = {gi for gi, _ in held}
    return len(stale) + sum(1 for gi, _ in new if gi in known)
