"""Clean returns as sheets of plain values, in which a fault changes cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from schemas.filing import NIL, ROW, Filing, Total, typed_frame
from schemas.findings import CellRef
from schemas.layout import column_letter
from schemas.models import Form, Indicator, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed, totals
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from tests.bench_checks.statements import Value

FIRST_ROW = 8

Line = Mapping[str, Value | None]
Place = tuple[str, int]
"""A column and a line, counted from 0; as many as there are lines is the written total."""

Changes = Mapping[Place, Value | None]


@dataclass(frozen=True)
class Sheet:
    """One form of one county for one period, as somebody typed it: no cell follows another."""

    form: Form
    county: str
    period: Period
    lines: Sequence[Line]
    totals: Mapping[str, Decimal]

    def __getitem__(self, place: Place) -> Value | None:
        name, line = place
        return self.totals.get(name) if line == len(self.lines) else self.lines[line][name]

    def changed(self, changes: Changes) -> "Sheet":
        """The sheet with other values in some cells."""
        lines, totals = [dict(line) for line in self.lines], dict(self.totals)
        for (name, number), value in changes.items():
            if number == len(lines):
                assert isinstance(value, Decimal), name
                totals[name] = value
            else:
                lines[number][name] = value
        return replace(self, lines=lines, totals=totals)

    def cell(self, place: Place) -> CellRef:
        """Where a place is on the sheet."""
        name, line = place
        address = f"{self._letters[name]}{FIRST_ROW + line}"
        return CellRef(sheet=self.form.sheet_name, address=address)

    @cached_property
    def _letters(self) -> dict[str, str]:
        return {i.name: column_letter(n) for n, i in enumerate(self.form.indicators)}

    @property
    def numeric(self) -> list[Indicator]:
        """The columns that hold numbers, except of persons."""
        return [i for i in self.form.indicators if i.numeric and not i.personal]

    def numbers(self) -> Iterator[tuple[Place, Decimal]]:
        """Every number of the lines."""
        for number, line in enumerate(self.lines):
            for indicator in self.numeric:
                value = line[indicator.name]
                if isinstance(value, Decimal):
                    yield (indicator.name, number), value

    def filing(self) -> Filing:
        """It as the reader would hand it over."""
        rows: list[dict[str, object]] = [
            {**line, ROW: FIRST_ROW + number, NIL: None} for number, line in enumerate(self.lines)
        ]
        return Filing(
            form=self.form.name,
            county=self.county,
            period=self.period.id,
            sheet=self.form.sheet_name,
            frame=typed_frame(self.form, rows),
            columns=self._letters,
            declared_nil=not rows,
            totals=tuple(
                Total(name, value, self.cell((name, len(self.lines))))
                for name, value in self.totals.items()
            ),
        )


def clean_sheets(scheme: Scheme, period: Period) -> list[Sheet]:
    """The sample returns of all counties and of the city for a period."""
    then = scheme.at(period)
    return [
        _sheet(then.form(name), code, period, lines)
        for code, forms in sample_lines(scheme, CATALOG / scheme.id, period).items()
        for name, lines in forms.items()
    ]


def _sheet(form: Form, county: str, period: Period, lines: Sequence[Line]) -> Sheet:
    whole = [completed(form, line) for line in lines]
    written = {} if form.body == "single" or not whole else totals(form, whole)
    numbers = {name: value for name, value in written.items() if isinstance(value, Decimal)}
    return Sheet(form, county, period, whole, numbers)
