"""Expect a column to hold the numbers of identity documents."""

from typing import Any, ClassVar

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)

from expectations.id_numbers import are_id_numbers


class ColumnHoldsIdNumbers(ColumnMapMetricProvider):
    """True on every value that is the number of an identity document."""

    condition_metric_name = "huizong.column_holds_id_numbers"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: "pd.Series[str]", **_: Any) -> "pd.Series[bool]":  # noqa: N805
        return pd.Series(are_id_numbers(column), index=column.index, dtype=bool)


class ExpectColumnToHoldIdNumbers(ColumnMapExpectation):
    """Expect every number to have its length, date of birth and check character (GB 11643)."""

    map_metric: ClassVar[str | None] = ColumnHoldsIdNumbers.condition_metric_name
