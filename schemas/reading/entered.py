"""The cells that a person fills in, column by column, with what they take from those around them.

A register has millions of cells, and a column of it says the same again and again: what a cell
says by itself is worked out once for each different one, and of a column of plain texts for none.
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from schemas.headings.headings import Headings
from schemas.language.expression import Value
from schemas.models import Indicator, Scheme
from schemas.reading.below import Below
from schemas.reading.inherited import DITTO, MergedCells, is_ditto
from schemas.typed.cells import Problem, Terms, TypedCell, plain_texts, shown, type_cell
from schemas.workbook import RawCell


def terms(indicator: Indicator, scheme: Scheme, scale: Decimal, epoch: date) -> Terms:
    """What the cells of an indicator's column go by."""
    return Terms(
        codes=scheme.codes(indicator) if indicator.kind == "code" else None,
        unit=scheme.units[indicator.unit] if indicator.unit else None,
        scale=scale,
        epoch=epoch,
    )


@dataclass(frozen=True)
class EnteredColumn:
    """The values of a column on the lines of a form, in their order.

    `told` are the cells of which there is more to say than their value, by the number of the line.
    """

    values: Sequence[Value | None]
    told: Mapping[int, TypedCell] = field(default_factory=dict)


class EnteredCells:
    """The cells of a form's lines, which stand on some rows of its sheet."""

    def __init__(
        self,
        below: Below,
        headings: Headings,
        terms: Mapping[str, Terms],
        rows: Sequence[int],
    ) -> None:
        self._below = below
        self._sheet = below.sheet
        self._headings = headings
        self._terms = terms
        self._rows = rows
        self._among = frozenset(rows)
        self._merged = MergedCells(below.sheet, headings)

    def column(self, indicator: Indicator) -> EnteredColumn:
        """The cells of an indicator's column."""
        column = self._headings.columns[indicator.name]
        merged = self._merged.rows(column) & self._among
        cells = self._below.on(self._rows, column)
        texts = None if merged else plain_texts(cells, indicator)
        if texts is not None and DITTO.isdisjoint(cells):  # a plain text is its own normal form
            return EnteredColumn(texts)
        marks = {cell for cell in self._below.different(column) if is_ditto(cell)}
        keys, typed = self._each(cells, indicator)
        if merged or not marks.isdisjoint(cells):
            return self._among_others(indicator, [*map(typed.__getitem__, keys)], merged, marks)
        values = {key: cell.value for key, cell in typed.items()}
        saying = {key for key, cell in typed.items() if cell.says_more}
        told = {n: typed[key] for n, key in enumerate(keys) if key in saying} if saying else {}
        return EnteredColumn([*map(values.__getitem__, keys)], told)

    def _each(
        self, cells: Sequence[RawCell], indicator: Indicator
    ) -> tuple[Sequence[Hashable], Mapping[Hashable, TypedCell]]:
        """What the cells say by themselves: a key for each of them, and what it says by its key."""
        of_column = self._terms[indicator.name]
        kinds = {*map(type, cells)}
        if sum(issubclass(kind, int | float) for kind in kinds) <= 1:
            return cells, {cell: type_cell(cell, indicator, of_column) for cell in {*cells}}
        # By their class, too: 1, 1.0, True and 1% are equal, and are not the same.
        keys = [*zip(map(type, cells), cells, strict=True)]
        return keys, {key: type_cell(key[1], indicator, of_column) for key in {*keys}}

    def _among_others(
        self,
        indicator: Indicator,
        typed: list[TypedCell],
        merged: Set[int],
        marks: Set[RawCell],
    ) -> EnteredColumn:
        """A column of which some cells take from those around them what they say."""
        column = self._headings.columns[indicator.name]
        for number, row in enumerate(self._rows):
            if row in merged or self._sheet.cell(row, column) in marks:
                above = typed[number - 1] if number and self._rows[number - 1] == row - 1 else None
                typed[number] = self._inherited(row, indicator, typed[number], above)
        told = {number: cell for number, cell in enumerate(typed) if cell.says_more}
        return EnteredColumn([cell.value for cell in typed], told)

    def _inherited(
        self, row: int, indicator: Indicator, alone: TypedCell, above: TypedCell | None
    ) -> TypedCell:
        """A cell with what it takes from those around it; `alone` is what it says by itself, and
        `above` the cell on the row above, if that is a line.
        """
        column = self._headings.columns[indicator.name]
        if self._merged.hides(row, column, indicator):
            typed = TypedCell() if indicator.numeric else alone
            return replace(typed, problems=(*typed.problems, Problem("cells-merged")))
        if (label := self._merged.label_of(row, column, indicator)) is not None:
            typed = type_cell(label, indicator, self._terms[indicator.name])
            filled = Problem("value-filled-down", {"stated": shown(label)})
            return replace(typed, problems=(*typed.problems, filled))
        cell = self._sheet.cell(row, column)
        if not is_ditto(cell):
            return alone
        stated = shown(cell)
        if above is None or above.value is None:
            return TypedCell(problems=(Problem("value-ditto-unclear", {"stated": stated}),))
        return replace(above, problems=(Problem("value-ditto", {"stated": stated}),))
