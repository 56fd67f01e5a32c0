"""Expect every line to satisfy an arithmetical rule of its form."""

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
from schemas.expression import parse_comparison


class LinesSatisfyRule(MulticolumnMapMetricProvider):
    """True on every line where a rule does not fail."""

    condition_metric_name = "huizong.lines_satisfy_rule"
    condition_value_keys = ("check", "when", "half_widths")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # GX calls it with the class
        column_list: pd.DataFrame,
        check: str,
        when: str | None,
        half_widths: dict[str, str],
        **_: Any,
    ) -> "pd.Series[bool]":
        statement = Statement(
            parse_comparison(check),
            None if when is None else parse_comparison(when),
            {name: Decimal(width) for name, width in half_widths.items()},
        )
        not_failed = outcomes(statement, column_list) != Outcome.FAIL
        return pd.Series(not_failed, index=column_list.index)


class ExpectLinesToSatisfyRule(MulticolumnMapExpectation):
    """Expect that no line breaks a rule, such as `sealed <= built_ytd`.

    `column_list` is the row and the operands. Lines to which `when` does not apply, or which lack
    an operand, are not unexpected. `half_widths` says as text how far each stated decimal may lie
    from the true value.
    """

    check: str
    when: str | None = None
    half_widths: dict[str, str]

    map_metric: ClassVar[str | None] = LinesSatisfyRule.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("check", "when", "half_widths", "mostly")
