"""The lines of a form under its headings, typed, with what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from schemas.filing import NIL, ROW, Total, Typed
from schemas.findings import CellRef, Severity
from schemas.headings.headings import Headings
from schemas.language import expression
from schemas.language.expression import Value
from schemas.layout import address, fixed_codes
from schemas.models import Form, Indicator, OrgUnit, Scheme
from schemas.origin.stated import county_named
from schemas.place import Place
from schemas.reading.below import Below
from schemas.reading.computed import type_computed
from schemas.reading.entered import EnteredCells, EnteredColumn, terms
from schemas.reading.faults import Fault, Found
from schemas.reading.left_out import left_out
from schemas.reading.rows import Rows, find_rows
from schemas.reading.subtotals import differing_subtotals
from schemas.text import Text, normalise
from schemas.typed.cells import Parameters, Problem, TypedCell, is_blank, is_nil, shown, type_cell
from schemas.workbook import CellError, RawCell, Sheet

_CONVERTED = ("value-converted", "value-date-converted", "value-unit-converted", "value-rough")

Line = dict[str, object]


@dataclass
class Body:
    """What stands under the headings; `columns` are as `frame_of` takes them."""

    columns: dict[str, Sequence[object]] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    typed: dict[tuple[str, int], Typed] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    declared_nil: bool = False

    @property
    def rows(self) -> Sequence[int]:
        """The rows of the lines, as Excel numbers them."""
        return [int(str(row)) for row in self.columns.get(ROW, ())]

    @property
    def lines(self) -> Iterator[Line]:
        """The lines, one after the other."""
        for line in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, line, strict=True))

    def has(self, *codes: str) -> bool:
        """Whether anything was found with one of some codes."""
        return any(found.code in codes for found in self.found)


def read_body(
    sheet: Sheet, form: Form, headings: Headings, scheme: Scheme, county: OrgUnit, place: Place
) -> Body:
    """Read the lines of a form."""
    below = Below(sheet, headings.body)
    rows = find_rows(below, form, headings, scheme, county)
    reader = _BodyReader(below, form, headings, scheme, place)
    reader.body.found += left_out(below, headings, rows, place)
    lines = rows.lines
    match form.body:
        case "single":
            lines = reader.county_row(rows, county)
        case "list" if lines and all(reader.declares_nil(row) for row in lines):
            reader.body.declared_nil = True
            return reader.body
        case "list":
            lines = reader.complete_lines(lines)
    if not rows.lines or not (form.body == "list" or any(map(reader.has_values, lines))):
        if not reader.body.has("line-missing", "key-repeated"):
            reader.tell_empty(rows)
        return reader.body
    reader.read_lines(lines)
    for row in rows.totals:
        reader.note_totals(row)
    if rows.subtotals:
        reader.compare_subtotals(rows)
    if form.body == "fixed":
        reader.find_missing_lines()
    return reader.body


class _BodyReader:
    """Reads the rows of one form."""

    def __init__(
        self, below: Below, form: Form, headings: Headings, scheme: Scheme, place: Place
    ) -> None:
        self.below = below
        self.sheet = sheet = below.sheet
        self.form = form
        self.headings = headings
        self.scheme = scheme
        self.place = place
        self.body = Body()
        self.indicators = [i for i in form.indicators if i.name in headings.columns]
        self.terms = {
            i.name: terms(i, scheme, headings.scales.get(i.name, Decimal(1)), sheet.epoch)
            for i in self.indicators
        }
        self.typed = [i for i in self.indicators if i.computed is None]
        self.computed = [i for i in self.indicators if i.computed is not None]
        self.from_text: dict[str, Decimal] = {}

    def cell(self, row: int, indicator: Indicator) -> RawCell:
        return self.sheet.cell(row, self.headings.columns[indicator.name])

    def ref(self, row: int, column: int) -> CellRef:
        return CellRef(sheet=self.sheet.name, address=address(row, column))

    def _tell(self, code: str, cells: list[CellRef], **parameters: Text | str) -> None:
        self.body.found.append(self.place.finding(code, cells, **parameters))

    def tell_empty(self, rows: Rows) -> None:
        """Nothing is filled in; the cell is where to begin."""
        open_columns = [i for i in self.typed if i.name != self.form.fixed_by]
        row = self.headings.body
        while row in rows.totals:
            row += 1
        where = [self.ref(row, self.headings.columns[i.name]) for i in open_columns[:1]]
        self._tell("form-empty", where, form=self.form.title)

    def has_values(self, row: int) -> bool:
        """Whether anything is filled in on a row besides what is printed there."""
        printed = self.form.fixed_by
        return any(not is_blank(self.cell(row, i)) for i in self.typed if i.name != printed)

    def declares_nil(self, row: int) -> bool:
        """Whether a row says 无 and nothing else."""
        filled = [cell for i in self.typed if not is_blank(cell := self.cell(row, i))]
        return bool(filled) and all(is_nil(cell) for cell in filled)

    def county_row(self, rows: Rows, county: OrgUnit) -> list[int]:
        """The one row that is the county's; the other lines are told and left out.

        Where none or several may be it, that is told: a township's figures are not the county's.
        """
        filled = [row for row in rows.lines if self.has_values(row)]
        named = {row: self._named(row) for row in filled}
        own = (
            [row for row in filled if normalise(named[row]) in county.spellings]
            or [row for row in filled if county_named(named[row], self.scheme) == county]
            or [row for row in filled if not named[row]]
        )
        for row in filled:
            if row not in own:
                stated = named[row] or address(row, 0)
                where = [self.ref(row, self.headings.county or 0)]
                self._tell("line-unknown", where, form=self.form.title, stated=stated)
        if len(own) > 1:
            where = [self.ref(row, self.headings.county or 0) for row in own]
            self._tell("key-repeated", where, stated=county.name, lines=str(len(own)))
        elif not own and (filled or any(map(self.has_values, rows.totals))):
            self._tell("line-missing", [], line=county.name)
        return own if len(own) == 1 else []

    def _named(self, row: int) -> str:
        """The county that a row names; "" where it names none."""
        column = self.headings.county
        return "" if column is None else shown(self.sheet.cell(row, column))

    def complete_lines(self, rows: list[int]) -> list[int]:
        """The rows of a list but those with a single cell filled in, which are told once each."""
        if len(self.typed) == 1:
            return rows
        none, one = {*rows}, set[int]()  # with so many cells filled in so far
        for indicator in self.typed:
            blank = self._blank(none | one, indicator)
            none, one = none & blank, (one & blank) | (none - blank)
        for row in sorted(none | one):
            either = self.indicators if row in none else self.typed
            only = next(i for i in either if not is_blank(self.cell(row, i)))
            told: Parameters = {"row": str(row + 1), "stated": shown(self.cell(row, only))}
            self._tell_value(row, only, Problem("line-incomplete", told))
        return [row for row in rows if row not in none and row not in one]

    def _blank(self, rows: Set[int], indicator: Indicator) -> set[int]:
        """The rows of some on which a column is blank."""
        column = self.headings.columns[indicator.name]
        cells, blanks = self.below.column(column), self.below.blanks(column)
        return {row for row in rows if cells[row - self.below.first] in blanks} if blanks else set()

    def read_lines(self, rows: Sequence[int]) -> None:
        """Read the lines on some rows, with their findings."""
        entered = EnteredCells(self.below, self.headings, self.terms, rows)
        columns = {indicator.name: entered.column(indicator) for indicator in self.typed}
        values = {name: column.values for name, column in columns.items()}
        computed = {indicator.name: list[Value | None]() for indicator in self.computed}
        said = _by_line(columns)
        nil: list[str | None] = [None] * len(rows)
        every_line = self.computed or self.headings.unit is not None
        for number in range(len(rows)) if every_line else sorted(said):
            row, of_line = rows[number], said.get(number, {})
            for name, typed in of_line.items():
                self._note(row, self.form[name], typed)
            for name, value in self._computed(row, number, values, of_line):
                computed[name].append(value)
            self.compare_unit(row, values, number)
            nil[number] = " ".join(name for name, typed in of_line.items() if typed.nil) or None
        stored = {name: _stored(self.form[name], of) for name, of in (values | computed).items()}
        self.body.columns = {ROW: [row + 1 for row in rows], **stored, NIL: nil}

    def _computed(
        self,
        row: int,
        number: int,
        entered: Mapping[str, Sequence[Value | None]],
        said: Mapping[str, TypedCell],
    ) -> Iterator[tuple[str, Value | None]]:
        """The values of the computed columns of a line, from those that were entered."""
        if not self.computed:
            return
        values = {name: of_column[number] for name, of_column in entered.items()}
        texts = frozenset(name for name, typed in said.items() if _is_converted(typed))
        for indicator in self.computed:
            cell, of_column = self.cell(row, indicator), self.terms[indicator.name]
            typed = type_computed(cell, indicator, self.form, values, texts, of_column)
            values[indicator.name] = self._told(row, indicator, typed).value
            yield indicator.name, typed.value

    def _note(self, row: int, indicator: Indicator, typed: TypedCell) -> None:
        """What is to be told or kept of a cell that a person fills in."""
        for problem in typed.problems:
            mild = problem.code == "cells-merged" and not indicator.required
            self._tell_value(row, indicator, problem, Severity.WARNING if mild else None)
        if typed.typed is not None and not indicator.personal:
            self.body.typed[indicator.name, row + 1] = typed.typed
        if _is_converted(typed) and isinstance(typed.value, Decimal):
            before = self.from_text.get(indicator.name, Decimal(0))
            self.from_text[indicator.name] = before + typed.value

    def _told(
        self, row: int, indicator: Indicator, typed: TypedCell, severity: Severity | None = None
    ) -> TypedCell:
        for problem in typed.problems:
            self._tell_value(row, indicator, problem, severity)
        return typed

    def _tell_value(
        self, row: int, indicator: Indicator, problem: Problem, severity: Severity | None = None
    ) -> None:
        column = self.headings.columns[indicator.name]
        fault = Fault(problem.code, indicator, row, column, problem.parameters, severity)
        self.body.found.append(fault)

    def note_totals(self, row: int) -> None:
        """Note what a county wrote as its totals; faults there do not touch any line."""
        found = []
        for indicator in self.indicators:
            if indicator.name not in self.form.totalled:
                continue
            cell = self.cell(row, indicator)
            if is_blank(cell) or is_nil(cell) or cell is CellError.NOT_CALCULATED:
                continue
            typed = type_cell(cell, indicator, self.terms[indicator.name])
            value = self._told(row, indicator, typed, Severity.WARNING).value
            if isinstance(value, Decimal):
                where = self.ref(row, self.headings.columns[indicator.name])
                found.append(Total(indicator.name, value, where))
        self.body.totals += self._of_numbers(found)

    def compare_subtotals(self, rows: Rows) -> None:
        """Compare what a county wrote between its lines with them."""
        self.body.found += differing_subtotals(
            self.sheet, self.form, self.headings, rows, [*self.body.lines], self.terms, self.place
        )

    def _of_numbers(self, totals: list[Total]) -> list[Total]:
        """The totals of a row without those that are right but for the text among the numbers.

        The text is told; a formula over it takes it for 0.
        """
        short = {total.indicator for total in totals if self._leaves_out_text(total)}
        return [t for t in totals if short.isdisjoint((t.indicator, *self._parts(t.indicator)))]

    def _leaves_out_text(self, total: Total) -> bool:
        text = self.from_text.get(total.indicator)
        if text is None or self.form[total.indicator].aggregation != "sum":
            return False
        numbers = self.body.columns[total.indicator]
        added = sum((Decimal(str(n)) for n in numbers if n is not None), Decimal(0))
        return total.value == added - text

    def _parts(self, name: str) -> tuple[str, ...]:
        """The columns from whose totals the total of a ratio is worked out."""
        indicator = self.form[name]
        if indicator.aggregation != "ratio" or indicator.formula is None:
            return ()
        return expression.names(indicator.formula)

    def compare_unit(
        self, row: int, values: Mapping[str, Sequence[Value | None]], number: int
    ) -> None:
        """Tell a unit that is not the one printed beside the line, as its number is in another."""
        by = self.form.fixed_by
        code = values[by][number] if by and by in values else None
        if by is None or code is None or self.headings.unit is None:
            return
        cell = self.sheet.cell(row, self.headings.unit)
        item = self.scheme.codes(self.form[by])[str(code)]
        unit = self.scheme.units[item.unit or ""].label
        if not is_blank(cell) and normalise(shown(cell)) not in map(normalise, (unit.zh, unit.en)):
            told: Parameters = {"line": item.label, "unit": unit, "stated": shown(cell)}
            self._tell("line-unit", [self.ref(row, self.headings.unit)], **told)

    def find_missing_lines(self) -> None:
        """Tell the printed lines that are not there; a label that cannot be read explains one."""
        by = self.form.fixed_by or ""
        if by not in self.headings.columns:
            return
        present = [*self.body.columns[by]]
        codes = self.scheme.codes(self.form[by])
        missing = [c for c in fixed_codes(self.form, self.scheme) if c not in present]
        for code in missing[present.count(None) :]:
            self._tell("line-missing", [], line=codes[code].label)


def _by_line(columns: Mapping[str, EnteredColumn]) -> Mapping[int, Mapping[str, TypedCell]]:
    """The cells of which there is more to say than their value, by line and column."""
    said: dict[int, dict[str, TypedCell]] = {}
    for name, column in columns.items():
        for number, typed in column.told.items():
            said.setdefault(number, {})[name] = typed
    return said


def _is_converted(typed: TypedCell) -> bool:
    problems = typed.problems
    return bool(problems) and any(problem.code in _CONVERTED for problem in problems)


def _stored(indicator: Indicator, values: Sequence[Value | None]) -> Sequence[object]:
    """The values of a column as they are kept."""
    if indicator.kind != "integer":
        return values
    return [int(value) if isinstance(value, Decimal) else value for value in values]
