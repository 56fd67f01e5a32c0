"""The figures of a county, worked out from the lines of its filings.

A figure is what the consolidated table shows for one county. The warehouse works it out of what
was accepted; here it is worked out of a filing that is being checked, to the same value.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.expression import linear
from schemas.filing import Filing, records
from schemas.measures import Condition, Measure
from schemas.models import Form, Indicator, Scheme
from schemas.period import Period
from schemas.relations import Sources, spoken_of
from schemas.tabulate import Line, tabulated


@dataclass(frozen=True)
class Source:
    """Whose figure it is and of when: one form of one county for one period."""

    form: str
    county: str
    period: str

    @classmethod
    def of(cls, filing: Filing) -> "Source":
        """The source that a filing is."""
        return cls(filing.form, filing.county, filing.period)


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


def wanted(scheme: Scheme, filings: Sequence[Filing]) -> set[tuple[Source, Measure]]:
    """Every figure that the relations of some filings speak of and that is not in one of them."""
    calendar = {entry.id for entry in scheme.periods}
    came = {Source.of(filing) for filing in filings}
    sources = Sources(scheme)
    figures = {
        (Source(operand.form.name, filing.county, source.id), operand.measure)
        for filing in filings
        for relation in scheme.at(Period.parse(filing.period)).relations
        if relation.form == filing.form
        for name in spoken_of(relation)
        for operand, source in sources.of(name, Period.parse(filing.period))
        if source.id in calendar
    }
    return {(source, measure) for source, measure in figures if source not in came}


def figure(measure: Measure, form: Form, frame: pd.DataFrame) -> Figure:
    """A figure of a county from the frame of its filing."""
    chosen = frame[matching(form, frame, measure.where)]
    lines = _plain_lines(measure, form, chosen)
    gaps = any(line[name] is None for line in lines for name in _made_of(measure))
    unclear = any(frame[name].isna().any() for name, _ in measure.where)
    return Figure(
        value=tabulated(measure, lines),
        reach=reach(measure, form, len(lines)),
        complete=not (gaps or unclear),
    )


def _plain_lines(measure: Measure, form: Form, frame: pd.DataFrame) -> list[Line]:
    """The lines of a frame as plain values, with the columns that a measure speaks of."""
    conditions = (name for name, _ in (*measure.where, *(measure.share or ())))
    names = dict.fromkeys((*_made_of(measure), *conditions))
    if not names:
        return [{}] * len(frame)
    part = form.model_copy(update={"indicators": tuple(form[name] for name in names)})
    return list(records(frame, part))


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
    """Which lines of a frame belong to a measure."""
    belongs = np.ones(len(frame), dtype=bool)
    for name, value in where:
        wanted = int(value) if form[name].kind == "integer" else value
        belongs &= (frame[name] == wanted).to_numpy(dtype=bool, na_value=False)
    return belongs


def _made_of(measure: Measure) -> tuple[str, ...]:
    """The columns whose cells make a figure; none where lines are counted."""
    if measure.share is not None:
        return tuple(name for name, _ in measure.share)
    if measure.ratio is not None:
        return (*{**linear(measure.ratio.numerator), **linear(measure.ratio.denominator)},)
    return () if measure.indicator is None else (measure.indicator,)


def _indicator(measure: Measure, form: Form) -> Indicator:
    assert measure.indicator is not None, measure.name
    return form[measure.indicator]
