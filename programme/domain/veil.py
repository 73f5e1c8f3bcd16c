"""Which cells of a public table are hidden, so that no group's income can be read or worked out."""

from collections.abc import Iterable, Sequence

FEWEST = 3


def hidden_cells(*columns: Sequence[int], may_overlap: bool = False, also: Iterable[int] = ()) -> set[int]:
    """Positions of the rows to hide. columns: how many groups stand behind each cell of columns that have a total each.

    A cell of one or two groups is hidden, one of none says nothing. A reader who takes the open cells from the total learns
    the sum of the hidden ones, so these together must be three groups or more, of two cells or more: the next smallest
    cells are hidden with them. A row that one column hides is hidden in all. may_overlap: the same group may stand behind
    several cells, as in the months of a year; then two cells of two groups may be two groups in all, and only a hidden cell of
    three is certain to hold three. also: what is hidden for another reason.
    """
    hidden: set[int] = set(also)
    while True:
        more = hidden.union(*(_hidden(column, hidden, may_overlap=may_overlap) for column in columns))
        if more == hidden:
            return hidden
        hidden = more


def _hidden(groups: Sequence[int], hidden: set[int], *, may_overlap: bool) -> set[int]:
    """What one column hides, besides what is hidden already."""
    small = {at for at, count in enumerate(groups) if 0 < count < FEWEST}
    found = {at for at in hidden | small if groups[at]}
    others = sorted(
        (at for at, count in enumerate(groups) if count and at not in found), key=lambda at: (groups[at], at)
    )
    together = max if may_overlap else sum
    while small and others and (len(found) < 2 or together(groups[at] for at in found) < FEWEST):
        found.add(others.pop(0))
    return hidden | found


def is_small(groups: int) -> bool:
    """Whether a figure is one or two groups'."""
    return 0 < groups < FEWEST
