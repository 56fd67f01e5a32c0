"""Expect the cells of columns to hold codes of their lists."""

from collections.abc import Collection, Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.lines_expectation import LinesExpectation


def no_code(cells: "pd.Series[str]", codes: Collection[str]) -> npt.NDArray[np.bool_]:
    """For each cell of a column whether it holds what is no code of its list; a blank does not."""
    return (cells.notna() & ~cells.isin(codes)).to_numpy(dtype=bool)


def _hold_codes(lines: pd.DataFrame, codes: Mapping[str, Collection[str]]) -> npt.NDArray[np.bool_]:
    satisfied = np.ones(len(lines), dtype=bool)
    for name, known in codes.items():
        satisfied &= ~no_code(lines[name], known)
    return satisfied


class CellsHoldCodes(LineMetric):
    """True on every line whose cells all hold codes or are blank."""

    metric_name = "huizong.cells_hold_codes"
    value_keys = ("column_list", "codes")
    satisfied = staticmethod(_hold_codes)


class ExpectCellsToHoldCodes(LinesExpectation):
    """Expect that every cell of some columns holds one of the `codes` of its column or is blank."""

    codes: dict[str, list[str]]

    metric_dependencies: ClassVar[tuple[str, ...]] = (CellsHoldCodes.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = CellsHoldCodes.value_keys
