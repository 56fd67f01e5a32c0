"""From a published figure back to the cells it is made of, with the proof that they add up."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Table, literal, select

from schemas.errors import WarehouseError
from schemas.filing import Places
from schemas.findings import CellRef
from schemas.measures import PART, WHOLE, Condition, Measure, measures, recompute
from schemas.models import Form, OrgUnit, PeriodEntry, Scheme
from schemas.text import Text
from warehouse.consolidate import consolidated_table, matching, operands
from warehouse.form_tables import line_table, pseudonym_of, pseudonym_table
from warehouse.rows import places_of
from warehouse.tables import filings, submissions, typed
from warehouse.terms import live_at
from warehouse.types import UtcDateTime


@dataclass(frozen=True)
class TracedCell:
    """A cell and what it adds: its number, or 1 for each line where lines are counted.

    `typed` is what stands in it, where that is more than the plain number.
    """

    cell: CellRef
    value: Decimal
    typed: str | None = None


@dataclass(frozen=True)
class Share:
    """What one county's filing adds; `value` is None where none of its cells is filled in."""

    unit: OrgUnit
    file_name: str
    sha256: str
    version: int
    value: Decimal | None
    cells: tuple[TracedCell, ...]


@dataclass(frozen=True)
class Part:
    """One total that a figure is made of: the figure itself, or an operand of a ratio.

    `name` is that of the indicator, or of the form's line where lines are counted.
    """

    name: str
    label: Text
    value: Decimal | None
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Trace:
    """A figure of a county or of the municipality, and everything it is made of.

    A ratio has one part for each operand, numerator first; any other figure has one part. A rank
    has those of what is ranked. `recomputed` is the figure made again from the cells; `missing` are
    the counties that owe the form and are not in the figure.
    """

    form: Form
    measure: Measure
    period: PeriodEntry
    unit: OrgUnit
    value: Decimal | None
    recomputed: Decimal | None
    parts: tuple[Part, ...]
    missing: tuple[OrgUnit, ...]

    @property
    def adds_up(self) -> bool:
        """Whether the cells make exactly the figure."""
        return self.value == self.recomputed


def trace(
    connection: Connection,
    scheme: Scheme,
    form: Form,
    measure_name: str,
    period_id: str,
    county_code: str | None,
    as_of: datetime,
) -> Trace:
    """Trace a figure of a county, or of the municipality where no county is named.

    Raises WarehouseError when the form has no such figure in the period.
    """
    entry = scheme.period(period_id)
    scheme = scheme.at(entry.period)
    form = scheme.form(form.name)
    measure = _measure(scheme, form, measure_name)
    if measure.of_counties_only and county_code is None:
        raise WarehouseError(f"{measure_name} has no municipal figure; name a county")
    unit = scheme.municipality if county_code is None else scheme.county(county_code)
    table = consolidated_table(connection, scheme, form, period_id, as_of)
    rows = (*table.counties, table.municipality)
    row = next((row for row in rows if row.unit.code == unit.code), None)
    if row is None:
        raise WarehouseError(f"{unit.code} {unit.name.zh} was no county in {period_id}")
    of = measure if measure.ranked_by is None else _measure(scheme, form, measure.ranked_by)
    lines = _lines(connection, scheme, form, of, period_id, county_code, as_of)
    parts = tuple(_part(scheme, form, of, name, lines) for name in _names(form, of))
    recomputed = _recomputed(of, parts)
    if measure.ranked_by is not None:
        others = [other.values[of.name] for other in table.counties if other is not row]
        recomputed = _place(recomputed, others)
    return Trace(
        form=form,
        measure=measure,
        period=entry,
        unit=unit,
        value=row.values[measure_name],
        recomputed=recomputed,
        parts=parts,
        missing=tuple(
            row.unit
            for row in table.owing
            if row.reported is False and county_code in (None, row.unit.code)
        ),
    )


def columns_of(scheme: Scheme, form: Form, measure: Measure) -> tuple[str, ...]:
    """The columns whose cells make a figure; where lines are counted, that of their first key."""
    of = measure if measure.ranked_by is None else _measure(scheme, form, measure.ranked_by)
    lines = (form.line.name, PART, WHOLE)
    return tuple(
        dict.fromkeys(_anchor(form) if name in lines else name for name in _names(form, of))
    )


def _measure(scheme: Scheme, form: Form, name: str) -> Measure:
    known = measures(form, scheme)
    for measure in known:
        if measure.name == name:
            return measure
    listed = ", ".join(measure.name for measure in known)
    raise WarehouseError(f"{form.name} has no figure {name!r}; it has: {listed}")


def _names(form: Form, measure: Measure) -> tuple[str, ...]:
    if measure.ratio is not None:
        return operands(measure)
    return (measure.indicator or form.line.name,)


@dataclass(frozen=True)
class _FiledLines:
    """A live filing, those of its lines that belong to the measure, and what was typed in it."""

    filing: Row[Any]
    lines: tuple[Mapping[str, Any], ...]
    typed: Mapping[tuple[str, int], str]

    @cached_property
    def places(self) -> Places:
        """Where its values stand."""
        return places_of(self.filing)


