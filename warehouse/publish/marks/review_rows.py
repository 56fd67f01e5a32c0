"""The rows of the review for formats in which a cell is a number of a style and a value."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import NamedTuple

from schemas.findings import CellRef
from warehouse.publish.edition import quoted
from warehouse.publish.marks.marking import (
    HEAD_SIZES,
    HEADING_HEIGHT,
    HEADING_ROW,
    TITLE_HEIGHT,
    CannotMark,
    Review,
    ReviewLine,
)
from warehouse.publish.marks.review_styles import ReviewStyles

_HEAD_LEADING = 6  # points around the letters of a head


class Area(NamedTuple):
    """Rows and columns, counted from 0, the last ones included."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class ReviewRow:
    """A row, `height` in points: its cells from the first column on, each a style and a value."""

    height: float
    cells: tuple[tuple[int, str | int], ...]


@dataclass(frozen=True)
class ReviewRows:
    """The rows of a review to be put in front of sheets with some names."""

    review: Review
    styles: ReviewStyles
    names: Set[str]

    @property
    def rows(self) -> Iterator[ReviewRow]:
        """The rows from the first on."""
        styles, review = self.styles, self.review
        heights = (TITLE_HEIGHT, *(size + _HEAD_LEADING for size in HEAD_SIZES[1:]))
        for height, style, text in zip(heights, styles.heads, review.heading, strict=True):
            yield ReviewRow(height, ((style, text),))
        titles = [(styles.heading, column.title) for column in review.columns]
        yield ReviewRow(HEADING_HEIGHT, (*titles, (styles.plain, review.stamp)))
        for line in review.lines:
            yield ReviewRow(review.height(line), tuple(self._line(line)))

    @property
    def filtered(self) -> Area:
        """Its headings and lines, and the references out of sight.

        These belong to it: what is sorted by the filter takes them along.
        """
        last = HEADING_ROW - 1 + len(self.review.lines)
        return Area(HEADING_ROW - 1, last, 0, len(self.review.columns))

    def require_room(self, rows: int) -> None:
        """Raise CannotMark where a sheet has fewer rows."""
        if self.filtered.bottom >= rows:
            raise CannotMark("more was found than a sheet has rows")

    @property
    def links(self) -> Iterator[tuple[int, int, str]]:
        """The cells that lead to another: row and column from 0, and where they lead."""
        column = next(n for n, c in enumerate(self.review.columns) if c.name == "cell")
        for row, line in enumerate(self.review.lines, start=HEADING_ROW):
            if (target := self._target(line)) is not None:
                yield row, column, quoted(target)

    def _line(self, line: ReviewLine) -> Iterator[tuple[int, str | int]]:
        leads = self._target(line) is not None
        for column, value in zip(self.review.columns, line.values, strict=True):
            yield self.styles.of_cell(column, line.severity, leads=leads), value
        if line.reference:
            yield self.styles.plain, line.reference

    def _target(self, line: ReviewLine) -> CellRef | None:
        return line.target if line.target and line.target.sheet in self.names else None
