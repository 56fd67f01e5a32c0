"""What GX works out about an expectation again and again, worked out once."""

from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


class SettledExpectation(MulticolumnMapExpectation):
    """An expectation about several columns that nobody alters once it is made.

    GX asks an expectation for its configuration a hundred times while it validates one, and makes
    it anew each time, which takes longer than to find the lines that fail.
    """

    _settled: ExpectationConfiguration | None = PrivateAttr(None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """Its kind and what it is made of."""
        if self._settled is None:
            self._settled = super().configuration
        return self._settled
