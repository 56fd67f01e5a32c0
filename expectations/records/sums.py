"""The arithmetic of a filing as a record and its edits, by failures that hang together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from expectations.diagnose.edit import Edit, Record
from expectations.diagnose.search import Test
from expectations.diagnose.unit import next_units
from expectations.records.names import TOTAL, edit_id, value_name
from expectations.records.unsummed import line_test, ratio_total
from expectations.rule import holds
from schemas.filing import ROW, Filing, Total, records
from schemas.findings import CellRef, Finding, Severity
from schemas.language.expression import Line, Value
from schemas.models import Form, Indicator, Unit
from schemas.rules.checks import Check, line_checks, totals_check

MOST_LINES = 200
"""In a list with more lines than this only failing lines are looked at, and not its totals."""

MOST_VALUES = 80
"""A group of failures with more values than this comes from no single slip, and is left alone."""

_CODES = (
    "rule-failed",
    "computed-differs",
    "total-differs",
    "value-too-small",
    "value-too-large",
)
Place = tuple[str, str]
"""Whose check failed where: the check, and the row of the sheet or the column of the total."""


@dataclass(frozen=True)
class Sums:
    """A filing as numbers: values by `indicator!row`, and every sum that they must satisfy.

    `tests` are these and the checks of the same lines that are no sums. `factors` are by how much
    the figures of each column are too large when they are written in a unit next to its own.
    `notices` are the tests that are for information: right figures may fail them.
    """

    record: Record
    edits: tuple[Edit, ...]
    cells: Mapping[str, CellRef]
    indicators: Mapping[str, Indicator]
    pairs: tuple[tuple[str, str], ...]
    tests: tuple[Test, ...]
    factors: Mapping[str, tuple[int, ...]]
    notices: frozenset[str] = frozenset()

    @property
    def binding(self) -> "Sums":
        """The same without what is for information."""
        tests = tuple(test for test in self.tests if test.id not in self.notices)
        return replace(self, tests=tests, notices=frozenset())


def is_arithmetic(finding: Finding) -> bool:
    """Whether a finding is about the arithmetic of cells that it names."""
    return finding.code in _CODES and bool(finding.cells)


def is_told_apart(finding: Finding) -> bool:
    """Whether a finding is about arithmetic and one place, and not about many lines at once."""
    return is_arithmetic(finding) and finding.lines == 1


def place_of(finding: Finding) -> Place:
    """Where the check of a finding failed; of one about many lines, the first of them."""
    if finding.code == "total-differs":
        return str(finding.rule), str(finding.indicator)
    return str(finding.rule), finding.cells[0].address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def led_by(filing: str, sums: Sums) -> Sums:
    """The same sums, the names of values and tests led by that of their filing."""

    def led(name: str) -> str:
        return f"{filing}/{name}"

    own = {edit.id for edit in sums.edits}
    edits = tuple(
        replace(edit, id=led(edit.id), terms={led(n): f for n, f in edit.terms.items()})
        for edit in sums.edits
    )
    rest = (_led(test, led) for test in sums.tests if test.id not in own)
    return Sums(
        {led(name): value for name, value in sums.record.items()},
        edits,
        {led(name): cell for name, cell in sums.cells.items()},
        {led(name): indicator for name, indicator in sums.indicators.items()},
        tuple((led(one), led(other)) for one, other in sums.pairs),
        (*map(as_test, edits), *rest),
        {led(column): factors for column, factors in sums.factors.items()},
        frozenset(map(led, sums.notices)),
    )


def _led(test: Test, led: Callable[[str], str]) -> Test:
    names = {name: led(name) for name in test.names}

    def own(record: Record) -> Record:
        return {name: record[full] for name, full in names.items()}

    return Test(
        led(test.id),
        frozenset(names.values()),
        test.equal,
        lambda record: test.holds(own(record)),
        lambda record: test.gap(own(record)),
    )


def sums_of(
    form: Form, filing: Filing, places: Collection[Place], units: Mapping[str, Unit]
) -> Sums:
    """A filing as record and edits; of a long list, the lines of `places` alone."""
    numeric = [i for i in form.indicators if i.numeric and not i.personal]
    lines = records(filing.frame, form, provenance=True)
    short = len(lines) <= MOST_LINES
    if not short:
        lines = [line for line in lines if str(line[ROW]) in {row for _, row in places}]
    values = [(indicator, line) for line in lines for indicator in numeric]
    record = {_name_of(i, line): _number(line[i.name]) for i, line in values}
    indicators = {_name_of(i, line): i for i, line in values}
    cells = {
        _name_of(i, line): filing.cell(i.name, int(str(line[ROW])))
        for i, line in values
        if i.name in filing.columns
    }
    totals = {value_name(t.indicator, TOTAL): t for t in _totals(form, filing)} if short else {}
    record |= {name: total.value for name, total in totals.items()}
    indicators |= {name: form[total.indicator] for name, total in totals.items()}
    cells |= {name: total.cell for name, total in totals.items()}
    added_up = (i for n in totals if (i := indicators[n]).aggregation == "sum")
    edits = [
        *(edit for check in _settled(form) for edit in _line_edits(check, lines)),
        *(_total_edit(form, indicator, lines) for indicator in added_up),
    ]
    known = tuple(edit for edit in edits if all(name in record for name in edit.terms))
    tests = (
        *map(as_test, known),
        *_no_sums(form, lines, {edit.id for edit in known}),
        *_ratio_totals(form, lines, record),
    )
    return Sums(
        record,
        known,
        cells,
        indicators,
        tuple(_pairs(numeric, [str(line[ROW]) for line in lines], record)),
        tests,
        factors={i.name: next_units(i.unit, units) for i in numeric},
        notices=_notices(form, tests),
    )


def _totals(form: Form, filing: Filing) -> Iterator[Total]:
    """The written totals that are sums, or quotients of sums."""
    for total in filing.totals:
        indicator = form[total.indicator]
        if indicator.aggregation in ("sum", "ratio") and not indicator.personal:
            yield total


def _settled(form: Form) -> list[Check]:
    """The checks of lines that counties know: what is on trial says nothing to them of a cause."""
    return [check for check in line_checks(form) if not check.trial]


def as_test(edit: Edit) -> Test:
    """A sum as a test like any other."""
    return Test(edit.id, frozenset(edit.terms), edit.equal, edit.holds, edit.gap)


def _name_of(indicator: Indicator, line: Line) -> str:
    return value_name(indicator.name, str(line[ROW]))


def _number(value: Value | None) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _pairs(
    numeric: Sequence[Indicator], rows: Sequence[str], record: Record
) -> Iterator[tuple[str, str]]:
    """Neighbouring columns of one unit that people fill in, on each line, then their totals."""
    for one, other in pairwise(i for i in numeric if i.computed is None):
        for row in (*rows, TOTAL) if one.unit == other.unit else ():
            pair = value_name(one.name, row), value_name(other.name, row)
            if record.keys() >= {*pair}:
                yield pair


def _no_sums(form: Form, lines: Sequence[Line], sums: Set[str]) -> Iterator[Test]:
    """What is no sum on each line: products, quotients, comparisons with words."""
    for check in _settled(form):
        statement = check.relation
        if statement is None or check.kind not in ("rule", "formula"):
            continue
        for line in lines:
            row = str(line[ROW])
            name = edit_id(check.id, row)
            if name not in sums and statement.comparison.comparator != "!=":
                cells = {value_name(n, row): n for n in statement.operands}
                yield line_test(name, statement, line, cells)


def _ratio_totals(form: Form, lines: Sequence[Line], record: Record) -> Iterator[Test]:
    """The written totals of quotients, of which all columns are at hand."""
    cells = {
        i.name: [value_name(i.name, str(line[ROW])) for line in lines] for i in form.indicators
    }
    for indicator in form.indicators:
        total = value_name(indicator.name, TOTAL)
        if indicator.aggregation == "ratio" and total in record:
            name = edit_id(totals_check(form).id, indicator.name)
            yield ratio_total(name, form, indicator, total, cells)


def _notices(form: Form, tests: Iterable[Test]) -> frozenset[str]:
    """The tests that are for information."""
    checks = {check.id for check in _settled(form) if check.severity is Severity.NOTICE}
    return frozenset(test.id for test in tests if test.id.partition("@")[0] in checks)


def _line_edits(check: Check, lines: Sequence[Line]) -> Iterator[Edit]:
    """A check that compares sums, on each line on which its condition is satisfied."""
    statement = check.relation
    if statement is None or check.kind not in ("rule", "formula", "minimum", "maximum"):
        return
    try:
        edit = Edit.of(check.id, statement.comparison)
    except ValueError:
        return  # products, quotients and words are no sums
    reach = sum(
        (abs(f) * statement.half_widths.get(n, Decimal(0)) for n, f in edit.terms.items()),
        Decimal(0),
    )
    for line in lines:
        if statement.condition is None or holds(statement.condition, line, {}):
            row = str(line[ROW])
            terms = {value_name(name, row): factor for name, factor in edit.terms.items()}
            yield replace(edit, id=edit_id(check.id, row), terms=terms, tolerance=reach)


def _total_edit(form: Form, indicator: Indicator, lines: Sequence[Line]) -> Edit:
    terms = {value_name(indicator.name, str(line[ROW])): Decimal(1) for line in lines}
    return Edit(
        id=edit_id(totals_check(form).id, indicator.name),
        terms={**terms, value_name(indicator.name, TOTAL): Decimal(-1)},
        tolerance=indicator.half_width * (len(lines) + 1),
    )
