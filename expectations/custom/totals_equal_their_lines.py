"""Expect the totals that a county wrote to be the totals of its lines."""

from typing import ClassVar

import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation


def _meet(totals: pd.DataFrame) -> list[bool]:
    stated, lines = (totals[name] for name in totals.columns)
    return [
        other is None or (one.low <= other.high and other.low <= one.high)
        for one, other in zip(stated, lines, strict=True)
    ]


class TotalsEqualTheirLines(LineMetric):
    """True on every total whose interval meets that of its lines, or whose lines lack a value."""

    metric_name = "huizong.totals_equal_their_lines"
    satisfied = staticmethod(_meet)


class ExpectTotalsToEqualTheirLines(LinesExpectation):
    """Expect every written total to be what its lines add up to, within the stated precision.

    `column_list` is a column of intervals of the written totals and one of those of their lines,
    None where these lack a value.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (TotalsEqualTheirLines.metric_name,)
