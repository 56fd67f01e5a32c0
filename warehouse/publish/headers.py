"""The geometry of a multi-row header: pure, shared by whatever draws it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """A header cell: rows and columns from first to last, both included, counted from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int
    text: str
    leaf: bool


def depth(paths: Sequence[Sequence[str]]) -> int:
    """The number of rows of a header."""
    return max((len(path) for path in paths), default=1)


def spans(paths: Sequence[Sequence[str]]) -> list[Span]:
    """Header cells of columns whose labels go from the outermost group to the innermost.

    Neighbours under the same groups share the group's cell; the innermost label reaches down to
    the last row.
    """
    bottom = depth(paths) - 1
    found = []
    for column, path in enumerate(paths):
        for level, label in enumerate(path[:-1]):
            group = tuple(path[: level + 1])
            if column and _inside(paths[column - 1], group):
                continue
            last = column
            while last + 1 < len(paths) and _inside(paths[last + 1], group):
                last += 1
            found.append(Span(level, column, level, last, label, leaf=False))
        found.append(Span(len(path) - 1, column, bottom, column, path[-1], leaf=True))
    return found


def _inside(path: Sequence[str], group: tuple[str, ...]) -> bool:
    return len(path) > len(group) and tuple(path[: len(group)]) == group
