"""An expectation about the lines of a frame, which tells the lines that break it and nothing else.

Those that GX has for rows ask sixty questions each, of which most are about the values of the lines
that they find; and these may be a person's.
"""

from abc import ABC
from typing import Any, ClassVar

from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


class LinesExpectation(BatchExpectation, ABC):
    """An expectation about the columns of `column_list`, by its one LineMetric."""

    column_list: list[str]

    success_keys: ClassVar[tuple[str, ...]] = ("column_list",)
    _settled: ExpectationConfiguration | None = PrivateAttr(None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """Its kind and what it is made of; worked out once, as GX asks for it again and again."""
        if self._settled is None:
            self._settled = super().configuration
        return self._settled

    @classmethod
    def is_abstract(cls) -> bool:
        """Whether it names no metric."""
        return not cls.metric_dependencies

    def _validate(
        self,
        metrics: dict[str, list[int]],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        (positions,) = metrics.values()
        return {"success": not positions, "result": {"unexpected_index_list": positions}}
