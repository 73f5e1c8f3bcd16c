"""Which cells of a public table are hidden, so that no group's income can be read or worked out."""

from collections.abc import Sequence

FEWEST = 3


def hidden_cells(groups: Sequence[int], *, may_overlap: bool = False) -> set[int]:
    """Positions of the cells to hide. groups: how many groups stand behind each cell of one column that has a total.

    A cell of one or two groups is hidden, one of none says nothing. A reader who takes the open cells from the total learns
    the sum of the hidden ones, so these together must be three groups or more, of two cells or more: the next smallest
    cells are hidden with them. may_overlap: the same group may stand behind several cells, as in the months of a year;
    then two cells of two groups may be two groups in all, and only a hidden cell of three is certain to hold three.
    """
    hidden = {at for at, count in enumerate(groups) if 0 < count < FEWEST}
    others = sorted(
        (at for at, count in enumerate(groups) if count >= FEWEST), key=lambda at: (groups[at], at)
    )
    together = max if may_overlap else sum
    while hidden and others and (len(hidden) < 2 or together(groups[at] for at in hidden) < FEWEST):
        hidden.add(others.pop(0))
    return hidden


def hides_total(groups: int) -> bool:
    """Whether even the total of a table is one or two groups'."""
    return 0 < groups < FEWEST
