"""Expect the figures of every county to satisfy the rules between forms."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
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
from expectations.rule import Outcome, outcome, plain_value
from schemas.expression import Value
from schemas.statement import Statement


class FiguresSatisfyRelations(MulticolumnMapMetricProvider):
    """True on every row whose figures do not break the statement that it is about."""

    condition_metric_name = "huizong.figures_satisfy_relations"
    condition_value_keys = ("statements",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # GX calls it with the class
        column_list: pd.DataFrame,
        statements: dict[str, str],
        **_: Any,
    ) -> "pd.Series[bool]":
        asked = {rule: Statement.read(stated) for rule, stated in statements.items()}
        satisfied = [
            rule not in asked or not _breaks(asked[rule], [plain_value(cell) for cell in cells])
            for rule, *cells in column_list.itertuples(index=False)
        ]
        return pd.Series(satisfied, index=column_list.index, dtype=bool)


def _breaks(statement: Statement, cells: Sequence[Value | None]) -> bool:
    """Whether figures, each followed by its reach, break a statement."""
    line = dict(zip(statement.operands, cells[::2], strict=False))
    stated = zip(statement.operands, cells[1::2], strict=False)
    widths = {name: reach for name, reach in stated if isinstance(reach, Decimal)}
    return outcome(replace(statement, half_widths=widths), line) is Outcome.FAIL


class ExpectFiguresToSatisfyRelations(SettledExpectation):
    """Expect that no row breaks its relation, such as `hh_member.members = hh_register.persons`.

    `column_list` is the id of the relation, and then each figure that it speaks of, followed by
    how far that may lie from the true one. The `statements` say by the id of a relation what must
    hold, and under which condition or None; of rows about other relations nothing is expected.
    """

    statements: dict[str, str]

    map_metric: ClassVar[str | None] = FiguresSatisfyRelations.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("statements", "mostly")
