"""The one door to personal data that is kept: who reads it, and why, is written down as it opens.

Nothing else reads the tables of personal data. The files as they came hold persons, too: the night
reads them, and draws from them the marked copy that goes back to the county alone; a steward's
program reads the one that is let in. On PostgreSQL stewards have no right to read either, and come
in through functions of the database, which write down the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, insert, literal, select

from schemas.errors import WarehouseError
from schemas.models import Form, Scheme
from warehouse.form_tables import line_table, personal_table, pseudonym_of, pseudonym_table
from warehouse.lines.pseudonyms import note_key, pseudonyms_by_key, told_apart_otherwise
from warehouse.tables import filings, personal_accesses, submissions
from warehouse.types import UtcDateTime

ALL_LINES = 0
"""What is noted in the place of a line where all of a filing are read."""


@dataclass(frozen=True)
class Access:
    """Who reads personal data, why, and when. The database refuses one without name or reason."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True)
class Person:
    """The personal data of one line of a filing: labels and values, in the order of the form."""

    row: int
    values: Sequence[tuple[str, str]]


def look_up(
    connection: Connection, scheme: Scheme, filing_id: int, row: int, access: Access
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
    of_row = (lines.c.filing_id == filing_id, lines.c.row == row)
    line = connection.scalar(select(lines.c.line).where(*of_row))
    if line is None:
        raise WarehouseError(f"filing {filing_id} has no kept line in row {row}")
    found = _open_line(connection, table, filing_id, line, access)
    personal = [indicator for indicator in form.indicators if indicator.personal]
    values = ((i.label.in_(scheme.language), found.get(i.name)) for i in personal)
    return Person(row, [(label, value) for label, value in values if value is not None])


def open_file(connection: Connection, filing_id: int, access: Access) -> tuple[str, bytes]:
    """The name and bytes of the file of a filing whose lines were not kept."""
    if connection.dialect.name == "postgresql":
        door = func.open_file(filing_id, *_who(access)).table_valued("name", "content")
        name, content = connection.execute(door.select()).one()
        return name, bytes(content)
    _note(connection, filing_id, ALL_LINES, access)
    file = filings.join(submissions, submissions.c.sha256 == filings.c.sha256)
    of_filing = filings.c.id == filing_id
    query = select(submissions.c.name, submissions.c.content).select_from(file).where(of_filing)
    name, content = connection.execute(query).one()
    return name, content


def _open_line(
    connection: Connection, table: Table, filing_id: int, line: int, access: Access
) -> Mapping[str, str]:
    """What is not blank of a line of personal data, as text."""
    if connection.dialect.name == "postgresql":
        door = func.open_line(filing_id, line, *_who(access)).table_valued("name", "value")
        told = [(row.name, row.value) for row in connection.execute(door.select())]
    else:
        _note(connection, filing_id, line, access)
        of_line = (table.c.filing_id == filing_id, table.c.line == line)
        told = [*connection.execute(select(table).where(*of_line)).mappings().one().items()]
    return {name: str(value) for name, value in told if value is not None}


def _who(access: Access) -> tuple[object, ...]:
    return access.by, access.why, literal(access.at, UtcDateTime())


def tell_apart(connection: Connection, scheme: Scheme, access: Access) -> list[Form]:
    """Make the pseudonyms of kept lines anew where they are not by the key of this connection.

    The forms of which they were made; those by another key are gone.
    """
    forms = told_apart_otherwise(connection, scheme)
    for form in forms:
        personal, pseudonyms = personal_table(form), pseudonym_table(form)
        assert personal is not None, form.name
        assert pseudonyms is not None, form.name
        connection.execute(delete(pseudonyms))
        for filing_id in connection.scalars(select(personal.c.filing_id).distinct()).all():
            _note(connection, filing_id, ALL_LINES, access)
            _tell_apart(connection, form, personal, pseudonyms, filing_id)
        note_key(connection, form)
    return forms


def _tell_apart(
    connection: Connection, form: Form, personal: Table, pseudonyms: Table, filing_id: int
) -> None:
    pseudonym = pseudonyms_by_key(connection)
    names = {each.name: pseudonym_of(each) for each in form.pseudonymous}
    lines = select(personal.c.line, *(personal.c[name] for name in names))
    of_filing = connection.execute(lines.where(personal.c.filing_id == filing_id)).mappings()
    rows = [
        {"filing_id": filing_id, "line": line["line"]}
        | {to: None if line[name] is None else pseudonym(line[name]) for name, to in names.items()}
        for line in of_filing
    ]
    connection.execute(insert(pseudonyms), rows)


def _note(connection: Connection, filing_id: int, line: int, access: Access) -> None:
    what = {"filing_id": filing_id, "line": line, "read_by": access.by, "why": access.why}
    connection.execute(insert(personal_accesses).values(**what, read_at=access.at))
