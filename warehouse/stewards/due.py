"""When something was known last, and which periods are to be published for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from schemas.models import PeriodEntry, Scheme
from warehouse import tables
from warehouse.judging.closings import last_turned
from warehouse.judging.explanations import last_recorded
from warehouse.judging.recorded_files import RecordedFile, recorded_files
from warehouse.judging.turned_away import files_of
from warehouse.publications import last_published


def periods_to_publish(connection: Connection, scheme: Scheme) -> list[str]:
    """The periods of which something was recorded since their last publication.

    A period is also published again when its last publication was made by another scheme. A file
    of which no period is known does not begin a period, unless none has begun.
    """
    known = recorded_files(connection)
    entries = begun(scheme, known) or scheme.periods
    return [entry.id for entry in entries if _is_outdated(connection, scheme, entry, known)]


def periods_begun(connection: Connection, scheme: Scheme) -> list[str]:
    """The periods for which something came."""
    return [entry.id for entry in begun(scheme, recorded_files(connection))]


def last_moment(connection: Connection) -> datetime | None:
    """The latest moment the warehouse knows of; None while nothing was ever kept."""
    moments = (
        connection.scalar(select(func.max(column)))
        for column in (
            tables.receipts.c.received_at,
            tables.submissions.c.recorded_at,
            tables.findings.c.recorded_at,
            tables.judgements.c.judged_at,
            tables.reviews.c.reviewed_at,
            tables.closings.c.decided_at,
            tables.publications.c.as_of,
        )
    )
    return max((moment for moment in moments if moment is not None), default=None)


def begun(scheme: Scheme, known: Sequence[RecordedFile]) -> list[PeriodEntry]:
    """The periods that some of the files are of."""
    named = {file.period for file in known}
    return [entry for entry in scheme.periods if entry.id in named]


def _is_outdated(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, known: Sequence[RecordedFile]
) -> bool:
    touched = [file.touched for file in files_of(connection, scheme, entry, known)]
    if (turned := last_turned(connection, entry.id)) is not None:
        touched.append(turned)
    if touched and (explained := last_recorded(connection, entry)) is not None:
        touched.append(explained)
    last = last_published(connection, entry.id)
    if last is None or not touched:
        return bool(touched)
    return bool(max(touched) > last.as_of or last.scheme_fingerprint != scheme.fingerprint)
