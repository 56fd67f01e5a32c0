"""How a table wider than a sheet of paper is cut into pages that can be read: pure."""

from collections.abc import Sequence
from itertools import pairwise

from warehouse.publish.headers import spans

SMALLEST_SCALE = 60  # percent: below it the figures of an A3 page cannot be read at arm's length

_A3_LANDSCAPE_PIXELS = 1080  # of 1,490 at 96 an inch: not every program draws columns as narrow
_PIXELS_PER_CHARACTER, _PADDING_PIXELS = 7, 5  # Excel's, of a column in its standard font


def pages(stub: float, widths: Sequence[float], paths: Sequence[Sequence[str]]) -> list[range]:
    """The columns of each page of a table, counted from 0 after the stub.

    `stub` and `widths` are widths of columns in characters; the stub is repeated on each page.
    `paths` are the labels of the columns from the outermost group to the innermost. A table that
    fits at the smallest scale is one page; a longer one is cut between its outermost groups, and
    within a group only where the group itself is wider than a page.
    """
    room = _A3_LANDSCAPE_PIXELS * 100 / SMALLEST_SCALE - _pixels([stub])
    starts = [0]
    for first, end in _groups(paths):
        if _pixels(widths[starts[-1] : end]) <= room:
            continue
        if first > starts[-1]:
            starts.append(first)
        for column in range(first, end):
            if _pixels(widths[starts[-1] : column + 1]) > room:
                starts.append(column)
    return [range(first, end) for first, end in pairwise([*starts, len(widths)])]


def _groups(paths: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """First column and end of each outermost group."""
    return [
        (span.first_column, span.last_column + 1) for span in spans(paths) if span.first_row == 0
    ]


def _pixels(widths: Sequence[float]) -> float:
    return sum(width * _PIXELS_PER_CHARACTER + _PADDING_PIXELS for width in widths)
