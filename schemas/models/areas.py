"""Counts by area of a county, which a form of households or persons asks for."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from schemas.models.consolidated import Line
from schemas.models.identifier import Identifier
from schemas.models.indicator import Indicator
from schemas.text import Closed


class Areas(Closed):
    """Which lines are counted by area, in the contract only, with small counts kept back.

    `by` is the column that names the area, as a township; `counts` are the name of the form's line,
    to count lines, and columns that are added up; each is also given by the codes of the columns
    `across`. A form whose lines have no area is counted by that of the line of the form `through`
    that has the same `key`. `least` is the fewest households or persons that are shown.
    """

    by: Identifier
    counts: tuple[Identifier, ...]
    across: tuple[Identifier, ...] = ()
    through: Identifier | None = None
    key: Identifier | None = None
    least: Annotated[int, Field(ge=2)] = 10

    def over(self, line: Line, columns: Mapping[str, Indicator]) -> "Areas | None":
        """What is left of it with these columns; None where there is nothing to count."""
        counts = tuple(name for name in self.counts if name == line.name or name in columns)
        across = tuple(name for name in self.across if name in columns)
        named_here = self.key if self.through else self.by
        if not counts or named_here not in columns:
            return None
        return self.model_copy(update={"counts": counts, "across": across})
