"""The changes of the register as rows: codes that were replaced, paths, former names, what staff entered before the files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat

from regions.domain.change_rules import (
    ABOLISHED,
    CREATED,
    MERGED,
    MOVED,
    RENAMED,
    SPLIT,
    Register,
    day_of,
    register_of,
)
from regions.domain.reference_files import Problem, Row
from regions.models import PATH_SEPARATOR, Region, RegionChange
from regions.services.holders import names_changed
from regions.services.merging import Change, merge

_ENDS = (SPLIT, MERGED, ABOLISHED)
_CODE_COLUMNS = frozenset(
    {"code", "parent_code", "region_code", "region_codes", "to_code", "old_parent_code"}
)


def recode(rows: Sequence[Row], register: Register) -> list[Problem]:
    """Give places their new codes, so that they stay the same rows; returns the lines that cannot be followed."""
    problems = []
    held = {region.code: region for region in Region.objects.coded({*register.former_codes, *_new(register)})}
    for row in rows:
        if row["code"] not in register.former_codes or row["code"] not in held:
            continue
        new = register.current(row["code"])
        if new in held:
            problems.append(
                row.problem(
                    "to_code", f"{new} is a place beside {row['code']} already; say that they were merged"
                )
            )
            continue
        place = held.pop(row["code"])
        # The paths of all that lies below are mended when every place has its code and its parent.
        above = place.path[: -len(f"{place.code}{PATH_SEPARATOR}")]
        Region.objects.filter(pk=place.pk).update(code=new, path=f"{above}{new}{PATH_SEPARATOR}")
        held[new] = place
    return problems


def mend_paths() -> int:
    """Let each path follow that of the place above; one query for a level. Returns how many rows were changed."""
    mended = 0
    for depth in (1, 2):
        wanted = Concat(F("parent__path"), F("code"), Value(PATH_SEPARATOR))
        rows = Region.objects.filter(depth=depth).annotate(wanted=wanted).exclude(path=F("wanted"))
        for pk, path in list(rows.values_list("pk", "wanted")):
            mended += Region.objects.filter(pk=pk).update(path=path)
    return mended


def as_staff_coded(rows: Mapping[str, list[Row]]) -> Mapping[str, list[Row]]:
    """The rows of all files with the codes that staff gave and the files do not know yet."""
    waiting = RegionChange.objects.waiting().exclude(code_before="").order_by("on", "pk")
    known = register_of(rows["region_changes.csv"]).former_codes
    new = {old: now for old, now in waiting.values_list("code_before", "place__code") if old not in known}
    if not new:
        return rows

    def coded(cell: str) -> str:
        return "; ".join(new.get(code, code) for code in cell.split("; "))

    return {
        file: [
            replace(
                row,
                cells={
                    name: coded(cell) if name in _CODE_COLUMNS else cell for name, cell in row.cells.items()
                },
            )
            for row in found
        ]
        for file, found in rows.items()
    }


def entered_by_staff(rows: Sequence[Row], register: Register) -> Mapping[str, Mapping[str, Any]]:
    """What staff entered and the files do not say yet, by code: field -> value that the load leaves as it is."""
    listed = {_said_of(row, register) for row in rows}
    kept: dict[str, dict[str, Any]] = {}
    for change in RegionChange.objects.waiting().select_related("place", "successor"):
        place = change.place
        if _about(change) in listed:
            continue
        fields = kept.setdefault(place.code, {})
        if change.kind == RENAMED:
            fields |= {
                "name": place.name,
                "local_name": place.local_name,
                "local_language": place.local_language,
            }
        elif change.kind == MOVED:
            above = ("parent_id", "path", "level", "depth")
            fields |= {name: getattr(place, name) for name in above}
        elif place.ended_on == change.on:
            fields["ended_on"] = place.ended_on
    return kept


# A place is made, ends, or gives land to another once: these are the same though the files name another day.
_ONCE = (SPLIT, MERGED, CREATED, ABOLISHED)


def _said_of(row: Row, register: Register) -> tuple[str, ...]:
    """What makes a line of the file the same change as one that staff entered: kind, place, other place, day where it counts."""
    kind = row["kind"]
    is_same_place = kind in (RENAMED, MOVED, CREATED)
    place = register.current(row["to_code" if is_same_place else "code"])
    other = "" if is_same_place or kind == ABOLISHED else register.current(row["to_code"])
    return kind, place, other, "" if kind in _ONCE else row["on"]


def _about(change: RegionChange) -> tuple[str, ...]:
    other = change.successor.code if change.successor else ""
    return change.kind, change.place.code, other, "" if change.kind in _ONCE else change.on.isoformat()


Names = Mapping[int, tuple[str, ...]]


def names_held() -> Names:
    """The names of each place and of those above it, by key; one query."""
    rows = {row.pk: row for row in Region.objects.all()}
    return {pk: _names(row, rows) for pk, row in rows.items()}


def tell_of_names(before: Names) -> None:
    """Tell those who keep copies which places are called otherwise than before, or lie elsewhere; one query."""
    rows = {row.pk: row for row in Region.objects.all()}
    names_changed(row for pk, row in rows.items() if pk in before and before[pk] != _names(row, rows))


def _names(row: Region, rows: Mapping[int, Region]) -> tuple[str, ...]:
    own = (row.name, row.local_name)
    return own if row.parent_id is None else own + _names(rows[row.parent_id], rows)


def load_changes(rows: Sequence[Row], register: Register, regions: Mapping[str, int]) -> Change:
    """Bring the changes to what the files say; one that staff had entered already becomes one of the files."""
    wanted = [_change(row, register, regions) for row in rows]
    _take_days_of_files(rows, register)
    return merge(
        wanted,
        list(RegionChange.objects.all()),
        key=lambda change: (change.kind, change.on, change.place_id, change.successor_id),
        fields=["code_before", "name_before", "parent_before_id", "source", "note", "is_listed"],
    )


def _take_days_of_files(rows: Sequence[Row], register: Register) -> None:
    days = {_said_of(row, register): day_of(row["on"]) for row in rows if row["kind"] in _ONCE}
    listed = {(_said_of(row, register), row["on"]) for row in rows}
    for change in RegionChange.objects.waiting().select_related("place", "successor").order_by("pk"):
        about = _about(change)
        day = days.get(about)
        if day is not None and (about, change.on.isoformat()) not in listed:
            RegionChange.objects.filter(pk=change.pk).update(on=day)


def former_names(
    rows: Sequence[Row], register: Register, names: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """Names and codes of before under which places are found: (code now, name) -> what it is."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        kind, code, until = row["kind"], row["code"], f"until {row['on']}"
        if kind in (RENAMED, MOVED):
            now = register.current(row["to_code"])
            for old, word in ((row["old_name"], "name"), (code, "code")):
                if old and old not in (now, names[now]):
                    found[now, old] = f"{word} {until}"
        elif kind in _ENDS and code in register.ended:
            for now in register.standing(code):
                if names[code] != names[now]:
                    found[now, names[code]] = f"place of its land {until}"
    return found


def _new(register: Register) -> set[str]:
    return {register.current(code) for code in register.former_codes}


def _change(row: Row, register: Register, regions: Mapping[str, int]) -> RegionChange:
    kind, code, to = row["kind"], row["code"], row["to_code"]
    is_pair = kind in (SPLIT, MERGED)
    on = day_of(row["on"])
    if on is None:
        raise ValueError(f"unchecked day {row['on']}")
    above = row["old_parent_code"]
    return RegionChange(
        kind=kind,
        on=on,
        place_id=regions[register.current(code if is_pair or kind == ABOLISHED else to)],
        successor_id=regions[register.current(to)] if is_pair else None,
        code_before=code if kind in (RENAMED, MOVED) and code != to else "",
        name_before=row["old_name"],
        parent_before_id=regions[register.current(above)] if above else None,
        source=row["source"],
        note=row["note"],
        is_listed=True,
    )
