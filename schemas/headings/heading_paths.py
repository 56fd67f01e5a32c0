"""The headings over the columns of a sheet, each with the path of words that stands over it.

Merged cells are filled with what stands in their first, so that a group of columns is part of the
path of each: 计划 > 户数. A unit in brackets, below its heading, or on a row of its own, is kept
apart.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schemas.text import normalise
from schemas.workbook import RawCell, Sheet

SEARCHED_ROWS = 40
"""So many rows from the first that is filled are searched for headings."""

_FIRST_STEM = "甲"
_NUMBER = re.compile(r"[甲乙丙丁戊己庚辛壬癸]|\(?(?P<number>\d{1,2})(?:\.0)?\)?(?:=.*)?")
_WITH_UNIT = (
    re.compile(r"(?P<label>.+)[(\[](?P<unit>[^()\[\]]+)[)\]]"),
    re.compile(r"(?P<label>.+)[/:,、](?P<unit>.+)"),
)
_UNIT_HEADINGS = frozenset({"单位", "计量单位"})

IsUnit = Callable[[str], bool]


@dataclass(frozen=True)
class Heading:
    """One heading as it stands on the sheet: its cell and words, and the words over it.

    `path` are the words from the top down to its own, normalised. `unit` is the unit that is
    stated with it, "" if none is; `bare` is its own word without that.
    """

    row: int
    column: int
    stated: str
    path: tuple[str, ...]
    bare: str
    unit: str

    @property
    def label(self) -> str:
        """Its own word."""
        return self.path[-1]

    def joined(self) -> Iterator[str]:
        """Two and more words of the path down to its own as one: 计划户数."""
        for first in range(len(self.path) - 2, -1, -1):
            above = "".join(self.path[first:-1])
            yield above + self.label
            if self.bare != self.label:
                yield above + self.bare


@dataclass(frozen=True)
class Grid:
    """The first rows of a sheet as normalised words; rows before `first` are empty.

    `raw` has only what is written in each cell, `filled` merged cells filled as well.
    """

    sheet: Sheet
    first: int
    raw: Sequence[Sequence[str]]
    filled: Sequence[Sequence[str]]

    @classmethod
    def of(cls, sheet: Sheet) -> "Grid":
        """The words of the first rows of a sheet."""
        first = first_row(sheet)
        rows = sheet.rows[: first + SEARCHED_ROWS]
        width = max(map(len, rows), default=0)
        raw = [
            [normalise(cell) if isinstance(cell, str) else "" for cell in row]
            + [""] * (width - len(row))
            for row in rows
        ]
        filled = [list(row) for row in raw]
        for (top, left), (bottom, right) in sheet.merged:
            if top >= len(raw) or left >= width:
                continue
            for row in range(top, min(bottom + 1, len(raw))):
                columns = range(left, min(right + 1, width))
                filled[row][left : columns.stop] = [raw[top][left]] * len(columns)
        return cls(sheet, first, raw, filled)

    def headings(self, band: range, is_unit: IsUnit) -> Iterator[Heading]:
        """The lowest words over each column within a band of rows, with their paths."""
        for column in range(len(self.filled[band[0]])):
            row = next((r for r in reversed(band) if self.filled[r][column]), None)
            if row is None:
                continue
            label, below = self.filled[row][column], ""
            if is_unit(label.strip("()[]")) and (own := self._over_alone(row, column, band)):
                row, label, below = own, self.filled[own][column], label.strip("()[]")
            row = min(r for r in band if self.filled[r][column] == label)
            stated = str(self.sheet.cell(row, column)).replace("\n", "").strip()
            if not stated:
                continue
            above = [self._over(r, column) for r in range(band[0], row)]
            path = [word for word in above if word and word != label]
            path = [word for i, word in enumerate(path) if i == 0 or word != path[i - 1]]
            bare, unit = _apart(label, is_unit)
            yield Heading(row, column, stated, (*path, label), bare, unit or below)

    def words(self, row: int, is_unit: IsUnit) -> set[str]:
        """The words of a row, with the unit that is stated behind them and without."""
        words = {word for word in self.filled[row] if word}
        return words | {_apart(word, is_unit)[0] for word in words}

    def _over_alone(self, row: int, column: int, band: range) -> int | None:
        """The row of the words over a cell, where they are its own and not those of a group."""
        for over in range(row - 1, band[0] - 1, -1):
            word = self.filled[over][column]
            if word and word != self.filled[row][column]:
                beside = self.filled[over][column + 1 : column + 2]
                before = self.filled[over][column - 1 : column]
                goes_on = beside == [""] and any(
                    self.filled[r][column + 1] for r in band if r > over
                )
                return None if word in (*beside, *before) or goes_on else over
        return None

    def _over(self, row: int, column: int) -> str:
        """The nearest words at or to the left: groups are not always merged."""
        words = self.filled[row]
        return next((words[c] for c in range(column, -1, -1) if words[c]), "")

    def units_in(self, row: int, is_unit: IsUnit) -> dict[int, str] | None:
        """The units of a row of units, by column; None if it is something else."""
        if row >= len(self.raw):
            return None
        words = {c: word.strip("()[]") for c, word in enumerate(self.raw[row]) if word}
        units = {c: word for c, word in words.items() if is_unit(word)}
        others = set(words.values()) - set(units.values()) - _UNIT_HEADINGS
        numbers = any(not isinstance(cell, str) for cell in self.sheet.rows[row])
        return units if units and not others and not numbers else None

    def has_numbers_of_columns(self, row: int) -> bool:
        """Whether a row holds the numbers of the columns."""
        return row < len(self.sheet.rows) and is_number_row(self.sheet.rows[row])


def first_row(sheet: Sheet) -> int:
    """The first row on which anything stands."""
    return next((row for row, cells in enumerate(sheet.rows) if _is_filled(cells)), 0)


def _apart(label: str, is_unit: IsUnit) -> tuple[str, str]:
    """A heading without its unit, and the unit: 计划资金(万元)."""
    for pattern in _WITH_UNIT:
        match = pattern.fullmatch(label)
        if match is not None and is_unit(match["unit"]):
            return match["label"], match["unit"]
    return label, ""


def _is_filled(row: Sequence[RawCell]) -> bool:
    return any(not isinstance(cell, str) or cell.strip() for cell in row)


def is_number_row(row: Sequence[RawCell], *, gaps: bool = False) -> bool:
    """Whether a row holds column numbers: 甲 乙 1 2 3, (1) (2), 6=1+4; with `gaps` 1 2 4, too."""
    words = [normalise(str(cell)) for cell in row if str(cell).strip()]
    matches = [match for match in map(_NUMBER.fullmatch, words) if match]
    if len(matches) * 2 <= len(words):
        return False
    numbers = [int(match["number"]) for match in matches if match["number"]]
    in_order = numbers == list(range(1, len(numbers) + 1))
    in_order = in_order or (gaps and numbers[:1] == [1] and numbers == sorted(set(numbers)))
    return words[0] == _FIRST_STEM or (len(matches) == len(words) and in_order)
