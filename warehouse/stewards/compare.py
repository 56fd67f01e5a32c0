"""What counties report against what it should equal: plans, allotments, registers, other forms.

Every rule between forms that states an equality is a comparison. Its municipal difference is the
sum of those of the counties, and each of these has its cause.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from sqlalchemy import Connection, select

from schemas.consolidated.figures import Figure, Source
from schemas.consolidated.measures import Measure
from schemas.consolidated.relations import Operand, Sources, spoken_of
from schemas.language import expression
from schemas.language.expression import Comparator, Comparison, Node
from schemas.language.linear import linear
from schemas.language.references import Reference
from schemas.models import Form, OrgUnit, Relation
from schemas.period import Period
from warehouse.consolidation.comparisons import Against, ComparedFigure, DifferenceCause
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable, PublicationContents
from warehouse.consolidation.figures import accepted_figures
from warehouse.consolidation.since_published import against_last_publication
from warehouse.consolidation.standings import Standing, Standings
from warehouse.mart import tables
from warehouse.stewards.against_counties import against_counties


def comparisons(connection: Connection, contents: PublicationContents) -> Iterator[ComparedFigure]:
    """Every comparison of the forms of which something is in: county by county, and their sum.

    So is what the city states of them in its report, and what was published last, where that was
    something else.
    """
    yield from _Comparisons(connection, contents).all()
    yield from against_counties(connection, contents)
    yield from against_last_publication(contents)


Values = Mapping[str, Figure]

_HOLDS: Mapping[Comparator, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


class _Comparisons:
    def __init__(self, connection: Connection, contents: PublicationContents) -> None:
        self._connection = connection
        self._contents = contents
        self._standings = Standings(contents)
        self._sources = Sources(contents.scheme.whole)
        self._tables = {
            table.form.name: table
            for table in contents.tables
            if table.reported and not table.form.of_municipality
        }

    def all(self) -> Iterator[ComparedFigure]:
        for relation in self._relations:
            table = self._tables[relation.form]
            found = [self._one(relation, table, row) for row in table.owing]
            yield from found
            stated, expected = (
                _sum(one.stated for one in found),
                _sum(one.expected for one in found),
            )
            city = self._contents.scheme.municipality
            yield self._compared(relation, city, stated, expected, DifferenceCause.COUNTIES)

    @cached_property
    def _relations(self) -> list[Relation]:
        """The rules that state an equality of figures."""
        return [
            relation
            for relation in self._contents.scheme.relations
            if relation.by is None
            and relation.comparison.comparator == "="
            and relation.form in self._tables
            and _adds_up(relation)
        ]

    def _one(
        self, relation: Relation, table: ConsolidatedTable, row: ConsolidatedRow
    ) -> ComparedFigure:
        values = self._values(relation, row.unit)
        stated = _value(relation.comparison.left, values)
        expected = _value(relation.comparison.right, values)
        if not _applies(relation.condition, values):
            expected = None
        cause = self._cause(relation, table, row, stated, expected, values)
        return self._compared(relation, row.unit, stated, expected, cause)

    def _compared(
        self,
        relation: Relation,
        unit: OrgUnit,
        stated: Decimal | None,
        expected: Decimal | None,
        cause: DifferenceCause,
    ) -> ComparedFigure:
        return ComparedFigure(
            rule=relation.id,
            form=self._tables[relation.form].form,
            label=relation.label,
            against=_against(relation),
            against_form=self._against_form(relation),
            unit=unit,
            stated=stated,
            expected=expected,
            cause=cause,
        )

    def _against_form(self, relation: Relation) -> Form | None:
        """The form that the other side of a rule speaks of first."""
        for reference in _references(relation):
            return self._contents.scheme.whole.form(reference.form)
        return None

    def _cause(
        self,
        relation: Relation,
        table: ConsolidatedTable,
        row: ConsolidatedRow,
        stated: Decimal | None,
        expected: Decimal | None,
        values: Values,
    ) -> DifferenceCause:
        if not row.reported:
            refused = self._standings.of(table, row) is Standing.REFUSED
            return DifferenceCause.REFUSED if refused else DifferenceCause.LATE
        if stated is None or expected is None:
            return DifferenceCause.COVERAGE
        if stated == expected:
            return DifferenceCause.AGREES
        left_open = _left_open(relation.comparison, values)
        if abs(stated - expected) <= left_open:
            return DifferenceCause.ROUNDING
        earlier = self._published_before(relation, row.unit)
        agreed = any(abs(was - expected) <= left_open for was in earlier)
        return DifferenceCause.REVISED if agreed else DifferenceCause.DIFFERS

    def _published_before(self, relation: Relation, unit: OrgUnit) -> Iterable[Decimal]:
        """What was published earlier of the figure that a rule judges, where it is one."""
        match relation.comparison.left:
            case expression.Name(name) if (figure := Reference.parse(name).figure) is not None:
                return self._earlier.get((relation.form, unit.code, figure), ())
        return ()

    def _values(self, relation: Relation, unit: OrgUnit) -> Values:
        """The figures a rule speaks of, each from the best of the periods where it is known."""
        found = {}
        for name in spoken_of(relation):
            for operand, period in self._of(name):
                source = Source(operand.form.name, unit.code, period.id)
                if (figure := self._figures.get((source, operand.measure))) is not None:
                    found[name] = figure
                    break
        return found

    def _of(self, name: str) -> list[tuple[Operand, Period]]:
        known = {entry.id for entry in self._contents.scheme.periods}
        found = self._sources.of(name, self._contents.period.period)
        return [(operand, period) for operand, period in found if period.id in known]

    @cached_property
    def _figures(self) -> Mapping[tuple[Source, Measure], Figure]:
        wanted = {
            (Source(operand.form.name, row.unit.code, period.id), operand.measure)
            for relation in self._relations
            for name in spoken_of(relation)
            for operand, period in self._of(name)
            for row in self._tables[relation.form].owing
        }
        return accepted_figures(
            self._connection, self._contents.scheme.whole, wanted, self._contents.as_of
        )

    @cached_property
    def _earlier(self) -> Mapping[tuple[str, str, str], list[Decimal]]:
        """What was published of this period until now, by form, county and measure."""
        columns = tables.figures.c
        rows = self._connection.execute(
            select(columns.form, columns.county_code, columns.measure, columns.value).where(
                columns.period == self._contents.period.id,
                columns.serial < self._contents.serial,
                columns.value.is_not(None),
            )
        )
        found: dict[tuple[str, str, str], list[Decimal]] = {}
        for row in rows:
            found.setdefault((row.form, row.county_code, row.measure), []).append(row.value)
        return found


def _against(relation: Relation) -> Against:
    references = _references(relation)
    if any(reference.shift == "plan" for reference in references):
        return Against.PLAN
    if any(reference.shift is not None for reference in references):
        return Against.EARLIER
    return Against.LINES if any(reference.function for reference in references) else Against.FORM


def _references(relation: Relation) -> list[Reference]:
    return [Reference.parse(name) for name in expression.names(relation.comparison.right)]


def _value(node: Node, values: Values) -> Decimal | None:
    known = {
        name: values[name].value if name in values else None for name in expression.names(node)
    }
    return expression.number(expression.evaluate(node, known))


def _adds_up(relation: Relation) -> bool:
    """Whether both sides are sums of figures, so that the counties' make that of all."""
    try:
        linear(relation.comparison.left)
        linear(relation.comparison.right)
    except ValueError:
        return False
    return True


def _applies(condition: Comparison | None, values: Values) -> bool:
    """Whether the condition of a rule is known to hold; one without is always asked."""
    if condition is None:
        return True
    left, right = _value(condition.left, values), _value(condition.right, values)
    return left is not None and right is not None and _HOLDS[condition.comparator](left, right)


def _left_open(comparison: Comparison, values: Values) -> Decimal:
    """How far the two sides may lie apart, as precisely as their figures are stated."""
    return sum(
        (
            abs(factor) * values[name].reach
            for side in (comparison.left, comparison.right)
            for name, factor in linear(side).items()
        ),
        Decimal(0),
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None
