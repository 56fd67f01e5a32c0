"""The body of a form on its sheet: lines with their formulas, and totals."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas import formulas
from schemas.expression import Value
from schemas.layout import Column, Layout, address, fixed_codes
from schemas.measures import TOTAL
from schemas.models import Indicator
from schemas.template_frame import Occasion
from schemas.template_styles import Styles

Line = Mapping[str, Value | None]
Lines = Sequence[Line]

_NIL = "无"


def write_body(
    sheet: Worksheet, layout: Layout, styles: Styles, occasion: Occasion, lines: Lines | None
) -> None:
    """Write the lines of a form; None for a blank form, empty for a list declared nil."""
    _BodyWriter(sheet, layout, styles, occasion).write(lines)


class _BodyWriter:
    """Writes the lines of one form."""

    def __init__(
        self, sheet: Worksheet, layout: Layout, styles: Styles, occasion: Occasion
    ) -> None:
        self.sheet = sheet
        self.layout = layout
        self.form = layout.form
        self.styles = styles
        self.occasion = occasion
        self.scheme = occasion.scheme
        self.language = occasion.language

    def write(self, lines: Lines | None) -> None:
        done = [formulas.completed(self.form, line) for line in self._body(lines)]
        for row, line in zip(self.layout.lines, done, strict=True):
            self._line(row, line)
        if lines is not None and not lines and self.form.body == "list":
            self.sheet.write_string(self.layout.lines[0], 0, _NIL, self.styles("input"))
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
        for column in self.layout.columns:
            indicator = column.indicator
            if indicator is None:
                name = self.occasion.county.name.in_(self.language)
                self.sheet.write_string(row, column.index, name, self.styles("label"))
            elif indicator.formula is not None:
                self._formula(row, column, self._computed(row, indicator), line, "computed")
            else:
                locked = indicator.name == self.form.fixed_by
                style = self.styles("label") if locked else self.styles.cell("input", indicator)
                self._value(row, column.index, indicator, line[indicator.name], style)

    def _value(
        self, row: int, column: int, indicator: Indicator, value: Value | None, style: Format
    ) -> None:
        match value:
            case None:
                self.sheet.write_blank(row, column, None, style)
            case Decimal():
                self.sheet.write_number(row, column, float(value), style)
            case date():
                self.sheet.write_datetime(row, column, value, style)
            case _ if indicator.kind == "code":
                label = self.scheme.codes(indicator)[str(value)].label.in_(self.language)
                self.sheet.write_string(row, column, label, style)
            case _:
                self.sheet.write_string(row, column, str(value), style)

    def _computed(self, row: int, indicator: Indicator) -> str:
        return formulas.computed_formula(
            indicator, lambda name: address(row, self.layout.column(name))
        )

    def _formula(
        self,
        row: int,
        column: Column,
        formula: str,
        values: Line,
        style: str,
    ) -> None:
        assert column.indicator is not None
        value = values[column.indicator.name]
        cached = "" if value is None else float(str(value))
        shown = self.styles.cell(style, column.indicator)
        self.sheet.write_formula(row, column.index, formula, shown, cached)

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
                    self._computed(row, indicator)
                    if ratio
                    else formulas.total_formula(indicator, cells)
                )
                self._formula(row, column, formula, values, "total")
