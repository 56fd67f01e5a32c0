"""Counts that are too small to be shown, and those that would give them away.

A count below the threshold is kept back (primary suppression), and with it three more at the
corners of a rectangle, so that it cannot be had by subtraction from totals of rows and columns that
are known (secondary suppression by hypercubes: Repsilber 1994, as in τ-ARGUS; see Hundepool et al.,
Statistical Disclosure Control, 2012, chapter 4). By the rectangle one and the same amount can be
moved round without any total changing, so that a small count may as well be the threshold or more.
"""

from collections.abc import Iterable, Iterator, Mapping

Cell = tuple[str, str]
"""An area and a code."""


def small_areas(
    counted: Mapping[str, int], least: int, elsewhere: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The areas that are shown together only: small ones, and enough for their sum not to be one.

    `counted` are the lines of each, `elsewhere` the areas that a table of the same households has
    together already. Two areas are hidden, or none, or the only one there is.
    """
    by_size = sorted(counted, key=lambda area: (counted[area], area))
    small = [area for area in by_size if counted[area] < least or area in elsewhere]
    if not small:
        return frozenset()
    for area in [area for area in by_size if area not in small]:
        if len(small) > 1 and sum(counted[each] for each in small) >= least:
            break
        small.append(area)
    return frozenset(small)


def kept_back(counted: Mapping[Cell, int], least: int) -> frozenset[Cell]:
    """The cells of a table, all of whose totals are known, that must not be shown.

    `counted` are the lines of each cell. A cell without a line is shown as 0.
    """
    small = [cell for cell, lines in sorted(counted.items()) if 0 < lines < least]
    hidden = set(small)
    for cell in small:
        rectangles = list(_rectangles(cell, counted, least))
        if not rectangles:
            return frozenset(cell for cell, lines in counted.items() if lines)
        # What takes least away that is not hidden already; then the first, for the same each time.
        hidden.update(min(rectangles, key=lambda r: (_lost(r, counted, hidden), r)))
    return frozenset(hidden)


def _rectangles(
    cell: Cell, counted: Mapping[Cell, int], least: int
) -> Iterator[tuple[Cell, Cell, Cell]]:
    """The other corners of each rectangle by which a cell may as well hold `least` or more."""
    area, code = cell
    for other in sorted({a for a, _ in counted} - {area}):
        for beside in sorted({c for _, c in counted} - {code}):
            corners = (area, beside), (other, code), (other, beside)
            lines = [counted.get(corner, 0) for corner in corners]
            # Each of those that get less keeps one: a cell kept back is known not to be empty.
            if all(lines) and counted[cell] + min(lines[:2]) - 1 >= least:
                yield corners


def _lost(corners: Iterable[Cell], counted: Mapping[Cell, int], hidden: set[Cell]) -> int:
    return sum(counted[corner] for corner in corners if corner not in hidden)
