"""The one door to personal data: who looked at whom, and why, is written down before it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from schemas.errors import WarehouseError
from schemas.models import Scheme
from warehouse.form_tables import line_table, personal_table
from warehouse.tables import filings, personal_accesses


@dataclass(frozen=True)
class Person:
    """The personal data of one line of a filing: labels and values, in the order of the form."""

    row: int
    values: Sequence[tuple[str, str]]


def look_up(
    connection: Connection,
    scheme: Scheme,
    filing_id: int,
    row: int,
    read_by: str,
    why: str,
    at: datetime,
) -> Person:
    """The personal data of the line that stands in a row of the sheet of a filing.

    Raises WarehouseError when there is no such line, or the form has no personal data.
    """
    name = connection.scalar(select(filings.c.form).where(filings.c.id == filing_id))
    if name is None:
        raise WarehouseError(f"there is no filing {filing_id}")
    form = scheme.form(name)
    table, lines = personal_table(form), line_table(form)
    if table is None:
        raise WarehouseError(f"{form.name} has no personal data")
    found = connection.execute(
        select(table)
        .join(lines, (lines.c.filing_id == table.c.filing_id) & (lines.c.line == table.c.line))
        .where(lines.c.filing_id == filing_id, lines.c.row == row)
    ).one_or_none()
    if found is None:
        raise WarehouseError(f"filing {filing_id} has no kept line in row {row}")
    access = {"filing_id": filing_id, "line": found.line, "read_by": read_by, "why": why}
    connection.execute(insert(personal_accesses).values(**access, read_at=at))
    personal = [indicator for indicator in form.indicators if indicator.personal]
    values = ((i.label.in_(scheme.language), found._mapping[i.name]) for i in personal)
    return Person(row, [(label, value) for label, value in values if value is not None])
