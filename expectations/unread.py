"""What reading a filing already reported, so that it is not reported again as blank."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas.filing import ROW, Filing
from schemas.findings import CellRef
from schemas.rules.checks import Check


@dataclass(frozen=True)
class Unread:
    """The cells and columns of a filing whose value was there or not, but could not be read."""

    filing: Filing
    cells: frozenset[CellRef]
    columns: frozenset[str]

    @classmethod
    def of(cls, filing: Filing) -> "Unread":
        """What the findings of reading a filing speak of.

        A finding that stands for more lines than it has cells speaks of its whole column.
        """
        cells = frozenset(cell for finding in filing.findings for cell in finding.every_cell)
        columns = frozenset(
            finding.indicator
            for finding in filing.findings
            if finding.indicator is not None and not finding.areas
            if finding.lines > max(1, len(finding.cells))
        )
        return cls(filing, cells, columns)

    def lines(self, indicator: str) -> npt.NDArray[np.bool_]:
        """For each line whether a blank of it in a column is only what could not be read."""
        rows = self.filing.frame[ROW].to_numpy(dtype=np.int64)
        if indicator not in self.filing.columns or indicator in self.columns:
            return np.ones(len(rows), dtype=bool)
        places = self.filing.places
        found = [
            row
            for cell in self.cells
            for row in places.rows(cell)
            if places.cell(indicator, row) == cell
        ]
        return np.isin(rows, found)


def blamed_blanks(check: Check) -> tuple[str, ...]:
    """The columns whose blanks make a check fail, instead of leaving it undetermined."""
    return () if check.relation is None else check.relation.presences
