"""Expect figures to satisfy the statements that are about them."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation
from expectations.custom.lines_satisfy_statements import BETWEEN
from expectations.figure_rows import rows_outcomes
from expectations.rule import Outcome
from schemas.rules.statement import Statement


def _satisfy(rows: pd.DataFrame, statements: str) -> npt.NDArray[np.bool_]:
    asked = map(Statement.read, statements.split(BETWEEN))
    satisfied: npt.NDArray[np.bool_] = rows_outcomes(rows, asked) != Outcome.FAIL
    return satisfied


class FiguresSatisfyStatements(LineMetric):
    """True on every row whose figures do not break the statement that it is about."""

    metric_name = "huizong.figures_satisfy_statements"
    value_keys = ("column_list", "statements")
    satisfied = staticmethod(_satisfy)


class ExpectFiguresToSatisfyStatements(LinesExpectation):
    """Expect that no row breaks its statement, such as `hh_member.members = hh_register.persons`.

    `column_list` is the columns of `figure_rows`. The `statements` stand in one text, as those of
    lines do; of rows about other statements nothing is expected.
    """

    statements: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (FiguresSatisfyStatements.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = FiguresSatisfyStatements.value_keys
