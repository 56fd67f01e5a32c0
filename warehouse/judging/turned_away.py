"""In whose lists it is told that a file came for a period that takes none.

It is about no period that could take it, and yet it is to be told in one list, and not in that of
every period: in its own, as far as anything came for that, or else in that of the period that is
being collected.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from schemas.models import PeriodEntry, Scheme
from warehouse.judging.closings import Closing, closing_history, is_closed
from warehouse.judging.recorded_files import RecordedFile


def files_of(
    connection: Connection,
    scheme: Scheme,
    entry: PeriodEntry,
    known: Sequence[RecordedFile],
    as_of: datetime | None = None,
) -> Iterator[RecordedFile]:
    """The files of which a period tells, among all that were recorded up to a moment.

    Those that are of it, those turned away that are told with it, and, while it is open, those of
    which no period is known at all.
    """
    closings = closing_history(connection)
    for file in known:
        if file.period is not None:
            belongs = file.period == entry.id
        elif file.turned_away is not None:
            belongs = _told_with(file, scheme, known, closings) == entry.id
        else:
            belongs = entry.opens <= file.order[0].date() and not is_closed(entry, closings, as_of)
        if belongs:
            yield file


def _told_with(
    file: RecordedFile,
    scheme: Scheme,
    known: Sequence[RecordedFile],
    closings: Sequence[Closing],
) -> str | None:
    """The id of the period in whose lists it is told of a file that was turned away.

    Worked out of what was known when it came, so that it stays where it was told. None where no
    period was open.
    """
    came = file.order[0]
    begun = {other.period for other in known if other.order[0] <= came}
    if file.turned_away in begun:
        return file.turned_away
    open_then = [
        entry
        for entry in scheme.periods
        if entry.opens <= came.date() and not is_closed(entry, closings, came)
    ]
    collected = [entry for entry in open_then if entry.id in begun] or open_then
    return max(collected, key=lambda entry: entry.opens).id if collected else None
