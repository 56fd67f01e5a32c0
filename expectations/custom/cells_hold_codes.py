"""Expect the cells of columns to hold codes of their lists."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (  # noqa: E501
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (  # noqa: E501
    MulticolumnMapMetricProvider,
)

from expectations.custom.settled import SettledExpectation


def no_code(cells: "pd.Series[str]", codes: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which cells of a column hold something that is no code of its list; a blank does not."""
    return (cells.notna() & ~cells.isin(codes)).to_numpy(dtype=bool)


class CellsHoldCodes(MulticolumnMapMetricProvider):
    """True on every line whose cells all hold codes or are blank."""

    condition_metric_name = "huizong.cells_hold_codes"
    condition_value_keys = ("codes",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(
        cls,  # noqa: N805  # GX calls it with the class
        column_list: pd.DataFrame,
        codes: Mapping[str, Collection[str]],
        **_: Any,
    ) -> "pd.Series[bool]":
        satisfied = np.ones(len(column_list), dtype=bool)
        for name, known in codes.items():
            satisfied &= ~no_code(column_list[name], known)
        return pd.Series(satisfied, index=column_list.index, dtype=bool)


class ExpectCellsToHoldCodes(SettledExpectation):
    """Expect that every cell of some columns holds one of the `codes` of its column or is blank.

    `column_list` is the row and these columns.
    """

    codes: dict[str, list[str]]

    map_metric: ClassVar[str | None] = CellsHoldCodes.condition_metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("codes", "mostly")
