"""The filings that the figures of a publication are made of, and where their lines stand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, select

from schemas.filing import Places
from warehouse.lines.rows import places_of
from warehouse.tables import filings, submissions
from warehouse.terms import live_at
from warehouse.types import UtcDateTime


@dataclass(frozen=True)
class LiveFiling:
    """A filing that counts.

    The rows are None where it has no lines, or was recorded before they were noted.
    """

    lines: int
    file_name: str
    sha256: str
    version: int
    places: Places
    first_row: int | None
    last_row: int | None

    def cells(self, indicator: str) -> str:
        """Where the values of a column stand: C7, C7:C31, or the column alone.

        Nothing where a return was let in without the column.
        """
        if indicator not in self.places.columns:
            return ""
        if self.first_row is None or self.last_row is None:
            return self.places.columns[indicator]
        first = self.places.cell(indicator, self.first_row)
        last = self.places.cell(indicator, self.last_row)
        if first == last:
            return first.address
        return f"{first.address}:{last.address if first.sheet == last.sheet else last}"


def live_filings(
    connection: Connection, period_id: str, as_of: datetime
) -> dict[tuple[str, str], LiveFiling]:
    """The filings of a period that counted at a moment, by form and the code of who filed it."""
    rows = connection.execute(
        select(filings, submissions.c.name.label("file_name"))
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(filings.c.period == period_id, live_at(literal(as_of, UtcDateTime())))
    )
    return {
        (row.form, row.county_code): LiveFiling(
            lines=row.lines,
            file_name=row.file_name,
            sha256=row.sha256,
            version=row.version,
            places=places_of(row),
            first_row=row.first_row,
            last_row=row.last_row,
        )
        for row in rows
    }
