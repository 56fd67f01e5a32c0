"""A question that GX asks of a frame: one function says which lines are as they should be."""

from collections.abc import Callable, Sequence
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


class LineMetric(MulticolumnMapMetricProvider):
    """A metric by its name, the parameters that it has, and `satisfied`.

    This is given the frame and, by name, the parameters; it answers with a boolean for every line.
    """

    satisfied: ClassVar[Callable[..., npt.NDArray[np.bool_] | Sequence[bool]]]

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **given: Any) -> "pd.Series[bool]":  # noqa: N805
        parameters = {key: given[key] for key in cls.condition_value_keys}
        satisfied = np.asarray(cls.satisfied(column_list, **parameters), dtype=bool)
        return pd.Series(satisfied, index=column_list.index)
