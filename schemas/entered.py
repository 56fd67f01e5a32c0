"""The cells that a person fills in, each with what it takes from the cells around it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from schemas.cells import Problem, Terms, TypedCell, shown, type_cell
from schemas.headings import Headings
from schemas.inherited import MergedCells, is_ditto
from schemas.models import Indicator, Scheme
from schemas.workbook import RawCell, Sheet


def terms(indicator: Indicator, scheme: Scheme, scale: Decimal, epoch: date) -> Terms:
    """What the cells of an indicator's column go by."""
    return Terms(
        codes=scheme.codes(indicator) if indicator.kind == "code" else None,
        unit=scheme.units[indicator.unit] if indicator.unit else None,
        scale=scale,
        epoch=epoch,
    )


class EnteredCells:
    """The cells of a form's lines, from the top down."""

    def __init__(self, sheet: Sheet, headings: Headings, terms: Mapping[str, Terms]) -> None:
        self._sheet = sheet
        self._headings = headings
        self._terms = terms
        self._merged = MergedCells(sheet, headings)
        self._above: tuple[int, Mapping[str, TypedCell]] = (-1, {})

    def entered(self, row: int, indicator: Indicator) -> TypedCell:
        """The value of a cell, or what it takes from those around it."""
        column, terms = self._headings.columns[indicator.name], self._terms[indicator.name]
        cell = self._sheet.cell(row, column)
        if self._merged.hides(row, column, indicator):
            typed = TypedCell() if indicator.numeric else type_cell(cell, indicator, terms)
            return replace(typed, problems=(*typed.problems, Problem("cells-merged")))
        if (label := self._merged.label_of(row, column, indicator)) is not None:
            typed = type_cell(label, indicator, terms)
            filled = Problem("value-filled-down", {"stated": shown(label)})
            return replace(typed, problems=(*typed.problems, filled))
        if is_ditto(cell):
            return self._from_above(row, indicator, cell)
        return type_cell(cell, indicator, terms)

    def leave(self, row: int, cells: Mapping[str, TypedCell]) -> None:
        """Keep a line that was read, for the ditto marks on the next row."""
        self._above = row, cells

    def _from_above(self, row: int, indicator: Indicator, mark: RawCell) -> TypedCell:
        before, cells = self._above
        above = cells.get(indicator.name) if before == row - 1 else None
        stated = {"stated": shown(mark)}
        if above is None or above.value is None:
            return TypedCell(problems=(Problem("value-ditto-unclear", {**stated}),))
        return replace(above, problems=(Problem("value-ditto", {**stated}),))
