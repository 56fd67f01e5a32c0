"""Expect the figures of every county to satisfy the rules between forms."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation
from expectations.rule import Outcome, outcome, plain_value
from schemas.language.expression import Value
from schemas.rules.statement import Statement


def _satisfy(rows: pd.DataFrame, statements: Mapping[str, str]) -> list[bool]:
    asked = {rule: Statement.read(stated) for rule, stated in statements.items()}
    return [
        rule not in asked or not _breaks(asked[rule], [plain_value(cell) for cell in cells])
        for rule, *cells in rows.itertuples(index=False)
    ]


class FiguresSatisfyRelations(LineMetric):
    """True on every row whose figures do not break the statement that it is about."""

    metric_name = "huizong.figures_satisfy_relations"
    value_keys = ("column_list", "statements")
    satisfied = staticmethod(_satisfy)


def _breaks(statement: Statement, cells: Sequence[Value | None]) -> bool:
    """Whether figures, each followed by its reach, break a statement."""
    line = dict(zip(statement.operands, cells[::2], strict=False))
    stated = zip(statement.operands, cells[1::2], strict=False)
    widths = {name: reach for name, reach in stated if isinstance(reach, Decimal)}
    return outcome(replace(statement, half_widths=widths), line) is Outcome.FAIL


class ExpectFiguresToSatisfyRelations(LinesExpectation):
    """Expect that no row breaks its relation, such as `hh_member.members = hh_register.persons`.

    `column_list` is the id of the relation, and then each figure that it speaks of, followed by
    how far that may lie from the true one. The `statements` say by the id of a relation what must
    hold, and under which condition or None; of rows about other relations nothing is expected.
    """

    statements: dict[str, str]

    metric_dependencies: ClassVar[tuple[str, ...]] = (FiguresSatisfyRelations.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = FiguresSatisfyRelations.value_keys
