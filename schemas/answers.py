"""What a county wrote beside the findings it was sent: explanations, each with its cell.

A sheet of findings that travels says itself which of its columns are to be read. The heading of a
hidden column holds the stamp, and the column names on each row the finding that stands there; so
the rows may be sorted, filtered, deleted or copied into another workbook.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

from schemas.findings import CellRef
from schemas.grid import Book, CellError, Sheet
from schemas.layout import address
from schemas.text import normalise

Kind = Literal["list", "copy"]
KINDS: tuple[Kind, ...] = get_args(Kind)

MARK = "huizong-findings-1"
"""How the stamp of a sheet of findings begins."""

_SEARCHED = 12
"""Rows from the top in which the headings of a sheet of findings stand."""


@dataclass(frozen=True)
class ListStamp:
    """Of which publication, and whose, a sheet of findings is.

    `kind` is a list of nothing else, or a sheet in the marked copy of a return. `heading` is that
    of the column for explanations.
    """

    kind: Kind
    scheme: str
    period: str
    serial: int
    county: str
    heading: str

    def written(self) -> str:
        """The stamp as the heading of the hidden column."""
        of = (self.kind, self.scheme, self.period, self.serial, self.county, self.heading)
        return f"{MARK} {json.dumps(of, ensure_ascii=False)}"

    @classmethod
    def read(cls, cell: object) -> Self | None:
        """The stamp in a cell; None where it holds none, or one that was tampered with."""
        if not isinstance(cell, str) or not cell.startswith(MARK):
            return None
        try:
            kind, scheme, period, serial, county, heading = json.loads(cell.removeprefix(MARK))
        except ValueError:
            return None
        words = (scheme, period, county, heading)
        whole = all(isinstance(word, str) for word in words) and isinstance(serial, int)
        return (
            cls(kind, scheme, period, serial, county, heading) if kind in KINDS and whole else None
        )


@dataclass(frozen=True)
class FindingRef:
    """Which finding a row is about: the digest of its file, and its key in there."""

    sha256: str
    key: str

    def written(self) -> str:
        """The reference as a cell holds it."""
        return f"{self.sha256}/{self.key}"

    @classmethod
    def read(cls, cell: object) -> Self | None:
        """The reference in a cell; None where it holds none."""
        sha256, slash, key = cell.strip().partition("/") if isinstance(cell, str) else ("", "", "")
        return cls(sha256, key) if slash else None


@dataclass(frozen=True)
class Answer:
    """An explanation and where it was written; `about` is None where its row names no finding."""

    about: FindingRef | None
    text: str
    cell: CellRef


@dataclass(frozen=True)
class Answers:
    """The explanations in a workbook, and the stamp of the first of the sheets they stand in."""

    stamp: ListStamp
    answers: tuple[Answer, ...]


def read_answers(book: Book) -> Answers | None:
    """What was written beside findings; None where no sheet of the workbook lists any."""
    stamps: list[ListStamp] = []
    answers: list[Answer] = []
    for sheet in book.sheets:
        for row, column, stamp in _stamped(sheet):
            stamps.append(stamp)
            answers += _written(sheet, row, column, stamp)
    return Answers(stamps[0], tuple(answers)) if stamps else None


def lists_findings(sheet: Sheet) -> bool:
    """Whether a sheet lists findings, as the one in front of a marked copy does."""
    return any(True for _ in _stamped(sheet))


def _stamped(sheet: Sheet) -> Iterator[tuple[int, int, ListStamp]]:
    for row, cells in enumerate(sheet.rows[:_SEARCHED]):
        for column, cell in enumerate(cells):
            if (stamp := ListStamp.read(cell)) is not None:
                yield row, column, stamp


def _written(sheet: Sheet, head: int, key: int, stamp: ListStamp) -> Iterator[Answer]:
    column = _column(sheet.rows[head], stamp.heading)
    if column is None:
        return
    for row in range(head + 1, len(sheet.rows)):
        written = sheet.cell(row, column)
        text = "" if isinstance(written, CellError) else str(written).strip()
        if text:
            cell = CellRef(sheet=sheet.name, address=address(row, column))
            yield Answer(FindingRef.read(sheet.cell(row, key)), text, cell)


def _column(headings: Sequence[object], wanted: str) -> int | None:
    """The column under a heading, however its blanks and brackets were changed."""
    found = (n for n, cell in enumerate(headings) if normalise(str(cell)) == normalise(wanted))
    return next(found, None)
