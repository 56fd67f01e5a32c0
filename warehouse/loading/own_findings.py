"""What only the warehouse can find: closed periods, and what came before."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, not_, select

from schemas.filing import Filing
from schemas.findings import Finding
from schemas.messages import severity
from schemas.models import Form
from schemas.period import Period
from schemas.text import Text
from warehouse.china_time import CHINA_TIME
from warehouse.judging.reviews import Decision
from warehouse.lines.rows import About, insert_findings
from warehouse.tables import filings, submissions
from warehouse.terms import live_now


def closed(closing: Decision | None, filing: Filing, form: Form) -> Iterator[Finding]:
    """A filing that would change figures of its period, which a steward has closed, or None."""
    if closing is not None:
        period = Period.parse(filing.period)
        yield Finding(
            code="period-closed",
            severity=severity("period-closed"),
            parameters={
                "stated": Text(zh=period.label("zh"), en=period.label("en")),
                "form": form.title,
                "by": closing.by,
                "day": f"{closing.at.astimezone(CHINA_TIME):%Y-%m-%d}",
            },
        )


def record_repetitions(
    connection: Connection, sha256: str, names: Sequence[str], at: datetime
) -> None:
    """Tell under which names a file came again, and whether it is the one that counts.

    Each is told once. A file that came again under its own name is told of only where another one
    counts in its place: whoever sent it may believe that it does.
    """
    file = connection.execute(
        select(submissions.c.name, submissions.c.county_code, submissions.c.period).where(
            submissions.c.sha256 == sha256
        )
    ).one()
    told: dict[str, Text | str] = {"first": file.name}
    code = "submission-repeated"
    if (successor := _successor(connection, sha256)) is not None:
        told["later"] = successor
        code = "submission-superseded"
    repetitions = [
        Finding(code=code, severity=severity(code), parameters={"file": name, **told})
        for name in names
        if name != file.name or successor is not None
    ]
    about = About(sha256, file.county_code, file.period)
    insert_findings(connection, repetitions, about, at)


def _successor(connection: Connection, sha256: str) -> str | None:
    """The name of the file whose filing was accepted in the place of one of this file."""
    later = filings.alias("later")
    return connection.scalar(
        select(submissions.c.name)
        .join(later, later.c.sha256 == submissions.c.sha256)
        .join(
            filings,
            and_(
                filings.c.county_code == later.c.county_code,
                filings.c.form == later.c.form,
                filings.c.period == later.c.period,
                filings.c.version < later.c.version,
            ),
        )
        .where(filings.c.sha256 == sha256, not_(live_now()), later.c.status == "accepted")
        .order_by(later.c.id.desc())
        .limit(1)
    )
