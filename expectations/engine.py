"""Run a suite of Great Expectations over a frame and read what it says about each line."""

from collections.abc import Mapping
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

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
        context = gx.get_context(project_config=config, mode="ephemeral")
        asset = context.data_sources.add_pandas("filings").add_dataframe_asset("lines")
        self._batch: BatchDefinition[Any] = asset.add_batch_definition_whole_dataframe("all")

    def unexpected(self, suite: ExpectationSuite, frame: pd.DataFrame) -> Mapping[str, list[int]]:
        """The positions of the lines that fail, in order, by the id of the expectation.

        The frame's index must be its positions. Raises RuntimeError when an expectation could not
        be evaluated, which is a fault of the scheme or the program and never of the data.
        """
        batch = self._batch.get_batch({"dataframe": frame})
        validated = batch.validate(suite, result_format=_RESULT_FORMAT)
        return dict(_failures(result) for result in validated.results)


def _failures(result: ExpectationValidationResult) -> tuple[str, list[int]]:
    configuration = result.expectation_config
    assert configuration is not None
    name = str(configuration.meta["id"])
    if "unexpected_index_list" not in result.result:
        raise RuntimeError(f"check {name} could not be evaluated: {result.exception_info}")
    return name, sorted(result.result["unexpected_index_list"])
