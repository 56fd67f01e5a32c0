"""Run a suite of Great Expectations over a frame and read what it says about each line."""

from collections.abc import Mapping

import great_expectations as gx
import pandas as pd
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.validator.validator import Validator

_RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "exclude_unexpected_values": True,  # some are personal; numbers come from our own frame
    "return_unexpected_index_query": False,
}


class Engine:
    """Great Expectations in memory: nothing on disk, nothing sent, no progress bars."""

    def __init__(self) -> None:
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            progress_bars=ProgressBarsConfig(globally=False),
            analytics_enabled=False,
        )
        self._context = gx.get_context(project_config=config, mode="ephemeral")

    def unexpected(self, suite: ExpectationSuite, frame: pd.DataFrame) -> Mapping[str, list[int]]:
        """The positions of the lines that fail, in order, by the id of the expectation.

        The frame's index must be its positions. Raises RuntimeError when an expectation could not
        be evaluated, which is a fault of the scheme or the program and never of the data.
        """
        # A batch of a data source would be taken twice, and its cells be hashed each time.
        frames = PandasExecutionEngine(batch_data_dict={suite.name: frame})
        validator = Validator(frames, data_context=self._context)
        results = validator.graph_validate(
            suite.expectation_configurations, {"result_format": _RESULT_FORMAT}
        )
        return dict(_failures(result) for result in results)


def _failures(result: ExpectationValidationResult) -> tuple[str, list[int]]:
    configuration = result.expectation_config
    assert configuration is not None
    name = str(configuration.meta["id"])
    if "unexpected_index_list" not in result.result:
        raise RuntimeError(f"check {name} could not be evaluated: {result.exception_info}")
    return name, sorted(result.result["unexpected_index_list"])
