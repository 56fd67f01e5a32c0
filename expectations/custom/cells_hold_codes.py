"""Expect the cells of columns to hold codes of their lists."""

from collections.abc import Collection, Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.custom.line_metric import LineMetric
from expectations.custom.settled import SettledExpectation


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

    condition_metric_name = "huizong.cells_hold_codes"
    condition_value_keys = ("codes",)
    satisfied = staticmethod(_hold_codes)


class ExpectCellsToHoldCodes(SettledExpectation):
    """Expect that every cell of some columns holds one of the `codes` of its column or is blank.

    `column_list` is the row and these columns.
    """

    codes: dict[str, list[str]]

    map_metric: ClassVar[str | None] = CellsHoldCodes.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("codes", "mostly")
