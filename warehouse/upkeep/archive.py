"""What ever happened to a warehouse, in its order: enough to bring it about once more elsewhere."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, select

from schemas.filing import Received
from schemas.findings import Finding
from warehouse.judging.closings import Closing, closing_history
from warehouse.judging.reviews import Review, history
from warehouse.publications import Publication, publications_of
from warehouse.tables import filings, findings, judgements, publications, receipts, submissions


@dataclass(frozen=True)
class Kept:
    """A file came, for the first time or again."""

    received: Received


@dataclass(frozen=True)
class Recorded:
    """The files that were read and checked together, in the order of recording.

    `scheme` is the fingerprint of the one they were read by; None where it was not noted.
    """

    files: tuple[Received, ...]
    scheme: str | None


@dataclass(frozen=True)
class Reviewed:
    """A steward decided about a filing, told by its file and form."""

    sha256: str
    form: str
    review: Review


@dataclass(frozen=True)
class Judged:
    """Accepted filings were judged again, by the scheme of a fingerprint."""

    scheme: str


Event = Kept | Recorded | Reviewed | Closing | Judged | Publication


def events(connection: Connection) -> Iterator[tuple[datetime, Event]]:
    """Everything that happened, each with its moment.

    Of one moment what came stands first, then what was read of it, then what was decided, then
    what was judged again, and what was published last: the order of a night.
    """
    in_order: list[Callable[[Connection], Iterator[tuple[datetime, Event]]]]
    in_order = [_kept, _recorded, _reviewed, _turned, _judged, _published]
    found = [
        (at, stage, number, event)
        for stage, of_kind in enumerate(in_order)
        for number, (at, event) in enumerate(of_kind(connection))
    ]
    for at, _, _, event in sorted(found, key=itemgetter(0, 1, 2)):
        yield at, event


def _kept(connection: Connection) -> Iterator[tuple[datetime, Kept]]:
    file = (receipts.c.sha256, receipts.c.name, receipts.c.channel, receipts.c.sender)
    rows = connection.execute(
        select(*file, receipts.c.received_at.label("at"), submissions.c.content)
        .join(submissions, submissions.c.sha256 == receipts.c.sha256)
        .order_by(receipts.c.id)
    ).all()
    known = {(row.sha256, row.name): row for row in rows}
    for row in rows:
        yield row.at, Kept(Received(row.name, row.content, row.channel, row.sender))
    # A file that comes again by a name of its own leaves no second receipt, but may be told of.
    told = connection.execute(
        select(findings.c.sha256, findings.c.finding, findings.c.recorded_at)
        .join(submissions, submissions.c.sha256 == findings.c.sha256)
        .where(
            findings.c.code.in_(("submission-repeated", "submission-superseded")),
            findings.c.recorded_at > submissions.c.recorded_at,
        )
        .order_by(findings.c.id)
    )
    for row in told:
        name = str(Finding.model_validate(row.finding).parameters["file"])
        came = known[row.sha256, name]
        if came.at != row.recorded_at:
            again = Received(name, came.content, came.channel, came.sender)
            yield row.recorded_at, Kept(again)


def _recorded(connection: Connection) -> Iterator[tuple[datetime, Recorded]]:
    first = (
        select(receipts.c.sha256, func.min(receipts.c.id).label("id"))
        .group_by(receipts.c.sha256)
        .subquery("first")
    )
    filed = (
        select(filings.c.sha256, func.min(filings.c.id).label("id"))
        .group_by(filings.c.sha256)
        .subquery("filed")
    )
    rows = connection.execute(
        select(
            submissions.c.recorded_at,
            submissions.c.scheme_fingerprint,
            submissions.c.content,
            receipts.c.name,
            receipts.c.channel,
            receipts.c.sender,
        )
        .join(first, first.c.sha256 == submissions.c.sha256)
        .join(receipts, receipts.c.id == first.c.id)
        .outerjoin(filed, filed.c.sha256 == submissions.c.sha256)
        .where(submissions.c.recorded_at.is_not(None))
        .order_by(submissions.c.recorded_at, func.coalesce(filed.c.id, 0), receipts.c.id)
    )
    for (at, scheme), together in groupby(rows, key=itemgetter(0, 1)):
        files = (Received(row.name, row.content, row.channel, row.sender) for row in together)
        yield at, Recorded(tuple(files), scheme)


def _reviewed(connection: Connection) -> Iterator[tuple[datetime, Reviewed]]:
    known = {row.id: row for row in connection.execute(select(filings))}
    for review in history(connection):
        filing = known[review.filing]
        yield review.decision.at, Reviewed(filing.sha256, filing.form, review)


def _turned(connection: Connection) -> Iterator[tuple[datetime, Closing]]:
    for closing in closing_history(connection):
        yield closing.decision.at, closing


def _judged(connection: Connection) -> Iterator[tuple[datetime, Judged]]:
    of = (judgements.c.judged_at, judgements.c.scheme_fingerprint)
    for at, scheme in connection.execute(select(*of).distinct().order_by(*of)).all():
        yield at, Judged(scheme)


def _published(connection: Connection) -> Iterator[tuple[datetime, Publication]]:
    for period in connection.scalars(select(publications.c.period).distinct()).all():
        for publication in publications_of(connection, period):
            yield publication.as_of, publication
