"""The figures of a county, worked out from the lines of its filings.

A figure is what the consolidated table shows for one county. The warehouse works it out of what
was accepted; here it is worked out of a filing that is being checked, to the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from schemas.consolidated.across import Held
from schemas.consolidated.change import series_of
from schemas.consolidated.measures import Condition, Measure
from schemas.consolidated.relations import Sources, spoken_of
from schemas.consolidated.tabulate import tabulated
from schemas.filing import Filing, column_of, plain_column
from schemas.language.expression import Line, Value
from schemas.models import MUNICIPALITY, Form, Indicator, OrgUnit, Scheme
from schemas.period import Period

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True)
class Source:
    """Whose figure it is and of when: one form of one county for one period.

    In a form that the municipality files, the figure of a county is that of its lines.
    """

    form: str
    county: str
    period: str

    @classmethod
    def of(cls, filing: Filing) -> Source:
        """The source that a filing is."""
        return cls(filing.form, filing.county, filing.period)

    def filed(self, scheme: Scheme) -> Source:
        """The filing in which the figure stands."""
        filer = scheme.filer(scheme.form(self.form), scheme.county(self.county))
        return replace(self, county=filer.code)


@dataclass(frozen=True)
class Figure:
    """A figure and how far the true one may lie from it, as precisely as its lines are stated.

    `value` is None where the cells it is made of are blank; it is not `complete` where some are.
    """

    value: Decimal | None
    reach: Decimal
    complete: bool = True


Figures = Mapping[tuple[Source, Measure], Figure]
"""What is known of the figures of counties."""


@dataclass(frozen=True)
class Accepted:
    """What is accepted of other forms, periods and counties that filings are compared with.

    `filings` have the columns only that rules for each value of a key speak of; `held` is what
    stands in columns whose values belong to one county each.
    """

    figures: Figures = field(default_factory=dict)
    filings: tuple[Filing, ...] = ()
    held: Held = field(default_factory=Held)


def wanted_lines(scheme: Scheme, filings: Sequence[Filing]) -> Mapping[Source, frozenset[str]]:
    """The filings with whose lines those of some are compared, and their columns that are read.

    Those among `filings` are left out.
    """
    came, sources = {Source.of(filing) for filing in filings}, Sources(scheme)
    found: dict[Source, frozenset[str]] = {}
    for filing in filings:
        period = Period.parse(filing.period)
        for relation in scheme.at(period).relations:
            if relation.form != filing.form or relation.by is None:
                continue
            for operand, at in (
                each for n in spoken_of(relation) for each in sources.of(n, period)
            ):
                source = Source(operand.form.name, filing.county, at.id).filed(scheme)
                conditions = (name for name, _ in operand.measure.where)
                names = {relation.by, *columns_of(operand.measure), *conditions}
                found[source] = found.get(source, frozenset()) | names
    return {source: names for source, names in found.items() if source not in came}


def wanted(scheme: Scheme, filings: Sequence[Filing]) -> set[tuple[Source, Measure]]:
    """Every figure that some filings are compared with and that is not in one of them."""
    came, sources = {Source.of(filing) for filing in filings}, Sources(scheme)
    changes = _of_changes(scheme, filings, sources)
    in_others = {(source, what) for source, what in changes if source.filed(scheme) not in came}
    return wanted_between(scheme, filings) | in_others


def wanted_between(scheme: Scheme, filings: Sequence[Filing]) -> set[tuple[Source, Measure]]:
    """Those of them that the rules between forms speak of."""
    calendar = {entry.id for entry in scheme.periods}
    came, sources = {Source.of(filing) for filing in filings}, Sources(scheme)
    figures = {
        (Source(operand.form.name, filing.county, source.id), operand.measure)
        for filing in filings
        for relation in scheme.at(Period.parse(filing.period)).relations
        if relation.form == filing.form and relation.by is None
        for name in spoken_of(relation)
        for operand, source in sources.of(name, Period.parse(filing.period))
        if source.id in calendar
    }
    return {(source, measure) for source, measure in figures if source.filed(scheme) not in came}


def _of_changes(
    scheme: Scheme, filings: Sequence[Filing], sources: Sources
) -> set[tuple[Source, Measure]]:
    """Those of every county, now and before, where there is a period before in the calendar."""
    calendar = {entry.id for entry in scheme.periods}
    found: set[tuple[Source, Measure]] = set()
    for name, period_id in {(filing.form, filing.period) for filing in filings}:
        period = Period.parse(period_id)
        then = scheme.at(period)
        for series in series_of(then.form(name), then):
            before = [(o, p) for o, p in sources.of(series.before, period) if p.id in calendar]
            compared = [*before, *sources.of(series.now, period)] if before else []
            found |= {
                (Source(name, unit.code, at.id), operand.measure)
                for operand, at in compared
                for unit in then.owing(then.form(name), period)
            }
    return found


def of_county(measure: Measure, form: Form, county: OrgUnit) -> Measure:
    """A measure over the lines of a county, in a filing of which they may be some only."""
    if form.county_column is None or MUNICIPALITY in county.groups:
        return measure
    return replace(measure, where=(*measure.where, (form.county_column, county.code)))


class Lines:
    """The lines of a filing, whose columns are made plain values when they are first asked for."""

    def __init__(self, form: Form, frame: pd.DataFrame) -> None:
        self.form = form
        self._count = len(frame)
        self._made: Callable[[str], list[Value | None]] = lambda n: plain_column(frame, form[n])
        self._columns: dict[str, list[Value | None]] = {}
        self._blank: dict[str, bool] = {}
        self._where: dict[str, dict[Value | None, list[int]]] = {}

    @classmethod
    def of_each(cls, form: Form, frames: Sequence[pd.DataFrame]) -> list[Lines]:
        """The lines of many filings of a form, whose columns are made plain values together."""
        every = [cls(form, frame) for frame in frames]
        ends = [0, *accumulate(len(frame) for frame in frames)]

        @cache
        def column(name: str) -> list[Value | None]:
            return plain_column(column_of(frames, name).to_frame(), form[name])

        def part(first: int, end: int, name: str) -> list[Value | None]:
            return column(name)[first:end]

        for lines, mine in zip(every, pairwise(ends), strict=True):
            lines._made = partial(part, *mine)
        return every

    def column(self, name: str) -> list[Value | None]:
        """The cells of a column."""
        if name not in self._columns:
            self._columns[name] = self._made(name)
        return self._columns[name]

    def has_blanks(self, name: str) -> bool:
        """Whether a cell of a column is blank."""
        if name not in self._blank:
            self._blank[name] = None in self.column(name)
        return self._blank[name]

    def chosen(self, where: Sequence[Condition], names: Iterable[str]) -> list[Line]:
        """Those lines that satisfy conditions, with some of their columns."""
        with_each = [self._lines_with(name).get(value, []) for name, value in where]
        chosen: Sequence[int] = min(with_each, key=len, default=range(self._count))
        for name, value in where:
            cells = self.column(name)
            chosen = [n for n in chosen if cells[n] == value]
        columns = {name: self.column(name) for name in names}
        return [{name: cells[n] for name, cells in columns.items()} for n in chosen]

    def _lines_with(self, name: str) -> dict[Value | None, list[int]]:
        """The lines by what stands in a column; of a filing of the city, each county asks."""
        if name not in self._where:
            found: dict[Value | None, list[int]] = {}
            for number, value in enumerate(self.column(name)):
                found.setdefault(value, []).append(number)
            self._where[name] = found
        return self._where[name]


def figure(measure: Measure, lines: Lines) -> Figure:
    """A figure of a county from the lines of its filing."""
    conditions = (name for name, _ in (*measure.where, *(measure.share or ())))
    parts = columns_of(measure)
    chosen = lines.chosen(measure.where, dict.fromkeys((*parts, *conditions)))
    gaps = any(line[name] is None for line in chosen for name in parts)
    unclear = any(lines.has_blanks(name) for name, _ in measure.where)
    return Figure(
        value=tabulated(measure, chosen),
        reach=reach(measure, lines.form, len(chosen)),
        complete=not (gaps or unclear),
    )


def reach(measure: Measure, form: Form, lines: int) -> Decimal:
    """How far a figure that is made of so many lines may lie from the true one."""
    match measure.aggregation:
        case "count":
            return Decimal(0)
        case "ratio" | "share":
            return Decimal(5).scaleb(-measure.decimals - 1)
        case "sum":
            return lines * _indicator(measure, form).half_width
    return _indicator(measure, form).half_width


def matching(
    form: Form, frame: pd.DataFrame, where: tuple[Condition, ...]
) -> npt.NDArray[np.bool_]:
    """For each line of a frame whether it satisfies the conditions of a measure."""
    import numpy as np

    belongs = np.ones(len(frame), dtype=bool)
    for name, value in where:
        wanted = int(value) if form[name].kind == "integer" else value
        belongs &= (frame[name] == wanted).to_numpy(dtype=bool, na_value=False)
    return belongs


def columns_of(measure: Measure) -> tuple[str, ...]:
    """The columns whose cells make a figure; none where lines are counted."""
    if measure.share is not None:
        return tuple(name for name, _ in measure.share)
    if measure.ratio is not None:
        return measure.ratio.operands
    return () if measure.indicator is None else (measure.indicator,)


def _indicator(measure: Measure, form: Form) -> Indicator:
    assert measure.indicator is not None, measure.name
    return form[measure.indicator]
