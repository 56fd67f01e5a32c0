"""A workbook as read: sheets of raw cells, every one at its address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Self

from schemas.dates import EPOCH


class CellError(Enum):
    """A formula that has no value."""

    ERROR = "error"  # it gives an error, such as #REF! or #DIV/0!
    NOT_CALCULATED = "not calculated"  # the program that saved it never worked it out


class PerCent(float):
    """A number that its sheet shows as per cent: 0.85, which people see as 85%."""


class Shown(float):
    """A number that its format shows with a unit behind it, 200000元, or with its point elsewhere:
    200000, which people see as 20.0. `unit` is that unit, and MOVED_POINT in the other case.
    """

    def __new__(cls, number: float, unit: str) -> Self:
        """The number with what its format says."""
        shown = super().__new__(cls, number)
        shown.unit = unit
        return shown

    unit: str

    def __eq__(self, other: object) -> bool:
        """Whether the number is the same; 20元 and 20万元 are not."""
        is_other = isinstance(other, Shown) and other.unit != self.unit
        return float(self) == other and not is_other

    def __hash__(self) -> int:
        """That of the number."""
        return super().__hash__()


MOVED_POINT = "."
"""Stands for a unit where a number is shown with its point elsewhere."""


RawCell = int | float | str | bool | date | datetime | time | timedelta | CellError
"""A cell as stored; "" is blank. Numbers come as floats; those that are shown as something else
as PerCent and Shown."""

OWN_AUTHOR = "huizong"
"""How the author of every comment begins that huizong itself puts into a workbook."""

OWN_BELOW = f"{OWN_AUTHOR}: "
"""What stands before the author of a comment below whose words huizong has put its own."""

OWN_RULE = f"———— {OWN_AUTHOR} ————"
"""The line between the two."""

Place = tuple[int, int]
"""A cell as (row, column), both from 0."""

MergedRange = tuple[Place, Place]
"""First and last cell of a merged range."""


def peoples_words(author: str, comment: str) -> str:
    """What people wrote in a comment; "" where nobody but huizong did."""
    written, rule, _ = comment.partition(OWN_RULE)
    if rule and author == OWN_AUTHOR:  # ours is below the words of somebody who gave no name
        author = ""
    return "" if author.removeprefix(OWN_BELOW).startswith(OWN_AUTHOR) else written.strip()


def column_number(letters: str) -> int:
    """The column of letters, from 0: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells from A1 on, rows and columns counted from 0.

    `epoch` is the day from which its workbook counts days. `notes` are people's comments on cells,
    and `pictures` is how many lie on the sheet.
    """

    name: str
    hidden: bool
    rows: Sequence[Sequence[RawCell]]
    merged: Sequence[MergedRange] = field(repr=False)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    linked: frozenset[Place] = frozenset()  # their formula looks into another workbook
    notes: Mapping[Place, str] = field(default_factory=dict, repr=False)
    epoch: date = EPOCH
    pictures: int = 0

    def cell(self, row: int, column: int) -> RawCell:
        """A cell, blank outside of what is filled."""
        try:
            return self.rows[row][column]
        except IndexError:
            return ""


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order."""

    name: str
    sheets: tuple[Sheet, ...]
