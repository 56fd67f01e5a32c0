"""Expect every line to satisfy statements about its columns."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)

from expectations.custom.settled import SettledExpectation
from expectations.rule import Outcome
from expectations.screen import outcomes
from schemas.statement import Statement

BETWEEN = "\n\n"


class LinesSatisfyStatements(MulticolumnMapMetricProvider):
    """True on every line on which no statement fails."""

    condition_metric_name = "huizong.lines_satisfy_statements"
    condition_value_keys = ("statements", "half_widths")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # GX calls it with the class
        column_list: pd.DataFrame,
        statements: str,
        half_widths: dict[str, str],
        **_: Any,
    ) -> "pd.Series[bool]":
        widths = {name: Decimal(width) for name, width in half_widths.items()}
        satisfied = np.ones(len(column_list), dtype=bool)
        for stated in statements.split(BETWEEN):
            statement = replace(Statement.read(stated), half_widths=widths)
            satisfied &= outcomes(statement, column_list) != Outcome.FAIL
        return pd.Series(satisfied, index=column_list.index, dtype=bool)


class ExpectLinesToSatisfyStatements(SettledExpectation):
    """Expect that no line breaks a statement, such as `sealed <= built_ytd`.

    `column_list` is the row and all columns spoken of. The `statements` stand in one text, as GX
    copies what an expectation is made of many times: each is what must hold, on a second line
    under which condition, and a blank line follows it. `half_widths` says as text how far each
    stated decimal may lie from the true value. Lines to which a statement does not apply, or which
    lack an operand, do not break it.
    """

    statements: str
    half_widths: dict[str, str]

    map_metric: ClassVar[str | None] = LinesSatisfyStatements.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("statements", "half_widths", "mostly")
