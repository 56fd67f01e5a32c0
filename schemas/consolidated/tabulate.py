"""Figures of consolidated tables worked out over lines, as the warehouse works them out in SQL."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from schemas.consolidated.measures import PART, WHOLE, Condition, Measure, recompute
from schemas.language import expression
from schemas.language.expression import Line
from schemas.language.linear import Ratio


def tabulated(measure: Measure, lines: Sequence[Line]) -> Decimal | None:
    """A measure over the completed lines of a county, or of all; None where it is unknown.

    A rank is unknown: the lines of the other counties make it.
    """
    if measure.aggregation == "rank":
        return None
    chosen = [line for line in lines if _satisfies(line, measure.where)]
    if measure.ratio is not None:
        return recompute(measure.ratio, _parts(measure, measure.ratio, chosen), measure.decimals)
    if measure.indicator is None:
        return Decimal(len(chosen))
    if measure.aggregation == "distinct":
        return _distinct(measure.indicator, chosen)
    if measure.aggregation == "sum":
        return _sum(measure.indicator, chosen)
    extreme = min if measure.aggregation == "min" else max
    return extreme(_numbers(measure.indicator, chosen), default=None)


def _satisfies(line: Line, where: Sequence[Condition]) -> bool:
    return all(line[name] == value for name, value in where)


def _parts(measure: Measure, ratio: Ratio, lines: Sequence[Line]) -> Mapping[str, Decimal | None]:
    """The totals that a ratio is made of."""
    if measure.share is not None:
        part = sum(_satisfies(line, measure.share) for line in lines)
        return {PART: Decimal(part), WHOLE: Decimal(len(lines))}
    return {name: _sum(name, lines) for name in ratio.operands}


def _sum(indicator: str, lines: Sequence[Line]) -> Decimal | None:
    """No line at all is a zero that was reported; lines whose cells are all blank are unknown."""
    values = list(_numbers(indicator, lines))
    return sum(values, Decimal(0)) if values or not lines else None


def _distinct(indicator: str, lines: Sequence[Line]) -> Decimal | None:
    """How many different values there are; unknown where all cells are blank."""
    values = {line[indicator] for line in lines} - {None}
    return Decimal(len(values)) if values or not lines else None


def _numbers(indicator: str, lines: Sequence[Line]) -> Iterator[Decimal]:
    stated = (expression.number(line[indicator]) for line in lines)
    return (value for value in stated if value is not None)
