"""Checks that are no sums, as tests: products, quotients, words, and totals of quotients."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from expectations.diagnose.edit import Record
from expectations.diagnose.search import Test
from expectations.rule import Outcome, holds, judge, outcome
from schemas.language.expression import Comparison, Line, Name
from schemas.language.expression import names as names_in
from schemas.models import Form, Indicator
from schemas.rules.statement import Statement


def line_test(name: str, statement: Statement, line: Line, cells: Mapping[str, str]) -> Test:
    """The test called `name`, that a statement holds on a line.

    `cells` are the columns that it speaks of, by what their values are called in the record.
    """
    numbers = {cell: n for cell, n in cells.items() if isinstance(line[n], Decimal)}

    def then(record: Record) -> Line:
        return {**line, **{n: record[cell] for cell, n in numbers.items()}}

    def passes(record: Record) -> bool | None:
        return {Outcome.PASS: True, Outcome.FAIL: False}.get(outcome(statement, then(record)))

    def gap(record: Record) -> Decimal | None:
        return judge(statement, then(record)).difference

    equal = statement.comparison.comparator == "="
    return Test(name, frozenset(numbers), equal, passes, gap)


def ratio_total(
    name: str, form: Form, indicator: Indicator, total: str, cells: Mapping[str, Sequence[str]]
) -> Test:
    """The test called `name`, that a written total is the quotient of sums.

    `total` is what its value is called in the record, `cells` what those of the lines are called,
    by their columns.
    """
    assert indicator.formula is not None, indicator.name
    comparison = Comparison(Name(indicator.name), "=", indicator.formula)
    parts = {column: cells[column] for column in names_in(indicator.formula)}
    widths = {column: form[column].half_width * len(own) for column, own in parts.items()}
    statement = Statement(comparison, None, {**widths, indicator.name: indicator.half_width})

    def line(record: Record) -> dict[str, Decimal | None]:
        sums = {column: _sum([record[cell] for cell in own]) for column, own in parts.items()}
        return {**sums, indicator.name: record[total]}

    return Test(
        name,
        frozenset((total, *(cell for own in parts.values() for cell in own))),
        True,
        lambda record: holds(comparison, line(record), statement.half_widths),
        lambda record: judge(statement, line(record)).difference,
    )


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """The sum; None where a value is blank."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(values) else None
