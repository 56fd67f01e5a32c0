"""The totals that a county wrote, beside what its lines add up to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.figure_rows import Stated
from expectations.rule import Interval, decimal, interval
from schemas.filing import Filing, Total, plain_values
from schemas.language.expression import Comparison, Name, names
from schemas.models import Form, Indicator
from schemas.rules.statement import Statement, formula_statement

# Those of counts stand alone, as whole numbers are compared faster.
_COUNTED = Statement(Comparison(Name("counted"), "=", Name("added_up")))
_STATED = Statement(Comparison(Name("stated"), "=", Name("added_up")))


@dataclass(frozen=True)
class TotalOf:
    """What must hold of the totals of a column: of what was written, and of the `parts` of that.

    The part is the total of the column itself, or those of the columns that a ratio is made of.
    """

    form: Form
    indicator: Indicator
    parts: tuple[str, ...]
    statement: Statement
    written: str

    @classmethod
    def column(cls, form: Form, indicator: Indicator) -> "TotalOf":
        """What must hold of a column of a form."""
        if indicator.aggregation == "ratio":
            assert indicator.formula is not None, indicator.name
            parts, statement = names(indicator.formula), formula_statement(form, indicator)
        else:
            counted = indicator.kind == "integer"
            parts, statement = (indicator.name,), _COUNTED if counted else _STATED
        return cls(form, indicator, parts, statement, statement.written)


@dataclass(frozen=True)
class ComparedTotal:
    """One written total, and what the lines of its filing give.

    `figures` are what was written, and the totals of its parts, each with how far the true one may
    lie from it; a part is unknown where lines lack a value.
    """

    filing: int
    total: Total
    of: TotalOf
    figures: tuple[Stated, ...]

    @property
    def added_up(self) -> Decimal:
        """What the lines give, of a total that is known."""
        return decimal(self._given(exactly=True).low)

    @property
    def tolerance(self) -> Decimal:
        """How far the two may be apart: half the last digit of the one, and of every line."""
        exact, given = self._given(exactly=True).low, self._given(exactly=False)
        (stated, reach), *_ = self.figures
        above = stated is not None and stated >= exact
        return reach + decimal(given.high - exact if above else exact - given.low)

    def _given(self, *, exactly: bool) -> Interval:
        """What the lines give, as a point or as their precision leaves open."""
        _, *parts = self.figures
        named = dict(zip(self.of.parts, parts, strict=True))
        reaches = {} if exactly else {name: reach for name, (_, reach) in named.items()}
        ratio = self.of.indicator.aggregation == "ratio"
        formula = self.of.indicator.formula if ratio else None
        values = {name: value for name, (value, _) in named.items()}
        given = interval(formula or Name(self.of.indicator.name), values, reaches)
        assert given is not None, "a total without all its lines cannot differ"
        return given


def compared_totals(
    form: Form, filings: Sequence[Filing], frame: pd.DataFrame
) -> list[ComparedTotal]:
    """The written totals of some filings of a form, except of columns that have no total.

    The frame has the lines of all of them, one filing after the other.
    """
    every = {name: TotalOf.column(form, form[name]) for name in form.totalled}
    columns: dict[str, list[Stated]] = {}

    def part(name: str, number: int) -> Stated:
        if name not in columns:
            lengths = (len(filing.frame) for filing in filings)
            columns[name] = _column_totals(form[name], frame[name], lengths)
        return columns[name][number]

    def figures(number: int, total: Total, of: TotalOf) -> Iterator[Stated]:
        yield total.value, of.indicator.half_width
        yield from (part(name, number) for name in of.parts)

    return [
        ComparedTotal(number, total, of, tuple(figures(number, total, of)))
        for number, filing in enumerate(filings)
        for total in filing.totals
        if (of := every.get(total.indicator)) is not None
    ]


def _column_totals(
    indicator: Indicator, column: "pd.Series[Any]", lengths: Iterable[int]
) -> list[Stated]:
    """The total of a column for each filing, as precise as its lines."""
    values = plain_values(column)
    ends = np.cumsum([0, *lengths]).tolist()
    blanks: npt.NDArray[np.int64] = np.cumsum([0, *column.isna()])
    return [
        (None, Decimal(0)) if blanks[first] < blanks[end] else _total(indicator, values[first:end])
        for first, end in pairwise(ends)
    ]


def _total(indicator: Indicator, values: Sequence[Any]) -> Stated:
    if indicator.aggregation in ("max", "min"):
        extreme = (max if indicator.aggregation == "max" else min)(values, default=None)
        return None if extreme is None else Decimal(extreme), indicator.half_width
    return Decimal(sum(values)), indicator.half_width * len(values)
