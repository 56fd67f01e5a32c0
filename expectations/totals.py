"""The totals that a county wrote, beside what its lines add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from expectations.rule import Interval, interval, plain_value
from schemas.filing import Filing, Total
from schemas.language.expression import names
from schemas.models import Form, Indicator

STATED, ADDED_UP = "stated", "added_up"
"""Columns of a frame of totals: what was written, and what the lines give."""


@dataclass(frozen=True)
class ComparedTotal:
    """One written total; `added_up` and its interval are None where a line lacks a value."""

    filing: int
    total: Total
    stated: Interval
    added_up: Decimal | None
    interval: Interval | None


def compared_totals(form: Form, filings: Sequence[Filing]) -> list[ComparedTotal]:
    """The written totals of some filings of a form, except of columns that have no total."""
    return [
        _compared(form, number, filing, total)
        for number, filing in enumerate(filings)
        for total in filing.totals
        if total.indicator in form.totalled
    ]


def totals_frame(totals: Sequence[ComparedTotal]) -> pd.DataFrame:
    """A row per total for its suite: its interval as STATED, and that of its lines ADDED_UP."""
    columns = {
        STATED: [total.stated for total in totals],
        ADDED_UP: [total.interval for total in totals],
    }
    return pd.DataFrame(columns, dtype=object)


def _compared(form: Form, number: int, filing: Filing, total: Total) -> ComparedTotal:
    indicator = form[total.indicator]
    stated = Interval.around(total.value, indicator.half_width)
    exact, rounded = _total(form, indicator, filing.frame)
    middle = None if exact is None else Decimal(exact.low.numerator) / exact.low.denominator
    return ComparedTotal(number, total, stated, middle, rounded)


def _total(
    form: Form, indicator: Indicator, frame: pd.DataFrame
) -> tuple[Interval | None, Interval | None]:
    """The total of a column as a point, and as what the precision of its lines leaves open."""
    if indicator.aggregation != "ratio":
        value, reach = _column_total(indicator, frame)
        if value is None:
            return None, None
        return Interval.around(value), Interval.around(value, reach)
    assert indicator.formula is not None, indicator.name
    parts = {name: _column_total(form[name], frame) for name in names(indicator.formula)}
    values = {name: value for name, (value, _) in parts.items()}
    reaches = {name: reach for name, (_, reach) in parts.items()}
    return interval(indicator.formula, values, {}), interval(indicator.formula, values, reaches)


def _column_total(indicator: Indicator, frame: pd.DataFrame) -> tuple[Decimal | None, Decimal]:
    values = [plain_value(value) for value in frame[indicator.name].tolist()]
    numbers = [value for value in values if isinstance(value, Decimal)]
    if len(numbers) < len(values):
        return None, Decimal(0)
    if indicator.aggregation == "max":
        return max(numbers, default=None), indicator.half_width
    if indicator.aggregation == "min":
        return min(numbers, default=None), indicator.half_width
    return sum(numbers, Decimal(0)), indicator.half_width * len(numbers)
