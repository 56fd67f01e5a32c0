"""A workbook as read: sheets of raw cells, every one at its address."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum

from schemas.dates import EPOCH


class CellError(Enum):
    """A formula that has no value."""

    ERROR = "error"  # it gives an error, such as #REF! or #DIV/0!
    NOT_CALCULATED = "not calculated"  # the program that saved it never worked it out


RawCell = int | float | str | bool | date | datetime | time | timedelta | CellError
"""A cell as stored; "" is blank. Numbers come as floats."""

Place = tuple[int, int]
"""A cell as (row, column), both from 0."""

MergedRange = tuple[Place, Place]
"""First and last cell of a merged range."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells from A1 on, rows and columns counted from 0.

    `epoch` is the day from which its workbook counts days.
    """

    name: str
    hidden: bool
    rows: Sequence[Sequence[RawCell]]
    merged: Sequence[MergedRange] = field(repr=False)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    linked: frozenset[Place] = frozenset()  # their formula looks into another workbook
    epoch: date = EPOCH

    def cell(self, row: int, column: int) -> RawCell:
        """A cell, blank outside of what is filled."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order."""

    name: str
    sheets: tuple[Sheet, ...]
