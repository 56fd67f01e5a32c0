"""A question that GX asks of a frame: one function says which lines are as they should be."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider


class LineMetric(TableMetricProvider):
    """The positions of the lines that break an expectation.

    A metric has a name, the parameters that it is given as `value_keys`, and `satisfied`: given
    the columns of `column_list` and, by name, the other parameters, this answers with a boolean for
    every line.
    """

    value_keys: tuple[str, ...] = ("column_list",)
    satisfied: ClassVar[Callable[..., npt.NDArray[np.bool_] | Sequence[bool]]]

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        **_: Any,
    ) -> list[int]:
        frame: pd.DataFrame
        frame, _, _ = execution_engine.get_compute_domain(
            metric_domain_kwargs, MetricDomainTypes.TABLE
        )
        given = {key: metric_value_kwargs[key] for key in cls.value_keys}
        lines = frame[given.pop("column_list")]
        return np.flatnonzero(~np.asarray(cls.satisfied(lines, **given), dtype=bool)).tolist()
