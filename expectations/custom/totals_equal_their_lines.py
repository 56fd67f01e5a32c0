"""Expect the totals that a county wrote to be the totals of its lines."""

from typing import Any, ClassVar

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)

from expectations.custom.settled import SettledExpectation


class TotalsEqualTheirLines(MulticolumnMapMetricProvider):
    """True on every total whose interval meets that of its lines."""

    condition_metric_name = "huizong.totals_equal_their_lines"

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **_: Any) -> "pd.Series[bool]":  # noqa: N805
        stated, lines = (column_list[name] for name in column_list.columns)
        meets = [
            one.low <= other.high and other.low <= one.high
            for one, other in zip(stated, lines, strict=True)
        ]
        return pd.Series(meets, index=column_list.index, dtype=bool)


class ExpectTotalsToEqualTheirLines(SettledExpectation):
    """Expect every written total to be what its lines add up to, within the stated precision.

    `column_list` is a column of intervals of the written totals and one of those of their lines;
    totals whose lines lack a value are left out by `ignore_row_if`.
    """

    map_metric: ClassVar[str | None] = TotalsEqualTheirLines.condition_metric_name
