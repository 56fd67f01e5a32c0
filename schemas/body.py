"""The lines of a form under its headings: which rows are lines, totals or nothing at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from schemas import expression
from schemas.cells import TypedCell, is_blank, is_nil, shown, type_cell
from schemas.expression import Value
from schemas.filing import NIL, ROW, Total
from schemas.findings import CellRef, Finding, Severity
from schemas.headings import Headings
from schemas.layout import address, fixed_codes
from schemas.models import CodeList, Form, Indicator, OrgUnit, Scheme
from schemas.place import Place
from schemas.stated import county_named
from schemas.text import Text, normalise
from schemas.workbook import RawCell, Sheet

_TOTALS = frozenset({"合计", "总计", "共计", "全县", "全县合计", "本县合计", "total", "grandtotal"})
_SUBTOTALS = frozenset({"小计", "subtotal"})
_FOOTERS = (
    *("单位负责人", "统计负责人", "负责人:", "填表人", "制表人", "填报人:", "报出日期", "填报日期"),
    *("填报说明", "说明:", "注:", "备注:", "补充资料", "headofunit:", "notes:"),
)

Line = dict[str, object]


@dataclass
class Body:
    """What stands under the headings; `lines` are as `typed_frame` takes them."""

    lines: list[Line] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    declared_nil: bool = False


def read_body(
    sheet: Sheet, form: Form, headings: Headings, scheme: Scheme, county: OrgUnit, place: Place
) -> Body:
    """Read the lines of a form."""
    reader = _BodyReader(sheet, form, headings, scheme, place)
    rows = list(reader.data_rows())
    match form.body:
        case "single":
            rows = reader.county_row(rows, county)
        case "list" if len(rows) == 1 and reader.declares_nil(rows[0]):
            reader.body.declared_nil = True
            return reader.body
    if not any(reader.has_values(row) for row in rows):
        reader.body.findings.append(
            place.finding("form-empty", reader.first_cell(), form=form.title)
        )
        return reader.body
    for row in rows:
        reader.read_line(row)
    if form.body == "fixed":
        reader.find_missing_lines()
    return reader.body


class _BodyReader:
    """Reads the rows of one form."""

    def __init__(
        self, sheet: Sheet, form: Form, headings: Headings, scheme: Scheme, place: Place
    ) -> None:
        self.sheet = sheet
        self.form = form
        self.headings = headings
        self.scheme = scheme
        self.place = place
        self.body = Body()
        self.total_rows: set[int] = set()
        self.indicators = [i for i in form.indicators if i.name in headings.columns]
        self.codes: Mapping[str, CodeList | None] = {
            i.name: scheme.codes(i) if i.kind == "code" else None for i in self.indicators
        }
        self.typed = [i for i in self.indicators if i.computed is None]
        self.numeric = {headings.columns[i.name] for i in self.indicators if i.numeric}

    def cell(self, row: int, indicator: Indicator) -> RawCell:
        return self.sheet.cell(row, self.headings.columns[indicator.name])

    def ref(self, row: int, column: int) -> CellRef:
        return CellRef(sheet=self.sheet.name, address=address(row, column))

    def first_cell(self) -> list[CellRef]:
        """Where a list is declared nil, or the first value of another form is expected."""
        open_columns = [i for i in self.typed if i.name != self.form.fixed_by]
        row = self.headings.body
        while row in self.total_rows:
            row += 1
        return [self.ref(row, self.headings.columns[i.name]) for i in open_columns[:1]]

    def data_rows(self) -> Iterator[int]:
        """The rows that are lines; totals are noted on the way, and the footer ends them."""
        for row in range(self.headings.body, len(self.sheet.rows)):
            words = [
                normalise(cell)
                for column, cell in enumerate(self.sheet.rows[row])
                if isinstance(cell, str) and column not in self.numeric and cell.strip()
            ]
            if words and words[0].startswith(_FOOTERS):
                return
            if not _TOTALS.isdisjoint(words):
                self.total_rows.add(row)
                self._note_totals(row)
            elif _SUBTOTALS.isdisjoint(words) and self._is_filled(row):
                yield row

    def _is_filled(self, row: int) -> bool:
        named = self.headings.county is not None and not is_blank(
            self.sheet.cell(row, self.headings.county)
        )
        return named or any(not is_blank(self.cell(row, i)) for i in self.typed)

    def has_values(self, row: int) -> bool:
        """Whether anything is filled in on a row besides what is printed there."""
        printed = self.form.fixed_by
        return any(not is_blank(self.cell(row, i)) for i in self.typed if i.name != printed)

    def declares_nil(self, row: int) -> bool:
        """Whether a row says 无 and nothing else."""
        cells = [self.cell(row, i) for i in self.typed]
        return all(is_nil(cell) for cell in cells if not is_blank(cell))

    def county_row(self, rows: list[int], county: OrgUnit) -> list[int]:
        """The county's own row among those filled; the others are told and left out."""
        own = next((row for row in rows if self._is_row_of(row, county)), None)
        if own is None:
            own = next((row for row in rows if self.has_values(row)), None)
        for row in rows:
            if row != own and self.has_values(row):
                self._tell_unknown_line(row)
        return [] if own is None else [own]

    def _is_row_of(self, row: int, county: OrgUnit) -> bool:
        if self.headings.county is None:
            return False
        stated = shown(self.sheet.cell(row, self.headings.county))
        return county_named(stated, self.scheme) == county

    def _tell_unknown_line(self, row: int) -> None:
        column = self.headings.county or 0
        stated = shown(self.sheet.cell(row, column))
        told = self.place.finding(
            "line-unknown", [self.ref(row, column)], form=self.form.title, stated=stated
        )
        self.body.findings.append(told)

    def read_line(self, row: int) -> None:
        """Read one line with its findings."""
        cells = {i.name: self._typed(row, i) for i in self.indicators}
        values = {name: typed.value for name, typed in cells.items()}
        line: Line = {ROW: row + 1}
        for indicator in self.indicators:
            value = values[indicator.name]
            if value == 0 and _cannot_be_computed(indicator, values):
                value = None
            line[indicator.name] = _stored(indicator, value)
        line[NIL] = " ".join(name for name, typed in cells.items() if typed.nil) or None
        self.body.lines.append(line)

    def _typed(self, row: int, indicator: Indicator, severity: Severity | None = None) -> TypedCell:
        codes = self.codes[indicator.name]
        typed = type_cell(self.cell(row, indicator), indicator, codes)
        for problem in typed.problems:
            cell = self.ref(row, self.headings.columns[indicator.name])
            self.body.findings.append(
                self.place.value_finding(
                    problem.code, indicator, cell, problem.parameters, severity
                )
            )
        return typed

    def _note_totals(self, row: int) -> None:
        """Note what a county wrote as its totals; faults there do not touch any line."""
        for indicator in self.indicators:
            if not indicator.has_total:
                continue
            cell = self.cell(row, indicator)
            if is_blank(cell) or is_nil(cell):
                continue
            value = self._typed(row, indicator, Severity.WARNING).value
            if isinstance(value, Decimal):
                where = self.ref(row, self.headings.columns[indicator.name])
                self.body.totals.append(Total(indicator.name, value, where))

    def find_missing_lines(self) -> None:
        """Tell the printed lines that are not there; a label that cannot be read explains one."""
        by = self.form.fixed_by or ""
        if by not in self.headings.columns:
            return
        present = [line[by] for line in self.body.lines]
        codes = self.scheme.codes(self.form[by])
        missing = [c for c in fixed_codes(self.form, self.scheme) if c not in present]
        for code in missing[present.count(None) :]:
            label: Text = codes[code].label
            self.body.findings.append(self.place.finding("line-missing", line=label))


def _cannot_be_computed(indicator: Indicator, values: Mapping[str, Value | None]) -> bool:
    """Whether a computed column has no value; .xls files store 0 where a formula shows nothing."""
    node = indicator.formula
    if node is None or not values.keys() >= set(expression.names(node)):
        return False
    return expression.evaluate(node, values) is None


def _stored(indicator: Indicator, value: Value | None) -> object:
    return int(value) if indicator.kind == "integer" and isinstance(value, Decimal) else value
