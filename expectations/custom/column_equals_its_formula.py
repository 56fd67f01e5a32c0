"""Expect a computed column to be what its formula gives."""

from decimal import Decimal
from typing import Any, ClassVar

import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)

from expectations.rule import Outcome, Statement
from expectations.screen import outcomes
from schemas.expression import Comparison, Name, parse_value


class ColumnEqualsItsFormula(MulticolumnMapMetricProvider):
    """True on every line where a stated value does not contradict its formula."""

    condition_metric_name = "huizong.column_equals_its_formula"
    condition_value_keys = ("computed", "formula", "half_widths")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # GX calls it with the class
        column_list: pd.DataFrame,
        computed: str,
        formula: str,
        half_widths: dict[str, str],
        **_: Any,
    ) -> "pd.Series[bool]":
        statement = Statement(
            Comparison(Name(computed), "=", parse_value(formula)),
            None,
            {name: Decimal(width) for name, width in half_widths.items()},
        )
        not_failed = outcomes(statement, column_list) != Outcome.FAIL
        return pd.Series(not_failed, index=column_list.index)


class ExpectColumnToEqualItsFormula(MulticolumnMapExpectation):
    """Expect that the column `computed` is what `formula` gives, within the stated precision.

    `column_list` is the computed column and its operands. Lines that lack an operand, or whose
    divisor may be zero, are not unexpected. `half_widths` says as text how far each stated decimal
    may lie from the true value.
    """

    computed: str
    formula: str
    half_widths: dict[str, str]

    map_metric: ClassVar[str | None] = ColumnEqualsItsFormula.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("computed", "formula", "half_widths", "mostly")
