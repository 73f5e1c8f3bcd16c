"""What the dated changes of the register must hold, and what follows from them: which places ended, which codes went."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from regions.domain.place_codes import PARENT_LEVEL
from regions.domain.reference_files import Problem, Row

RENAMED, MOVED, SPLIT, MERGED = "renamed", "moved", "split", "merged"
CREATED, ABOLISHED = "created", "abolished"
KINDS = (RENAMED, MOVED, SPLIT, MERGED, CREATED, ABOLISHED)
# The place itself goes on, with another name, another place above it, or another code.
_SAME_PLACE = (RENAMED, MOVED)
# Which cells a kind of change fills beside day, kind and source; the others stay empty.
_CELLS = {
    RENAMED: {"code", "to_code", "old_name"},
    MOVED: {"code", "to_code", "old_parent_code"},
    SPLIT: {"code", "to_code"},
    MERGED: {"code", "to_code"},
    CREATED: {"to_code"},
    ABOLISHED: {"code"},
}
_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*")
_FORMER = re.compile(r"[A-Z0-9-]{2,40}")

Regions = Mapping[str, Row]


@dataclass(frozen=True)
class Register:
    """What follows from the changes.

    ended: code -> day on which the place ended; successors: code of an ended place -> those that have its land now, in
    one step; former_codes: code that went -> the one after it; former_parents: code -> codes of places it was part of.
    """

    ended: Mapping[str, date]
    successors: Mapping[str, Sequence[str]]
    former_codes: Mapping[str, str]
    former_parents: Mapping[str, frozenset[str]]

    def current(self, code: str) -> str:
        """The code that a place has now."""
        seen = {code}
        while code in self.former_codes and self.former_codes[code] not in seen:
            code = self.former_codes[code]
            seen.add(code)
        return code

    def codes_of(self, code: str) -> list[str]:
        """The code of a place and those that it had before."""
        return [code, *(old for old in self.former_codes if self.current(old) == code)]

    def standing(self, code: str) -> list[str]:
        """Codes of the places that have the land of this one today: its own while it stands, none when it is not known."""
        if code not in self.ended:
            return [code]
        found: dict[str, None] = {}
        for successor in self.successors.get(code, ()):
            if self.ended.get(successor, date.max) > self.ended[code]:
                found.update(dict.fromkeys(self.standing(successor)))
        return list(found)

    def standing_or_itself(self, code: str) -> str:
        """The one place that has the land of this one today; itself after a split, or where none is known."""
        found = self.standing(code)
        return found[0] if len(found) == 1 else code


def register_of(rows: Sequence[Row]) -> Register:
    """What follows from the lines of region_changes.csv; lines with a faulty day or kind are passed over."""
    former_codes: dict[str, str] = {}
    parents: dict[str, set[str]] = defaultdict(set)
    to: dict[tuple[str, date], list[str]] = defaultdict(list)
    for row in rows:
        on, kind, code = day_of(row["on"]), row["kind"], row["code"]
        if on is None:
            continue
        if kind in _SAME_PLACE and code != row["to_code"]:
            former_codes[code] = row["to_code"]
        if kind == MOVED:
            parents[row["to_code"]].add(row["old_parent_code"])
        if kind in (SPLIT, MERGED):
            to[code, on].append(row["to_code"])
        if kind == ABOLISHED:
            to[code, on] += []
    ended = {code: on for (code, on), codes in to.items() if code not in codes}
    successors = {code: codes for (code, on), codes in to.items() if ended.get(code) == on}
    known = Register(ended, successors, former_codes, {})
    moved: dict[str, set[str]] = defaultdict(set)
    for code, above in parents.items():
        moved[known.current(code)] |= above
    return Register(
        ended, successors, former_codes, {code: frozenset(above) for code, above in moved.items()}
    )


def day_of(text: str) -> date | None:
    """The day that a cell names as 2025-12-25, None for anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def check_changes(
    rows: Sequence[Row], regions: Regions, *, register: Register, today: date
) -> Iterator[Problem]:
    """Every fault of the changes. today: no change may lie ahead, for a place changes on the day that it does."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = (row["on"], row["kind"], row["code"], row["to_code"])
        line = seen.setdefault(key, row.line)
        if line != row.line:
            yield row.problem("code", f"stands in line {line} already; keep one of the two")
        if row["kind"] not in KINDS:
            yield row.problem("kind", f"no such change; use one of {', '.join(KINDS)}")
            continue
        on = day_of(row["on"])
        if on is None:
            yield row.problem("on", "not a day; write it as 2025-12-25")
        elif on > today:
            yield row.problem("on", "lies ahead; enter the change on the day when it is in force")
        yield from _check_cells(row)
        yield from _check_places(row, regions, register)
        if on is not None:
            yield from _check_order(row, on, register)
    yield from _check_splits(rows)
    yield from _check_former(regions, register)
    yield from _check_below(regions, register)


def _check_cells(row: Row) -> Iterator[Problem]:
    filled = _CELLS[row["kind"]]
    for column in ("code", "to_code", "old_name", "old_parent_code"):
        if column in filled and not row[column]:
            yield row.problem(column, "empty; fill it in")
        if column not in filled and row[column]:
            yield row.problem(column, f"means nothing for a place that is {row['kind']}; leave it empty")
    if not row["source"]:
        yield row.problem("source", "empty; say where this is known from")


def _check_places(row: Row, regions: Regions, register: Register) -> Iterator[Problem]:
    kind, code, to = row["kind"], row["code"], row["to_code"]
    if kind in _SAME_PLACE:
        yield from _check_same_place(row, regions, register)
        return
    for column in ("code", "to_code"):
        if row[column] and row[column] not in regions:
            yield row.problem(
                column,
                "no such place in regions.csv; keep the line of a place that ended, with the code it has now",
            )
    if code in regions and to in regions:
        if regions[code]["level"] != regions[to]["level"]:
            yield row.problem("to_code", f"is a {regions[to]['level']}, not a {regions[code]['level']}")
        if code.partition("-")[0] != to.partition("-")[0]:
            yield row.problem("to_code", "lies in another country")
    if kind == MERGED and code and code == to:
        yield row.problem("to_code", "a place cannot become part of itself; name the other place")


def _check_same_place(row: Row, regions: Regions, register: Register) -> Iterator[Problem]:
    code, now = row["code"], register.current(row["to_code"])
    if now not in regions:
        yield row.problem("to_code", "no such place in regions.csv; correct the code")
        return
    if code != row["to_code"] and not (_CODE.fullmatch(code) and _FORMER.fullmatch(code)):
        yield row.problem("code", "not the form of a code")
    if code.partition("-")[0] != now.partition("-")[0]:
        yield row.problem("code", "lies in another country")
    if row["kind"] == MOVED and row["old_parent_code"]:
        above, parent = row["old_parent_code"], regions[now]["parent_code"]
        wanted = {regions[parent]["level"]} if parent in regions else set()
        if code != row["to_code"]:
            # With another code it may have risen or fallen to another level.
            wanted |= set(PARENT_LEVEL.values())
        now_above = register.current(above)
        if now_above not in regions or regions[now_above]["level"] not in wanted:
            level = regions[parent]["level"] if parent in regions else "place above"
            yield row.problem("old_parent_code", f"not a {level} of regions.csv")
        elif code == row["to_code"] and above == parent:
            yield row.problem("old_parent_code", "is where it lies still; name the place before")


def _check_order(row: Row, on: date, register: Register) -> Iterator[Problem]:
    for column in ("code", "to_code"):
        code = register.current(row[column])
        ended = register.ended.get(code)
        if ended is None or (column == "code" and ended == on and row["kind"] not in _SAME_PLACE):
            continue
        if ended <= on:
            yield row.problem(column, f"ended on {ended.isoformat()}; a later change cannot be about it")


def _check_splits(rows: Sequence[Row]) -> Iterator[Problem]:
    ends: dict[str, Row] = {}
    pieces: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["kind"] == SPLIT:
            pieces[row["code"], row["on"]].append(row)
    for found in pieces.values():
        if len(found) == 1:
            yield found[0].problem(
                "to_code", "a split has two lines at least; the place itself has one if it goes on"
            )
    for row in rows:
        goes_on = row["kind"] == SPLIT and any(
            each["to_code"] == row["code"] for each in pieces[row["code"], row["on"]]
        )
        if row["kind"] not in (SPLIT, MERGED, ABOLISHED) or goes_on:
            continue
        first = ends.setdefault(row["code"], row)
        if first is not row and not (first["kind"] == row["kind"] == SPLIT and first["on"] == row["on"]):
            yield row.problem("code", f"ended by line {first.line} already; a place ends once")


def _check_former(regions: Regions, register: Register) -> Iterator[Problem]:
    for code in register.former_codes:
        if code in regions:
            yield regions[code].problem(
                "code", "is the former code of a place in region_changes.csv; use another"
            )
        elif register.current(code) in register.former_codes:
            yield Problem("region_changes.csv", 0, "code", code, "codes that follow each other in a ring")


def _check_below(regions: Regions, register: Register) -> Iterator[Problem]:
    for code, row in regions.items():
        above = row["parent_code"]
        if above in register.ended and code not in register.ended:
            yield row.problem(
                "parent_code", f"ended on {register.ended[above].isoformat()}; say where this place lies now"
            )
