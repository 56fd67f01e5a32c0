"""Explanations of findings: recorded once, and good for as long as the value stays where it was.

An explanation belongs to a rule, a county, a form, a column and a line, told apart by its key and
not by where it stands; it holds in its period and in later ones of the same kind, for a year, and
for the values about which it was given. Whether a finding is explained is worked out when it is
shown and stored nowhere, so it cannot be out of date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, insert, select

from schemas.answers import Answer
from schemas.errors import WarehouseError
from schemas.findings import Finding
from schemas.models import PeriodEntry
from schemas.period import Period
from schemas.value_range import ValueRange
from warehouse.judging.reviews import Decision
from warehouse.tables import explanations, rejections


class Subject(NamedTuple):
    """What an explanation is bound to: the same finding in every version and period."""

    rule: str
    county: str | None
    form: str | None
    indicator: str | None
    line: str | None

    @classmethod
    def of(cls, finding: Finding, line: str | None) -> "Subject":
        """What a finding on a line is about."""
        rule = finding.rule or finding.code
        return cls(rule, finding.county, finding.form, finding.indicator, line)


@dataclass(frozen=True)
class Explanation:
    """What was written about a finding: by whom, when, for which period and for which values.

    `rejected` is why and by whom it was not accepted; it then explains nothing.
    """

    id: int
    text: str
    written_by: str
    recorded_at: datetime
    period: str
    until: date
    covers: ValueRange
    rejected: Decision | None = None


Explained = Mapping[Subject, Sequence[Explanation]]
"""What was written about what, the newest first."""


def explanations_for(connection: Connection, entry: PeriodEntry, as_of: datetime) -> Explained:
    """What was explained by `as_of` and has not expired in a period."""
    rows = connection.execute(
        select(explanations, rejections)
        .outerjoin(
            rejections,
            and_(
                rejections.c.explanation_id == explanations.c.id,
                rejections.c.rejected_at <= as_of,
            ),
        )
        .where(explanations.c.recorded_at <= as_of, explanations.c.until >= entry.period.end)
        .order_by(explanations.c.id.desc())
    )
    found: dict[Subject, list[Explanation]] = {}
    for row in rows:
        if _carries(Period.parse(row.period), entry.period):
            subject = Subject(row.rule, row.county_code, row.form, row.indicator, row.line)
            found.setdefault(subject, []).append(
                Explanation(
                    id=row.id,
                    text=row.text,
                    written_by=row.written_by,
                    recorded_at=row.recorded_at,
                    period=row.period,
                    until=row.until,
                    covers=ValueRange.model_validate(row.covers),
                    rejected=_rejection(row),
                )
            )
    return found


def _rejection(row: Row[Any]) -> Decision | None:
    if row.rejected_at is None:
        return None
    return Decision(row.why, row.rejected_by, row.rejected_at)


def fitting(finding: Finding, known: Iterable[Explanation]) -> Explanation | None:
    """The newest explanation that covers the value of a finding, and that nobody rejected."""
    return next((e for e in known if e.rejected is None and e.covers.holds(finding)), None)


def reject(connection: Connection, explanation: int, decision: Decision) -> None:
    """Record that an explanation is not accepted: what it explained is open again.

    Raises WarehouseError when there is none with this number, or when it was rejected before.
    """
    if connection.scalar(select(explanations.c.id).where(explanations.c.id == explanation)) is None:
        raise WarehouseError(
            f"there is no explanation {explanation}; `huizong findings` shows their numbers"
        )
    before = select(rejections.c.why).where(rejections.c.explanation_id == explanation)
    if connection.scalar(before) is not None:
        raise WarehouseError(f"explanation {explanation} was rejected already")
    connection.execute(
        insert(rejections).values(
            explanation_id=explanation,
            why=decision.why,
            rejected_by=decision.by,
            rejected_at=decision.at,
        )
    )


def last_recorded(connection: Connection, entry: PeriodEntry) -> datetime | None:
    """When the newest explanation that may hold in a period was recorded, or one was rejected."""
    rows = connection.execute(
        select(explanations.c.period, explanations.c.recorded_at, rejections.c.rejected_at)
        .outerjoin(rejections, rejections.c.explanation_id == explanations.c.id)
        .where(explanations.c.until >= entry.period.end)
    )
    moments = (
        row.rejected_at or row.recorded_at
        for row in rows
        if _carries(Period.parse(row.period), entry.period)
    )
    return max(moments, default=None)


def record_explanation(
    connection: Connection,
    sha256: str,
    answer: Answer,
    written_by: str,
    finding: Finding,
    line: str | None,
    at: datetime,
) -> None:
    """Write down an explanation of a standing finding, of a known county and period."""
    assert finding.period is not None
    subject = Subject.of(finding, line)
    connection.execute(
        insert(explanations).values(
            rule=subject.rule,
            county_code=subject.county,
            form=subject.form,
            indicator=subject.indicator,
            line=subject.line,
            period=finding.period,
            until=_expires(Period.parse(finding.period)),
            covers=ValueRange.of(finding).model_dump(mode="json"),
            text=answer.text,
            written_by=written_by,
            sha256=sha256,
            cell=str(answer.cell),
            recorded_at=at,
        )
    )


def _carries(given: Period, to: Period) -> bool:
    """Whether an explanation given in one period speaks of another: a later one of its kind."""
    return given.kind == to.kind and given.start <= to.start


def _expires(period: Period) -> date:
    """The end of the same period of the next year: each season is explained once, for itself."""
    return Period(period.year + 1, period.kind, period.ordinal).end
