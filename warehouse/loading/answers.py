"""The explanations of a list that came back: matched to what still stands, recorded or refused."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from schemas.answers import Answer, Answers
from schemas.findings import Finding, Severity, State
from schemas.messages import catalogue, severity
from schemas.models import PeriodEntry, Scheme
from schemas.text import Text
from schemas.value_range import ValueRange
from warehouse.consolidation.contents import FiledFinding
from warehouse.judging.explanations import Subject, record_explanation
from warehouse.stewards.city_report import city_findings, published_findings
from warehouse.stewards.standing import recorded_findings
from warehouse.tables import findings


class _Told(NamedTuple):
    """A finding as it was when it was told, and what tells its line apart."""

    finding: Finding
    line: str | None


def record_answers(
    connection: Connection, scheme: Scheme, sha256: str, answers: Answers, at: datetime
) -> list[Finding]:
    """Record every explanation that can be one, and tell of each of the others why it is not.

    One that says of the same value what was said before is left as it is.
    """
    standing: dict[str, Sequence[FiledFinding]] = {}
    refused = []
    for answer, told in _told(connection, scheme, answers):
        if told is None or not _may_explain(scheme, answers.stamp.county, told.finding):
            refused.append(_refusal("explanation-unmatched", answer))
            continue
        finding = told.finding
        name = catalogue()[finding.code].name
        if finding.severity is Severity.ERROR:
            refused.append(_refusal("explanation-of-error", answer, finding=name))
            continue
        assert finding.period is not None
        if finding.period not in standing:
            entry = scheme.period(finding.period)
            standing[finding.period] = _standing(connection, scheme, entry, at)
        filed = _still_stands(standing[finding.period], Subject.of(finding, told.line), finding)
        if filed is None:
            refused.append(_refusal("explanation-outdated", answer, finding=name))
        elif not _is_said(filed, answer):
            record_explanation(
                connection, sha256, answer, answers.stamp.county, filed.finding, told.line, at
            )
    return refused


def _told(
    connection: Connection, scheme: Scheme, answers: Answers
) -> Iterator[tuple[Answer, _Told | None]]:
    """Each answer with the finding that its row was written for; None where there is none.

    What is worked out of the city's report is as the publication told it that the list is of.
    """
    recorded = [(answer, _recorded(connection, answer)) for answer in answers.answers]
    of_city = answers.stamp.county == scheme.municipality.code
    published: dict[str | None, _Told] = {}
    if of_city and any(told is None for _, told in recorded):
        found = published_findings(connection, answers.stamp.period, answers.stamp.serial)
        published = {filed.finding.key: _Told(filed.finding, filed.line) for filed in found}
    for answer, told in recorded:
        key = None if answer.about is None else answer.about.key
        yield answer, told or published.get(key)


def _recorded(connection: Connection, answer: Answer) -> _Told | None:
    if answer.about is None:
        return None
    row = connection.execute(
        select(findings.c.finding, findings.c.line).where(
            findings.c.sha256 == answer.about.sha256, findings.c.key == answer.about.key
        )
    ).one_or_none()
    return None if row is None else _Told(Finding.model_validate(row.finding), row.line)


def _standing(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, at: datetime
) -> Sequence[FiledFinding]:
    """What may be explained at a moment.

    The sums of the counties are those of before: what is recorded at this moment is recorded in
    any order.
    """
    before = at - timedelta(microseconds=1)
    return (
        *recorded_findings(connection, scheme, entry, at),
        *city_findings(connection, scheme, entry, before),
    )


def _may_explain(scheme: Scheme, writer: str, finding: Finding) -> bool:
    """A county explains what is its own and of a period; the municipality explains all."""
    whose = (finding.county, scheme.municipality.code)
    return finding.county is not None and finding.period is not None and writer in whose


def _still_stands(
    standing: Sequence[FiledFinding], subject: Subject, explained: Finding
) -> FiledFinding | None:
    """The finding of today that is what the explanation was written about, with such a value."""
    covers = ValueRange.of(explained)
    return next(
        (
            filed
            for filed in standing
            if Subject.of(filed.finding, filed.line) == subject and covers.holds(filed.finding)
        ),
        None,
    )


def _is_said(filed: FiledFinding, answer: Answer) -> bool:
    explanation = filed.explanation if filed.state is State.EXPLAINED else None
    return explanation is not None and explanation.text == answer.text


def _refusal(code: str, answer: Answer, **parameters: Text) -> Finding:
    return Finding(
        code=code,
        severity=severity(code),
        cells=(answer.cell,),
        parameters=dict(parameters),
    )
