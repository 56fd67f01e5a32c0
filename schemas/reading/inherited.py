"""What a cell takes from the cells around it: ditto marks and merged labels."""

from collections.abc import Set

from schemas.headings.headings import Headings
from schemas.models import Indicator
from schemas.text import normalise
from schemas.workbook import MergedRange, RawCell, Sheet

DITTO = frozenset(
    normalise(mark) for mark in ("〃", "″", "''", '"', "”", "“", "々", "同上", "上同", "同上行")
)
"""The marks for what stands above, normalised."""


def is_ditto(cell: RawCell) -> bool:
    """Whether a cell says that it is what stands above it: 〃 or 同上."""
    if not isinstance(cell, str) or (cell.isascii() and cell.isalnum()):
        return False
    return normalise(cell) in DITTO


class MergedCells:
    """The merged cells of a form's body."""

    def __init__(self, sheet: Sheet, headings: Headings) -> None:
        self._sheet = sheet
        columns = set(headings.columns.values())
        self._areas: dict[int, dict[int, MergedRange]] = {column: {} for column in columns}
        for area in sheet.merged:
            (top, left), (bottom, right) = area
            for row in range(max(top, headings.body), min(bottom + 1, len(sheet.rows))):
                for column in columns.intersection(range(left, right + 1)):
                    self._areas[column][row] = area

    def rows(self, column: int) -> Set[int]:
        """The rows on which a column's cell is merged with others."""
        return self._areas[column].keys()

    def label_of(self, row: int, column: int, indicator: Indicator) -> RawCell | None:
        """What the cells of a column that are merged downwards say; None where that is not so.

        A number is not repeated: it may be that of all the lines together.
        """
        area = self._areas[column].get(row)
        if area is None or indicator.numeric or indicator.kind == "date":
            return None
        (top, left), (_, right) = area
        return self._sheet.cell(top, left) if left == right and row > top else None

    def hides(self, row: int, column: int, indicator: Indicator) -> bool:
        """Whether it cannot be told what a cell holds, because it is merged with others."""
        area = self._areas[column].get(row)
        if area is None or self.label_of(row, column, indicator) is not None:
            return False
        return (row, column) != area[0] or indicator.numeric
