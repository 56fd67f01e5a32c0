"""The cells that a person fills in, each with what it takes from the cells around it."""

from collections.abc import Mapping, Sequence
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
        self._known: dict[str, dict[tuple[type, RawCell], TypedCell]] = {i: {} for i in terms}

    def line(self, row: int, indicators: Sequence[Indicator]) -> dict[str, TypedCell]:
        """The cells of a line, by their indicators."""
        columns, known, cells = self._headings.columns, self._known, self._sheet.rows[row]
        filled, line = len(cells), {}
        for indicator in indicators:
            name = indicator.name
            cell = cells[column] if (column := columns[name]) < filled else ""
            typed = known[name].get((cell.__class__, cell))
            line[name] = self._entered(row, indicator, cell) if typed is None else typed
        return line

    def _entered(self, row: int, indicator: Indicator, cell: RawCell) -> TypedCell:
        """The value of a cell, or what it takes from those around it."""
        column = self._headings.columns[indicator.name]
        if self._merged.hides(row, column, indicator):
            typed = TypedCell() if indicator.numeric else self._typed(cell, indicator)
            return replace(typed, problems=(*typed.problems, Problem("cells-merged")))
        if (label := self._merged.label_of(row, column, indicator)) is not None:
            typed = self._typed(label, indicator)
            filled = Problem("value-filled-down", {"stated": shown(label)})
            return replace(typed, problems=(*typed.problems, filled))
        if is_ditto(cell):
            return self._from_above(row, indicator, cell)
        return self._typed(cell, indicator)

    def _typed(self, cell: RawCell, indicator: Indicator) -> TypedCell:
        """What a cell says by itself. A column says the same again and again, so it is kept unless
        cells of the sheet are merged: it may then be something else on another row.
        """
        typed = type_cell(cell, indicator, self._terms[indicator.name])
        if not self._merged:
            # By its class, too: 1, 1.0, True and 1% are equal, and are not the same.
            self._known[indicator.name][cell.__class__, cell] = typed
        return typed

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
