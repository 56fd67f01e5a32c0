"""A rule between forms over the cells that make its figures.

A figure of which no cells are at hand, because it was accepted earlier or is the sum of a long
list, is one value; what the city has set is certain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from expectations.diagnose.edit import Edit, Record
from expectations.diagnose.search import Test
from expectations.records.names import edit_id, value_name
from expectations.records.sums import as_test
from expectations.relation_case import RelationCase, Taken
from expectations.rule import Outcome, holds, judge, outcome
from schemas.consolidated.figures import Source, matching
from schemas.filing import ROW
from schemas.language import expression

Parts = Mapping[str, tuple[str, ...]]
"""The cells that add up to a figure, by what the figure is called in the rule."""

_ADDED_UP = ("sum", "county")


@dataclass(frozen=True)
class Spanning:
    """A rule between forms as a test of cells.

    Where it compares sums, `closed` is it with figures without cells as they are, and `open` with
    those of them that may be wrong as values, the `figures`.
    """

    case: RelationCase
    parts: Parts
    test: Test
    closed: Edit | None
    open: Edit | None
    figures: Mapping[str, Taken]

    @property
    def counts(self) -> bool:
        """Whether lines are counted in what it compares."""
        compared = (self.case.taken[name] for name in expression.names(self.statement))
        return any(taken.operand.measure.aggregation == "count" for taken in compared)

    @property
    def statement(self) -> expression.Comparison:
        """What must hold."""
        return self.case.statement.comparison


def test_id(case: RelationCase) -> str:
    """The id of the test that a rule between forms is of a filing."""
    return edit_id(case.relation.id, case.filing.name)


def figure_name(taken: Taken) -> str:
    """What a figure is called that is one value: no column of a form has such a name."""
    measure, source = taken.operand.measure, taken.source
    return value_name(f"{source.form}@{source.period}/={measure.name}", str(measure.where))


def spanning(case: RelationCase, cells: Record) -> Spanning | None:
    """A rule over cells; None where it is not asked, or has no cells.

    How many lines there are is no number that a correction could change.
    """
    if outcome(case.statement, case.line) not in (Outcome.PASS, Outcome.FAIL):
        return None
    compared = expression.names(case.statement.comparison)
    parts = {name: own for name in compared if (own := _cells(case.taken[name], cells))}
    if not parts:
        return None
    try:
        stated = Edit.of(test_id(case), case.statement.comparison)
    except ValueError:  # products and quotients of figures are no sums
        return Spanning(case, parts, _test(case, parts), None, None, {})
    uncertain = (case.taken[name] for name in compared if name not in parts)
    figures = {figure_name(taken): taken for taken in uncertain if _may_be_wrong(taken)}
    closed = _edit(stated, case, parts, {})
    return Spanning(
        case, parts, as_test(closed), closed, _edit(stated, case, parts, figures), figures
    )


def _edit(stated: Edit, case: RelationCase, parts: Parts, figures: Mapping[str, Taken]) -> Edit:
    """A sum of figures as one of cells, and of some figures; the others are part of its bound."""
    terms: dict[str, Decimal] = {}
    bound, reach = stated.bound, Decimal(0)
    for name, factor in stated.terms.items():
        taken, value = case.taken[name], case.line[name]
        assert value is not None, name
        reach += abs(factor) * taken.figure.reach
        own = (figure_name(taken),) if figure_name(taken) in figures else ()
        for part in parts.get(name, own):
            terms[part] = terms.get(part, Decimal(0)) + factor
        if name not in parts and not own:
            bound -= factor * value
    return Edit(stated.id, terms, bound, stated.equal, stated.strict, reach)


def _may_be_wrong(taken: Taken) -> bool:
    of_city = taken.operand.form.of_municipality
    return taken.operand.measure.aggregation in _ADDED_UP and not of_city


def _cells(taken: Taken, cells: Record) -> tuple[str, ...]:
    """The names of the cells that add up to a figure; none where they are not at hand."""
    filing, measure = taken.filing, taken.operand.measure
    if filing is None or taken.source != Source.of(filing):
        return ()
    if measure.indicator is None or measure.ratio is not None:
        return ()
    lines = filing.frame[matching(taken.operand.form, filing.frame, measure.where)]
    column = f"{filing.name}/{measure.indicator}"
    names = tuple(value_name(column, str(row)) for row in lines[ROW].tolist())
    stated = [value for name in names if (value := cells.get(name)) is not None]
    added_up = measure.aggregation in _ADDED_UP or len(names) == 1
    whole = len(stated) == len(names) and sum(stated, Decimal(0)) == taken.figure.value
    return names if added_up and whole else ()


def _test(case: RelationCase, parts: Parts) -> Test:
    """A rule between forms that is no sum."""
    statement = case.statement

    def line(record: Record) -> dict[str, Decimal | None]:
        found = dict(case.line)
        for operand, cells in parts.items():
            values = [value for cell in cells if (value := record[cell]) is not None]
            found[operand] = sum(values, Decimal(0)) if len(values) == len(cells) else None
        return found

    return Test(
        test_id(case),
        frozenset(cell for cells in parts.values() for cell in cells),
        statement.comparison.comparator == "=",
        lambda record: holds(statement.comparison, line(record), statement.half_widths),
        lambda record: judge(statement, line(record)).difference,
    )
