"""Expect a column to hold the numbers of identity documents."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation
from expectations.id_numbers import are_id_numbers


def _hold_id_numbers(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    (column,) = lines.columns
    return are_id_numbers(lines[column]) | lines[column].isna().to_numpy()


class ColumnHoldsIdNumbers(LineMetric):
    """True on every line whose cell is the number of an identity document or blank."""

    metric_name = "huizong.column_holds_id_numbers"
    satisfied = staticmethod(_hold_id_numbers)


class ExpectColumnToHoldIdNumbers(LinesExpectation):
    """Expect every number to have its length, date of birth and check character (GB 11643).

    `column_list` is the one column.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (ColumnHoldsIdNumbers.metric_name,)
