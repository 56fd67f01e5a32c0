"""Keep what came, and record what was read out of it: the only writer of filings.

Every function works inside the transaction of the connection it is given, so a run that is killed
leaves nothing half done, and every function may be run again: it changes nothing the second time.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from schemas.discretion import discreet
from schemas.errors import WarehouseError
from schemas.filing import ROW, Checked, Filing, Reading, Received
from schemas.findings import Finding, has_errors
from schemas.models import Form, Scheme
from schemas.period import Period
from warehouse.judging.closings import closed_at
from warehouse.judging.recorded_files import TURNED_AWAY
from warehouse.judging.reviews import Decision
from warehouse.lines.lines import Lines
from warehouse.lines.rows import (
    About,
    cannot_be_kept,
    insert_findings,
    insert_lines,
    insert_results,
)
from warehouse.loading.answers import record_answers
from warehouse.loading.conflicts import conflict
from warehouse.loading.own_findings import closed, record_repetitions
from warehouse.tables import filings, org_units, receipts, submissions
from warehouse.terms import end_term, live_now

Status = Literal["accepted", "refused", "unchanged"]


@dataclass(frozen=True)
class FilingOutcome:
    """What became of one filing.

    `accepted` filings count from then on; `refused` ones leave the earlier one in place;
    `unchanged` ones say the same as the one that counts already.
    """

    form: str
    county: str
    period: str
    version: int
    status: Status


# --- keeping ------------------------------------------------------------------------------------


def keep(connection: Connection, received: Received, at: datetime) -> bool:
    """Keep the bytes and the receipt of a file; whether the bytes are new.

    A file that came before under the same name and by the same channel leaves no further trace.
    """
    stored = connection.execute(
        select(submissions.c.recorded_at).where(submissions.c.sha256 == received.sha256)
    ).one_or_none()
    if stored is None:
        connection.execute(
            insert(submissions).values(
                sha256=received.sha256,
                content=received.content,
                size=len(received.content),
                name=received.name,
                kept_at=at,
            )
        )
    came_so_last = came_last(connection, received)
    under_name = (receipts.c.channel == received.channel, receipts.c.name == received.name)
    came_so_before = select(receipts.c.id).where(receipts.c.sha256 == received.sha256, *under_name)
    if connection.execute(came_so_before).one_or_none() is None:
        connection.execute(
            insert(receipts).values(
                sha256=received.sha256,
                channel=received.channel,
                name=received.name,
                sender=received.sender,
                received_at=at,
            )
        )
    # What stands in a folder is collected every night; it came again where its name is new, or
    # where another file had taken its name in between.
    if stored is not None and stored.recorded_at is not None and not came_so_last:
        record_repetitions(connection, received.sha256, [received.name], at)
    return stored is None


def came_last(connection: Connection, received: Received) -> bool:
    """Whether a file is what came last under its name and by its channel: nothing new then."""
    last = connection.scalar(
        select(receipts.c.sha256)
        .where(receipts.c.channel == received.channel, receipts.c.name == received.name)
        .order_by(receipts.c.id.desc())
        .limit(1)
    )
    return bool(last == received.sha256)


def is_recorded(connection: Connection, sha256: str) -> bool:
    """Whether a kept file has been read and recorded."""
    recorded_at = select(submissions.c.recorded_at).where(submissions.c.sha256 == sha256)
    return connection.scalar(recorded_at) is not None


def is_anything_pending(connection: Connection) -> bool:
    """Whether something is kept and not yet recorded."""
    waiting = select(submissions.c.sha256).where(submissions.c.recorded_at.is_(None))
    return connection.execute(waiting.limit(1)).first() is not None


def pending(connection: Connection) -> list[Received]:
    """What is kept and not yet recorded, in the order in which it came."""
    first = select(func.min(receipts.c.id)).group_by(receipts.c.sha256)
    rows = connection.execute(
        select(submissions.c.content, receipts.c.name, receipts.c.channel, receipts.c.sender)
        .join(receipts, receipts.c.sha256 == submissions.c.sha256)
        .where(submissions.c.recorded_at.is_(None), receipts.c.id.in_(first))
        .order_by(receipts.c.id)
    )
    return [Received(row.name, row.content, row.channel, row.sender) for row in rows]


# --- recording ----------------------------------------------------------------------------------


def record(
    connection: Connection,
    scheme: Scheme,
    sha256: str,
    reading: Reading,
    checked: Sequence[Checked],
    at: datetime,
) -> tuple[FilingOutcome, ...]:
    """Record what was read out of a kept file and accept or refuse each of its filings.

    `checked` is aligned with the filings of the reading. Of two filings accepted at the same `at`
    the later recorded one counts. Returns what became of each filing, also when the file had been
    recorded before. Raises WarehouseError when the file was never kept.
    """
    submission = connection.execute(
        select(submissions.c.name, submissions.c.recorded_at)
        .where(submissions.c.sha256 == sha256)
        .with_for_update()
    ).one_or_none()
    if submission is None:
        raise WarehouseError(f"the file {sha256} was not kept; keep it before recording it")
    if submission.recorded_at is not None:
        return _outcomes(connection, sha256)
    _wait_for_county(connection, reading)
    about = About(sha256, reading.county, _home(reading, scheme))
    _record_file(connection, scheme, about, reading, at)
    closing = None if reading.period is None else closed_at(connection, reading.period, at)
    for filing, check in zip(reading.filings, checked, strict=True):
        filing = replace(filing)  # so that its plain values are kept until it is recorded
        form = _form(scheme, filing)
        found = (*filing.findings, *check.findings, *cannot_be_kept(filing, form))
        told = tuple(discreet(finding, form) for finding in found)
        check = replace(check, findings=told)
        _record_filing(connection, scheme, sha256, filing, check, closing, at)
    if reading.answers is not None:
        refused = record_answers(connection, scheme, sha256, reading.answers, at)
        insert_findings(connection, refused, about, at)
    return _outcomes(connection, sha256)


def _record_file(
    connection: Connection, scheme: Scheme, about: About, reading: Reading, at: datetime
) -> None:
    """Note of a file that it was read, whose it is, and what is wrong with the whole of it."""
    connection.execute(
        update(submissions)
        .where(submissions.c.sha256 == about.sha256)
        .values(
            recorded_at=at,
            county_code=about.county,
            period=about.period,
            answers=None if reading.answers is None else len(reading.answers.answers),
            scheme_fingerprint=scheme.fingerprint,
        )
    )
    insert_findings(connection, reading.findings, about, at)
    names = connection.scalars(
        select(receipts.c.name).where(receipts.c.sha256 == about.sha256).order_by(receipts.c.id)
    )
    record_repetitions(connection, about.sha256, names.all(), at)


def _outcomes(connection: Connection, sha256: str) -> tuple[FilingOutcome, ...]:
    columns = (filings.c.form, filings.c.county_code, filings.c.period)
    rows = connection.execute(
        select(*columns, filings.c.version, filings.c.status)
        .where(filings.c.sha256 == sha256)
        .order_by(filings.c.id)
    )
    return tuple(FilingOutcome(*row) for row in rows)


def _wait_for_county(connection: Connection, reading: Reading) -> None:
    """Where the database lets two writers in at once, those of one county take turns."""
    county = org_units.c.code == reading.county
    connection.execute(select(org_units.c.code).where(county).with_for_update())


def _home(reading: Reading, scheme: Scheme) -> str | None:
    """The period a file belongs to; a file for a period that is not open belongs to none."""
    turned_away = any(finding.code == TURNED_AWAY for finding in reading.findings)
    known = any(entry.id == reading.period for entry in scheme.periods)
    return reading.period if known and not turned_away else None


def _record_filing(
    connection: Connection,
    scheme: Scheme,
    sha256: str,
    filing: Filing,
    checked: Checked,
    closing: Decision | None,
    at: datetime,
) -> None:
    form = _form(scheme, filing)
    digest = filing.digest(form)
    earlier = _earlier(connection, filing)
    live = next((row for row in earlier if row.live), None)
    found = list(checked.findings)
    if live is None or live.digest != digest:
        found += closed(closing, filing, form)
    status = _status(found, digest, live)
    if status == "accepted" and live is not None:
        end_term(connection, live.id, at)
    filing_id = connection.execute(
        _FILE,
        {
            "sha256": sha256,
            "version": 1 + max((row.version for row in earlier), default=0),
            "status": status,
            "digest": digest,
            "accepted_from": at if status == "accepted" else None,
            **_of_filing(filing),
            "scheme_version": scheme.version,
            "scheme_fingerprint": scheme.fingerprint,
            "recorded_at": at,
        },
    ).scalar_one()
    if status == "accepted":
        insert_lines(connection, form, filing, filing_id)
    if status == "accepted" and live is not None and live.accepted_from == at:
        found.append(conflict(connection, scheme, form, sha256, filing, live))
    about = About(sha256, filing.county, filing.period, form.name, filing_id)
    insert_findings(connection, found, about, at, Lines(filing, form))
    insert_results(connection, filing_id, checked.results)


def _of_filing(filing: Filing) -> dict[str, Any]:
    """Whose a filing is and where it stands in its file, by the columns that keep it."""
    rows = filing.frame[ROW].tolist()
    return {
        "form": filing.form,
        "county_code": filing.county,
        "period": filing.period,
        "sheet": filing.sheet,
        "columns": dict(filing.columns),
        "pieces": [asdict(piece) for piece in filing.pieces] or None,
        "declared_nil": filing.declared_nil,
        "lines": len(rows),
        "first_row": min(rows, default=None),
        "last_row": max(rows, default=None),
    }


def _form(scheme: Scheme, filing: Filing) -> Form:
    """The form of a filing as it was in its period."""
    return scheme.at(Period.parse(filing.period)).form(filing.form)


def _status(found: Sequence[Finding], digest: str, live: Row[Any] | None) -> Status:
    if has_errors(found):
        return "refused"
    return "unchanged" if live is not None and live.digest == digest else "accepted"


def _earlier(connection: Connection, filing: Filing) -> Sequence[Row[Any]]:
    """The filings that are there of the same county, form and period."""
    whose = {"form": filing.form, "county": filing.county, "period": filing.period}
    return connection.execute(_FILED, whose).all()


_FILE = insert(filings).returning(filings.c.id)
_FILED = select(
    filings.c.id,
    filings.c.version,
    filings.c.digest,
    filings.c.sha256,
    filings.c.accepted_from,
    live_now().label("live"),
).where(
    filings.c.form == bindparam("form"),
    filings.c.county_code == bindparam("county"),
    filings.c.period == bindparam("period"),
)
