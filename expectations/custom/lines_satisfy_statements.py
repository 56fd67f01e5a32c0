"""Expect every line to satisfy statements about its columns."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation
from expectations.rule import Outcome
from expectations.screen import outcomes
from schemas.rules.statement import Statement

BETWEEN = "\n\n"


def _satisfy(
    lines: pd.DataFrame, statements: str, half_widths: Mapping[str, str]
) -> npt.NDArray[np.bool_]:
    widths = {name: Decimal(width) for name, width in half_widths.items()}
    satisfied = np.ones(len(lines), dtype=bool)
    for stated in statements.split(BETWEEN):
        statement = replace(Statement.read(stated), half_widths=widths)
        satisfied &= outcomes(statement, lines) != Outcome.FAIL
    return satisfied


class LinesSatisfyStatements(LineMetric):
    """True on every line on which no statement fails."""

    metric_name = "huizong.lines_satisfy_statements"
    value_keys = ("column_list", "statements", "half_widths")
    satisfied = staticmethod(_satisfy)


class ExpectLinesToSatisfyStatements(LinesExpectation):
    """Expect that no line breaks a statement, such as `sealed <= built_ytd`.

    `column_list` is all columns spoken of. The `statements` stand in one text, as GX
    copies what an expectation is made of many times: each is what must hold, on a second line
    under which condition, and a blank line follows it. `half_widths` says as text how far each
    stated decimal may lie from the true value. Lines to which a statement does not apply, or which
    lack an operand, do not break it.
    """

    statements: str
    half_widths: dict[str, str]

    metric_dependencies: ClassVar[tuple[str, ...]] = (LinesSatisfyStatements.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = LinesSatisfyStatements.value_keys
