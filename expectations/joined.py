"""The filings of a county as one record: the cells of several forms, and the rules between them.

Each filing brings its cells and everything that must hold inside of it. A rule between forms is a
test over the cells that make its figures; a figure of which no cells are at hand, because it was
accepted earlier or stands for a long list, is one value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from expectations.diagnose.edit import Edit, Record
from expectations.diagnose.search import Test
from expectations.relation_case import RelationCase, Taken
from expectations.rule import Outcome, holds, judge, outcome
from expectations.sums import Place, Sums, as_test, edit_id, led_by, sums_of, value_name
from schemas import expression
from schemas.figures import Source, matching
from schemas.filing import ROW, Filing
from schemas.models import Form, Scheme

Parts = Mapping[str, tuple[str, ...]]
"""The cells that add up to a figure, by what the figure is called in the rule."""


@dataclass(frozen=True)
class Joined:
    """The cells of several filings, and all that must hold of them.

    `sums` is what can be said in cells, other figures being as they are. `open` are the rules
    between forms that are sums, with those `figures` as values too. `cases` are the rules by the
    ids of their tests, `filings` and `forms` the filings by what leads the names of their values.
    """

    sums: Sums
    open: tuple[Edit, ...]
    figures: Mapping[str, Taken]
    cases: Mapping[str, RelationCase]
    parts: Mapping[str, Parts]
    filings: Mapping[str, Filing]
    forms: Mapping[str, Form]


def case_name(case: RelationCase) -> str:
    """The id of the test that a rule between forms is."""
    return edit_id(case.relation.id, case.filing.name)


def figure_name(taken: Taken) -> str:
    """What a figure is called that is one value: no column of a form has such a name."""
    measure, source = taken.operand.measure, taken.source
    return value_name(f"{source.form}@{source.period}/={measure.name}", str(measure.where))


def joined(
    scheme: Scheme,
    filings: Mapping[str, tuple[Form, Filing]],
    cases: Sequence[RelationCase],
    places: Mapping[str, Sequence[Place]],
) -> Joined:
    """Filings by their names as one record, with the rules between them.

    `places` are where the checks of a filing failed; of a long list those lines alone are cells.
    """
    each = [
        led_by(name, sums_of(form, filing, places.get(name, ()), scheme.units))
        for name, (form, filing) in filings.items()
    ]
    own = _together(each)
    building = _Building(own, {name: filing for name, (_, filing) in filings.items()})
    for case in cases:
        building.add(case)
    return Joined(
        Sums(
            own.record,
            (*own.edits, *building.edits),
            own.cells,
            own.indicators,
            own.pairs,
            (*own.tests, *building.tests),
            own.factors,
        ),
        tuple(building.open),
        building.figures,
        building.cases,
        building.parts,
        building.filings,
        {name: form for name, (form, _) in filings.items()},
    )


def _together(each: Sequence[Sums]) -> Sums:
    return Sums(
        {name: value for one in each for name, value in one.record.items()},
        tuple(edit for one in each for edit in one.edits),
        {name: cell for one in each for name, cell in one.cells.items()},
        {name: indicator for one in each for name, indicator in one.indicators.items()},
        tuple(pair for one in each for pair in one.pairs),
        tuple(test for one in each for test in one.tests),
        {column: factors for one in each for column, factors in one.factors.items()},
    )


@dataclass
class _Building:
    """What rules between forms add to the cells of the filings."""

    own: Sums
    filings: Mapping[str, Filing]
    edits: list[Edit] = field(default_factory=list)
    open: list[Edit] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    figures: dict[str, Taken] = field(default_factory=dict)
    cases: dict[str, RelationCase] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)

    def add(self, case: RelationCase) -> None:
        """Add a rule, unless it does not apply or a figure of it is unknown or a count of lines."""
        statement, name = case.statement, case_name(case)
        if outcome(statement, case.line) not in (Outcome.PASS, Outcome.FAIL):
            return
        compared = expression.names(statement.comparison)
        if any(case.taken[n].operand.measure.aggregation == "count" for n in compared):
            return
        parts = {n: cells for n in compared if (cells := self._cells(case.taken[n]))}
        if not parts:
            return
        self.cases[name], self.parts[name] = case, parts
        try:
            edit = Edit.of(name, statement.comparison)
        except ValueError:  # products and quotients of figures are no sums
            self.tests.append(_test(name, case, parts))
            return
        self._add_sum(edit, case, parts)

    def _add_sum(self, edit: Edit, case: RelationCase, parts: Parts) -> None:
        reach = sum(
            (abs(f) * case.taken[n].figure.reach for n, f in edit.terms.items()), Decimal(0)
        )
        terms: dict[str, Decimal] = {}
        unopened: dict[str, Decimal] = {}
        bound = known = edit.bound
        for name, factor in edit.terms.items():
            value = case.line[name]
            assert value is not None, name
            for cell in parts.get(name, ()):
                terms[cell] = terms.get(cell, Decimal(0)) + factor
            if name not in parts:
                known -= factor * value
                if figure := self._figure(case, name):
                    unopened[figure] = unopened.get(figure, Decimal(0)) + factor
                else:
                    bound -= factor * value
        closed = Edit(edit.id, terms, known, edit.equal, edit.strict, reach)
        self.edits.append(closed)
        self.tests.append(as_test(closed))
        both = {**terms, **unopened}
        self.open.append(Edit(edit.id, both, bound, edit.equal, edit.strict, reach))

    def _figure(self, case: RelationCase, name: str) -> str | None:
        """What a figure without cells is called; None where it is certain: the city has set it."""
        taken = case.taken[name]
        measure = taken.operand.measure
        if taken.operand.form.of_municipality or measure.aggregation not in ("sum", "county"):
            return None
        self.figures[figure_name(taken)] = taken
        return figure_name(taken)

    def _cells(self, taken: Taken) -> tuple[str, ...]:
        """The names of the cells that add up to a figure; none where they are not at hand."""
        filing, measure = taken.filing, taken.operand.measure
        if filing is None or taken.source != Source.of(filing):
            return ()
        if measure.indicator is None or measure.ratio is not None:
            return ()
        lines = filing.frame[matching(taken.operand.form, filing.frame, measure.where)]
        column = f"{filing.name}/{measure.indicator}"
        names = tuple(value_name(column, str(row)) for row in lines[ROW].tolist())
        values = [self.own.record.get(name) for name in names]
        stated = sum((value for value in values if value is not None), Decimal(0))
        complete = all(name in self.own.cells for name in names) and None not in values
        added = measure.aggregation == "sum" or len(names) == 1
        return names if complete and added and stated == taken.figure.value else ()


def _test(name: str, case: RelationCase, parts: Parts) -> Test:
    """A rule between forms that is no sum."""
    statement = case.statement

    def line(record: Record) -> dict[str, Decimal | None]:
        found = dict(case.line)
        for operand, cells in parts.items():
            values = [value for cell in cells if (value := record[cell]) is not None]
            found[operand] = sum(values, Decimal(0)) if len(values) == len(cells) else None
        return found

    return Test(
        name,
        frozenset(cell for cells in parts.values() for cell in cells),
        statement.comparison.comparator == "=",
        lambda record: holds(statement.comparison, line(record), statement.half_widths),
        lambda record: judge(statement, line(record)).difference,
    )
