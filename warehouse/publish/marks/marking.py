"""What is to be put into the copy of a county's workbook, whatever its format.

Each editor is a module with two doors: `marked(content, marking)`, which gives the workbook with
the marks of an earlier night taken out and these put in and raises CannotMark where it cannot, and
`was_marked(content, review)`, which tells whether it has a sheet of that name. Both depend on their
input alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from schemas.findings import CellRef, Severity
from schemas.grid import OWN_AUTHOR, OWN_BELOW, OWN_RULE, MergedRange, Place, column_number
from warehouse.publish.figures import display_lines
from warehouse.publish.sheets import SEVERITY_FILLS, height

HEAD_SIZES = (16, 11, 11, 9)
"""Points of the letters of title, tally, help and signature."""
TITLE_HEIGHT, HEADING_HEIGHT = 28, 24
"""Points of the first row of the review and of the row of its headings."""
HEADING_ROW = len(HEAD_SIZES) + 1
"""The row of the column headings; the first line stands below it."""
COMMENT_WIDTH = 330
"""Pixels."""
COMMENT_POINTS = 9
"""Points of the letters of our comments."""
LONGEST_COMMENT, LONGEST_AUTHOR = 32_000, 54
"""How many characters Excel reads of a comment and of the name of its author."""

_COMMENT_COLUMNS, _COMMENT_LINE = 44, 18
_GRAVITY = list(Severity)
_OWN_COLOURS = frozenset(colour.removeprefix("#").upper() for colour in SEVERITY_FILLS.values())


class CannotMark(Exception):  # noqa: N818 - it says what is the case, and is no fault of anybody
    """A workbook cannot be marked without losing something; its text says why."""


@dataclass(frozen=True)
class ReviewColumn:
    """A column of the review: `width` in characters, `title` in its language.

    The one named "severity" has the colour of the severity, the one named "cell" leads to the cell.
    """

    name: str
    title: str
    width: int
    centred: bool


@dataclass(frozen=True)
class ReviewLine:
    """One finding in the review.

    `values` has one for each column, the last empty, as people write there. `target` is the cell
    that it is about, which the workbook may lack. `reference` is what the line is matched by when
    it comes back, "" where by nothing.
    """

    values: tuple[str | int, ...]
    severity: Severity
    target: CellRef | None
    reference: str


@dataclass(frozen=True)
class Review:
    """The sheet in front of a marked copy that lists what was found in it.

    `heading` is title, tally, help and signature. `stamp` stands beside the column headings, in the
    hidden column that has the references of the lines below.
    """

    name: str
    heading: tuple[str, str, str, str]
    columns: tuple[ReviewColumn, ...]
    stamp: str
    lines: tuple[ReviewLine, ...]

    def height(self, line: ReviewLine) -> float:
        """How many points high the row of a line has to be."""
        texts = ((c.width, v) for c, v in zip(self.columns, line.values, strict=True))
        return height(max(display_lines(str(text), width - 4) for width, text in texts))


@dataclass
class Mark:
    """What a cell gets: the colour of a severity, and a comment or ""."""

    severity: Severity | None = None
    comment: str = ""


@dataclass(frozen=True)
class Marking:
    """What is to be put into a copy: colours, comments and the sheet in front.

    `colours` has each cell's gravest severity. `font` is that of the language. `at` stands for the
    time of its making, so that the same publication gives the same bytes.
    """

    colours: Mapping[CellRef, Severity]
    comments: Mapping[CellRef, str]
    review: Review
    font: str
    at: datetime

    @cached_property
    def sheets(self) -> frozenset[str]:
        """The names of the sheets on which something is marked."""
        return frozenset(cell.sheet for cell in (*self.colours, *self.comments))

    def on(self, sheet: str, merged: Sequence[MergedRange]) -> dict[Place, Mark]:
        """The marks on a sheet, row by row; those within a merged area on its first cell."""
        marks: dict[Place, Mark] = {}
        colours = {_place(cell): s for cell, s in self.colours.items() if cell.sheet == sheet}
        comments = {_place(cell): t for cell, t in self.comments.items() if cell.sheet == sheet}
        shown = _shown(colours.keys() | comments.keys(), merged)
        for place, severity in colours.items():
            mark = marks.setdefault(shown.get(place, place), Mark())
            mark.severity = min(mark.severity or severity, severity, key=_GRAVITY.index)
        for place, text in comments.items():
            mark = marks.setdefault(shown.get(place, place), Mark())
            mark.comment = "\n\n".join(filter(None, (mark.comment, text)))
        return dict(sorted(marks.items()))


def colours_of(marks: Mapping[Place, Mark]) -> dict[Place, Severity]:
    """Of some marks the colours, by the cells that get one."""
    return {place: mark.severity for place, mark in marks.items() if mark.severity is not None}


def comments_of(marks: Mapping[Place, Mark]) -> dict[Place, str]:
    """Of some marks the comments, by the cells that get one."""
    return {place: mark.comment for place, mark in marks.items() if mark.comment}


def comment_height(text: str) -> int:
    """How many pixels high the box of a comment has to be."""
    return _COMMENT_LINE * (display_lines(text, _COMMENT_COLUMNS) + 1)


def length(text: str) -> int:
    """How many characters a text has as Excel counts them: those of UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def with_ours(written: str, ours: str) -> str:
    """A comment below what was written in the same cell."""
    return f"{written}\n\n{OWN_RULE}\n{ours}" if written else ours


def without_ours(comment: str) -> str:
    """What had been written in a cell before our comment came below it; "" where nothing."""
    written, rule, _ = comment.partition(OWN_RULE)
    return written.rstrip() if rule else ""


def with_our_author(author: str) -> str:
    """The author of our comment below one of somebody, or of nobody: ""."""
    return f"{OWN_BELOW}{author}" if author else OWN_AUTHOR


def without_our_author(author: str) -> str:
    """Whose comment it was before ours came below it; "" where there was none."""
    return "" if author == OWN_AUTHOR else author.removeprefix(OWN_BELOW)


def is_ours(author: str) -> bool:
    """Whether a comment is ours, or has ours below it. Those of a blank form are not meant."""
    return author == OWN_AUTHOR or author.startswith(OWN_BELOW)


def is_own_colour(rgb: str) -> bool:
    """Whether a colour, as six hexadecimal digits at the end, is one that cells are marked with."""
    return rgb[-6:].upper() in _OWN_COLOURS


def _place(cell: CellRef) -> Place:
    return cell.row - 1, column_number(cell.column)


def _shown(places: Iterable[Place], merged: Sequence[MergedRange]) -> dict[Place, Place]:
    """Of the places within merged areas, the cells in which they show."""
    places = frozenset(places)
    return {place: area[0] for area in merged for place in _within(area, places)}


def _within(area: MergedRange, places: frozenset[Place]) -> Iterator[Place]:
    """The places within an area; a search in whichever of both is the smaller."""
    (top, left), (bottom, right) = area
    if (bottom - top + 1) * (right - left + 1) > len(places):
        yield from (p for p in places if top <= p[0] <= bottom and left <= p[1] <= right)
        return
    for row in range(top, bottom + 1):
        yield from ((row, c) for c in range(left, right + 1) if (row, c) in places)
