"""Expect the figures of every county to satisfy the rules between forms."""

from dataclasses import replace
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

from expectations.rule import Outcome, outcome, plain_value
from schemas.statement import Statement, Written


class FiguresSatisfyRelations(MulticolumnMapMetricProvider):
    """True on every row whose figures break no statement."""

    condition_metric_name = "huizong.figures_satisfy_relations"
    condition_value_keys = ("statements", "reaches")

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # GX calls it with the class
        column_list: pd.DataFrame,
        statements: list[Written],
        reaches: dict[str, str],
        **_: Any,
    ) -> "pd.Series[bool]":
        asked = [Statement.read(stated) for stated in statements]
        satisfied = []
        for row in column_list.to_dict("records"):
            line = {str(name): plain_value(value) for name, value in row.items()}
            stated = {name: line[column] for name, column in reaches.items()}
            widths = {name: width for name, width in stated.items() if isinstance(width, Decimal)}
            found = (outcome(replace(each, half_widths=widths), line) for each in asked)
            satisfied.append(Outcome.FAIL not in found)
        return pd.Series(satisfied, index=column_list.index, dtype=bool)


class ExpectFiguresToSatisfyRelations(MulticolumnMapExpectation):
    """Expect that no row breaks a relation, such as `hh_member.members = hh_register.persons`.

    `column_list` has the figures that the `statements` speak of, each under its name, and beside
    them how far each may lie from the true one: `reaches` names that column for each figure. Each
    of the `statements` is what must hold, and under which condition or None.
    """

    statements: list[Written]
    reaches: dict[str, str]

    map_metric: ClassVar[str | None] = FiguresSatisfyRelations.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("statements", "reaches", "mostly")