def _lines(
    connection: Connection,
    scheme: Scheme,
    form: Form,
    measure: Measure,
    period_id: str,
    county_code: str | None,
    as_of: datetime,
) -> list[_FiledLines]:
    """The live filings that make a figure, with their lines: of one county, or of all."""
    table = line_table(form)
    named = None if county_code is None else scheme.county(county_code)
    filer = None if named is None else scheme.filer(form, named).code
    live = connection.execute(
        select(filings, submissions.c.name.label("file_name"))
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(
            filings.c.form == form.name,
            filings.c.period == period_id,
            live_at(literal(as_of, UtcDateTime())),
        )
        .order_by(filings.c.county_code)
    )
    return [
        _FiledLines(
            filing,
            _filed_lines(connection, form, measure, table, filing.id, county_code),
            _typed(connection, filing.id),
        )
        for filing in live.all()
        if filer in (None, filing.county_code)
    ]


def _filed_lines(
    connection: Connection,
    form: Form,
    measure: Measure,
    table: Table,
    filing_id: int,
    county_code: str | None,
) -> tuple[Mapping[str, Any], ...]:
    asked = select(table)
    beside = pseudonym_table(form)
    counted = [each for each in form.pseudonymous if each.name == measure.indicator]
    # Only who may count persons may read pseudonyms; a steward may trace all the rest.
    if measure.aggregation == "distinct" and counted and beside is not None:
        # What is personal is told apart here, under its own name, and never read.
        named = (beside.c[pseudonym_of(each)].label(each.name) for each in counted)
        of_line = (beside.c.filing_id == table.c.filing_id) & (beside.c.line == table.c.line)
        asked = asked.add_columns(*named).outerjoin(beside, of_line)
    rows = connection.execute(
        asked.where(table.c.filing_id == filing_id, matching(form, table, measure.where)).order_by(
            table.c.line
        )
    )
    column = form.county_column
    lines = (dict(row._mapping) for row in rows)
    return tuple(line for line in lines if not column or county_code in (None, line[column]))


def _typed(connection: Connection, filing_id: int) -> Mapping[tuple[str, int], str]:
    """What was typed, by indicator and row."""
    columns = (typed.c.indicator, typed.c.row, typed.c.text)
    rows = connection.execute(select(*columns).where(typed.c.filing_id == filing_id))
    return {(indicator, row): text for indicator, row, text in rows}


def _part(
    scheme: Scheme, form: Form, measure: Measure, name: str, filed: Iterable[_FiledLines]
) -> Part:
    if measure.share is not None and name == PART:
        filed = [replace(one, lines=_satisfying(one.lines, measure.share)) for one in filed]
    filed = list(filed)
    adding = _first_ones(filed, name) if measure.aggregation == "distinct" else filed
    shares = tuple(
        _share(scheme, form, measure, name, one, _is_known(measure, name, whole.lines))
        for whole, one in zip(filed, adding, strict=True)
    )
    counts_lines = name in (form.line.name, PART, WHOLE)
    label = form.line.label if counts_lines else form[name].label
    return Part(name, label, _combined(measure, [share.value for share in shares]), shares)


def _first_ones(filed: Iterable[_FiledLines], name: str) -> Iterator[_FiledLines]:
    """The lines on which each value of a column stands for the first time."""
    known: set[Any] = {None}
    for one in filed:
        first = {line[name]: line for line in reversed(one.lines) if line[name] not in known}
        known.update(first)
        yield replace(one, lines=tuple(sorted(first.values(), key=itemgetter("line"))))


def _satisfying(
    lines: Iterable[Mapping[str, Any]], where: Iterable[Condition]
) -> tuple[Mapping[str, Any], ...]:
    return tuple(line for line in lines if all(line[name] == value for name, value in where))


def _is_known(measure: Measure, name: str, lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what adds no cell is a zero.

    Without a line the county reported nothing, and its values may all be those of others; lines
    left blank are unknown.
    """
    if measure.aggregation in ("max", "min", "county"):
        return False
    distinct = measure.aggregation == "distinct"
    return not lines or (distinct and any(line[name] is not None for line in lines))


def _share(
    scheme: Scheme, form: Form, measure: Measure, name: str, filed: _FiledLines, known: bool
) -> Share:
    filing = filed.filing
    counted = measure.aggregation in ("count", "share", "distinct")
    of_lines = counted and measure.indicator is None
    column = _anchor(form, filed.places.columns) if of_lines else name
    cells = tuple(
        TracedCell(
            cell=filed.places.cell(column, line["row"]),
            value=Decimal(1) if counted else Decimal(line[column]),
            typed=None if counted else filed.typed.get((column, line["row"])),
        )
        for line in filed.lines
        if counted or line[column] is not None
    )
    nothing = known and not cells
    value = Decimal(0) if nothing else _combined(measure, [cell.value for cell in cells])
    return Share(
        unit=scheme.county(filing.county_code),
        file_name=filing.file_name,
        sha256=filing.sha256,
        version=filing.version,
        value=value,
        cells=cells,
    )


def _anchor(form: Form, there: Container[str] | None = None) -> str:
    """The column whose cell stands for a whole line: its first key, if need be of those there."""
    open_to_all = [i.name for i in (*form.key_indicators, *form.indicators) if not i.personal]
    return next(name for name in open_to_all if there is None or name in there)


def _combined(measure: Measure, values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    if measure.aggregation == "min":
        return min(known)
    return max(known) if measure.aggregation in ("max", "county") else sum(known, Decimal(0))


def _recomputed(measure: Measure, parts: tuple[Part, ...]) -> Decimal | None:
    if measure.ratio is None:
        return parts[0].value
    totals = {part.name: part.value for part in parts}
    return recompute(measure.ratio, totals, measure.decimals)


def _place(own: Decimal | None, others: Iterable[Decimal | None]) -> Decimal | None:
    """The place of a figure among others: one more than there are higher ones."""
    if own is None:
        return None
    return Decimal(1 + sum(other > own for other in others if other is not None))
