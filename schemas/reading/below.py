"""What stands below the headings of a form, column by column.

A register has many lines and few columns, and a column says the same again and again: what is asked
of its cells is asked of the different ones, and of its lines only where one of these answers.
"""

from collections.abc import Sequence
from itertools import zip_longest

from schemas.typed.cells import is_blank
from schemas.workbook import RawCell, Sheet

_AT_A_TIME = 200  # rows, so that the processor has them at hand


class Below:
    """The rows of a sheet from `first` on; `columns` are all as long, blank where nothing is."""

    def __init__(self, sheet: Sheet, first: int) -> None:
        self.sheet = sheet
        self.first = first
        self.columns = _turned(sheet.rows[first:])
        self._different: dict[int, frozenset[RawCell]] = {}
        self._blanks: dict[int, frozenset[RawCell]] = {}

    def column(self, column: int) -> Sequence[RawCell]:
        """The cells of a column, the first of them that of row `first`."""
        if column < len(self.columns):
            return self.columns[column]
        return [""] * max(0, len(self.sheet.rows) - self.first)

    def on(self, rows: Sequence[int], column: int) -> Sequence[RawCell]:
        """The cells of a column on some rows of the sheet, from the top down."""
        cells = self.column(column)
        if rows and rows[-1] - rows[0] == len(rows) - 1:  # nothing between them, as in a register
            return cells[rows[0] - self.first : rows[-1] - self.first + 1]
        return [cells[row - self.first] for row in rows]

    def different(self, column: int) -> frozenset[RawCell]:
        """The different cells of a column."""
        if column not in self._different:
            self._different[column] = frozenset(self.column(column))
        return self._different[column]

    def blanks(self, column: int) -> frozenset[RawCell]:
        """The different cells of a column in which nothing is seen."""
        if column not in self._blanks:
            cells = self.different(column)
            letters = "".join(cell for cell in cells if isinstance(cell, str)).isalnum()
            self._blanks[column] = cells & {""} if letters else frozenset(filter(is_blank, cells))
        return self._blanks[column]


def _turned(rows: Sequence[Sequence[RawCell]]) -> Sequence[Sequence[RawCell]]:
    """The columns of some rows."""
    columns: list[list[RawCell]] = [[] for _ in range(max(map(len, rows), default=0))]
    for start in range(0, len(rows), _AT_A_TIME):
        some = rows[start : start + _AT_A_TIME]
        turned = [*zip_longest(*some, fillvalue="")]
        turned += [("",) * len(some)] * (len(columns) - len(turned))
        for column, cells in zip(columns, turned, strict=True):
            column.extend(cells)
    return columns
