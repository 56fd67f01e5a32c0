"""The body of a form on its sheet: lines with their formulas, and totals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.consolidated.measures import TOTAL
from schemas.drawing.styles import Styles
from schemas.drawing.writer import FormWriter, Occasion
from schemas.language.expression import Line, Value
from schemas.layout import Column, Layout, address, column_letter, fixed_codes
from schemas.models import Indicator
from schemas.rules import formulas
from schemas.typed.cells import NIL

Lines = Sequence[Line]

_ROW = "\0"


@dataclass(frozen=True)
class _Column:
    """How the cells of one column are written; `formula` is a pattern with `_ROW` in it."""

    index: int
    indicator: Indicator | None
    style: Format
    formula: str | None = None


def write_body(
    sheet: Worksheet, layout: Layout, styles: Styles, occasion: Occasion, lines: Lines | None
) -> None:
    """Write the lines of a form; None for a blank form, empty for a list declared nil."""
    _BodyWriter(sheet, layout, styles, occasion).write(lines)


def write_value(
    sheet: Worksheet,
    where: tuple[int, int],
    indicator: Indicator,
    value: Value | None,
    style: Format,
    occasion: Occasion,
) -> None:
    """Write a value of an indicator into the cell of a row and a column, a code as its label."""
    row, column = where
    match value:
        case None:
            sheet.write_blank(row, column, None, style)
        case Decimal():
            sheet.write_number(row, column, float(value), style)
        case date():
            sheet.write_datetime(row, column, value, style)
        case _ if indicator.kind == "code":
            label = occasion.scheme.codes(indicator)[str(value)].label.in_(occasion.language)
            sheet.write_string(row, column, label, style)
        case _:
            sheet.write_string(row, column, str(value), style)


class _BodyWriter(FormWriter):
    """Writes the lines of one form."""

    def __init__(
        self, sheet: Worksheet, layout: Layout, styles: Styles, occasion: Occasion
    ) -> None:
        super().__init__(sheet, layout, styles, occasion)
        self.county = occasion.county.name.in_(occasion.language)
        self.columns = [self._column(column) for column in layout.columns]
        self.units = self._units()

    def _column(self, column: Column) -> _Column:
        indicator = column.indicator
        if indicator is None:
            return _Column(column.index, None, self.styles("label"))
        if indicator.formula is not None:
            shown = self.styles.cell("computed", indicator)
            return _Column(column.index, indicator, shown, self._pattern(indicator))
        locked = indicator.name == self.form.fixed_by
        style = self.styles("label") if locked else self.styles.cell("input", indicator)
        return _Column(column.index, indicator, style)

    def _units(self) -> dict[str, str]:
        """The unit of each printed line by its code, where they are printed."""
        if not self.form.prints_units:
            return {}
        codes = self.scheme.codes(self.form[self.form.fixed_by or ""]).codes
        return {code.code: self.scheme.unit_label(code.unit, self.language) for code in codes}

    def _pattern(self, indicator: Indicator) -> str:
        """The formula of a computed column with `_ROW` where the number of its row goes."""
        return formulas.computed_formula(
            indicator, lambda name: column_letter(self.layout.column(name)) + _ROW
        )

    def write(self, lines: Lines | None) -> None:
        done = [formulas.completed(self.form, line) for line in self._body(lines)]
        for row, line in zip(self.layout.lines, done, strict=True):
            self._line(row, line)
        if lines is not None and not lines and self.form.body == "list":
            self.sheet.write_string(
                self.layout.lines[0], 0, NIL.in_(self.language), self.styles("input")
            )
        if self.layout.total_row is not None:
            self._total(self.layout.total_row, done)

    def _body(self, lines: Lines | None) -> list[Line]:
        """One entry per body row: what is stated on it, nothing on a blank row."""
        stated = list(lines or ())
        if self.form.body == "fixed":
            by = self.form.fixed_by or ""
            by_code = {line[by]: line for line in stated}
            return [{**by_code.get(c, {}), by: c} for c in fixed_codes(self.form, self.scheme)]
        return [*stated, *[{}] * (len(self.layout.lines) - len(stated))]

    def _line(self, row: int, line: Line) -> None:
        for column in self.columns:
            if column.indicator is None:
                printed = self.units.get(str(line.get(self.form.fixed_by or "")), self.county)
                self.sheet.write_string(row, column.index, printed, column.style)
            elif column.formula is not None:
                value = line[column.indicator.name]
                self._formula(row, column.index, column.formula, value, column.style)
            else:
                value = line[column.indicator.name]
                where = row, column.index
                write_value(self.sheet, where, column.indicator, value, column.style, self.occasion)

    def _formula(
        self, row: int, column: int, pattern: str, value: Value | None, style: Format
    ) -> None:
        cached = "" if value is None else float(str(value))
        formula = pattern.replace(_ROW, str(row + 1))
        self.sheet.write_formula(row, column, formula, style, cached)

    def _total(self, row: int, lines: Lines) -> None:
        values = formulas.totals(self.form, lines)
        body = self.layout.lines
        for column in self.layout.columns:
            indicator = column.indicator
            assert indicator is not None, "a form with one line has no total"
            if column.index == 0:
                label = TOTAL.in_(self.language)
                self.sheet.write_string(row, 0, label, self.styles("total", align="center"))
            elif indicator.name not in values:
                self.sheet.write_blank(row, column.index, None, self.styles("total"))
            else:
                cells = f"{address(body[0], column.index)}:{address(body[-1], column.index)}"
                ratio = indicator.aggregation == "ratio"
                formula = (
                    self._pattern(indicator) if ratio else formulas.total_formula(indicator, cells)
                )
                style = self.styles.cell("total", indicator)
                self._formula(row, column.index, formula, values[indicator.name], style)
