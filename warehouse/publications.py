"""What was published: recorded once, with the digest of every file, and found again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from schemas.text import Language
from warehouse.consolidation.contents import PublicationContents
from warehouse.tables import publications


@dataclass(frozen=True)
class Publication:
    """A publication of a period: what was known at `as_of`, by a scheme, in the files listed.

    `files` has the sha256 of each file by its path. `language` and `program` are None where they
    were not noted yet.
    """

    period: str
    serial: int
    as_of: datetime
    folder: str
    scheme_fingerprint: str
    files: Mapping[str, str]
    language: Language | None
    program: str | None


def record_publication(
    connection: Connection,
    contents: PublicationContents,
    folder_name: str,
    files: Mapping[str, str],
    language: Language,
) -> None:
    """Write down that a publication was made: where, its files with their sha256, its figures.

    Recording the same serial of a period again changes nothing.
    """
    from warehouse.mart.store import store  # it imports pandas, which looks do without

    period, serial = contents.period.id, contents.serial
    if any(made.serial == serial for made in publications_of(connection, period)):
        return
    connection.execute(
        insert(publications).values(
            period=period,
            serial=serial,
            as_of=contents.as_of,
            folder=folder_name,
            scheme_version=contents.scheme.version,
            scheme_fingerprint=contents.scheme.fingerprint,
            files=dict(files),
            language=language,
            program=version("huizong"),
        )
    )
    store(connection, contents)


def publications_of(
    connection: Connection, period_id: str, as_of: datetime | None = None
) -> tuple[Publication, ...]:
    """Every publication of a period, or those up to a moment, the oldest first."""
    until = () if as_of is None else (publications.c.as_of <= as_of,)
    return _found(connection, publications.c.period == period_id, *until)


def last_published(
    connection: Connection, period_id: str, as_of: datetime | None = None
) -> Publication | None:
    """The last publication of a period, or the last one up to a moment; None where none was."""
    found = publications_of(connection, period_id, as_of)
    return found[-1] if found else None


def published_before(
    connection: Connection, period_id: str, moment: datetime
) -> Publication | None:
    """The last publication of a period that is older than a moment; None where none is."""
    found = _found(connection, publications.c.period == period_id, publications.c.as_of < moment)
    return found[-1] if found else None


def _found(connection: Connection, *which: ColumnElement[bool]) -> tuple[Publication, ...]:
    rows: Any = connection.execute(
        select(publications).where(*which).order_by(publications.c.serial)
    )
    return tuple(
        Publication(
            period=row.period,
            serial=row.serial,
            as_of=row.as_of,
            folder=row.folder,
            scheme_fingerprint=row.scheme_fingerprint,
            files=row.files,
            language=row.language,
            program=row.program,
        )
        for row in rows
    )
