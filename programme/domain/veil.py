"""Which cells of a public table are hidden, so that no group's income can be read or worked out, now or later."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from decimal import Decimal

FEWEST = 3
# The total among the codes of rows.
TOTAL = "total"
# What each group has in a cell.
Cell = Mapping[int, Decimal | int]


@dataclass(frozen=True)
class Told:
    """What is known of one column from the tables of a year that were published so far.

    covered: of each row, what each group had in it in the last table in which it was open, or in which the total was. known:
    rows that were open in it. rest: the rows that were hidden when the total was open last, whose sum is known since; None
    while it never was.
    """

    covered: Mapping[str, Cell] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    rest: frozenset[str] | None = None


def is_small(groups: int) -> bool:
    """Whether a figure is one or two groups'."""
    return 0 < groups < FEWEST


def veiled(cells: Mapping[str, Cell], told: Told, *, also: Iterable[str] = ()) -> tuple[frozenset[str], Told]:
    """The codes of the cells to hide, TOTAL among them where need be, and what is known afterwards.

    cells: of every row, and of those that were told and are none any more, empty. also: what is hidden for another reason.

    A row is open when it has changed by three groups since a figure covered it last, or not at all and it is known. The
    total is open when the hidden rows together have changed by three groups, for which the next smallest rows are hidden with
    them. So every figure that is told holds something of three groups that no earlier one holds, and in no sum and
    difference of them can that be cancelled but by a later one, which holds the same of others.
    """
    changed = {code: _changed(told.covered.get(code, {}), cell) for code, cell in cells.items()}
    hidden = {code for code in cells if not _may_open(code, changed[code], cells[code], told)} | set(also)
    others = sorted(
        (code for code in cells if changed[code] and code not in hidden),
        key=lambda code: (len(changed[code]), code),
    )
    while not _may_tell_total(hidden, cells, told) and others:
        hidden.add(others.pop(0))
    has_total = _may_tell_total(hidden, cells, told)
    if not has_total:
        # It is one or two groups' who have changed it; what has not changed was told, or says nothing.
        hidden |= {code for code in cells if changed[code]}
    newly = {code: cell for code, cell in cells.items() if has_total or code not in hidden}
    after = Told(
        {**told.covered, **newly},
        (told.known - (hidden if has_total else set())) | (cells.keys() - hidden),
        frozenset(hidden) if has_total else told.rest,
    )
    return frozenset(hidden if has_total else {*hidden, TOTAL}), after


def _may_open(code: str, changed: Set[int], cell: Cell, told: Told) -> bool:
    if changed:
        return len(changed) >= FEWEST and not is_small(sum(map(bool, cell.values())))
    return code in told.known or not any(cell.values())


def _may_tell_total(hidden: Set[str], cells: Mapping[str, Cell], told: Told) -> bool:
    """Whether the sum of what is hidden may be known, as it is when the total is."""
    if not hidden:
        return True
    before, now = (_sum(of.get(code, {}) for code in hidden) for of in (told.covered, cells))
    # A group that went from one hidden row to another has changed nothing of it.
    groups = _changed(before, now)
    if groups:
        return len(groups) >= FEWEST
    # Nothing is new in it: it must be the sum that is known, but for rows that are known.
    rest = told.rest or frozenset()
    return rest <= hidden and not rest & told.known and hidden - rest <= told.known


def _sum(cells: Iterable[Cell]) -> Cell:
    found: dict[int, Decimal | int] = defaultdict(int)
    for cell in cells:
        for group, value in cell.items():
            found[group] += value
    return found


def _changed(before: Cell, now: Cell) -> frozenset[int]:
    """The groups that a cell has changed by."""
    return frozenset(
        group for group in before.keys() | now.keys() if before.get(group, 0) != now.get(group, 0)
    )
