"""The explanations of a list that came back: matched to what still stands, recorded or refused."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from schemas.answers import Answer, Answers
from schemas.findings import Finding, Severity, State
from schemas.messages import catalogue, severity
from schemas.models import Scheme
from schemas.text import Text
from schemas.value_range import ValueRange
from warehouse.contents import FiledFinding
from warehouse.explanations import Subject, record_explanation
from warehouse.standing import standing_findings
from warehouse.tables import findings


def record_answers(
    connection: Connection, scheme: Scheme, sha256: str, answers: Answers, at: datetime
) -> list[Finding]:
    """Record every explanation that can be one, and tell of each of the others why it is not.

    One that says of the same value what was said before is left as it is.
    """
    standing: dict[str, Sequence[FiledFinding]] = {}
    refused = []
    for answer in answers.answers:
        told = _told(connection, answer)
        if told is None or not _may_explain(scheme, answers.stamp.county, told):
            refused.append(_refusal("explanation-unmatched", answer))
            continue
        finding = Finding.model_validate(told.finding)
        name = catalogue()[finding.code].name
        if finding.severity is Severity.ERROR:
            refused.append(_refusal("explanation-of-error", answer, finding=name))
            continue
        assert finding.period is not None
        if finding.period not in standing:
            entry = scheme.period(finding.period)
            standing[finding.period] = standing_findings(connection, scheme, entry, at)
        filed = _still_stands(standing[finding.period], Subject.of(finding, told.line), finding)
        if filed is None:
            refused.append(_refusal("explanation-outdated", answer, finding=name))
        elif not _is_said(filed, answer):
            record_explanation(
                connection, sha256, answer, answers.stamp.county, filed.finding, told.line, at
            )
    return refused


def _told(connection: Connection, answer: Answer) -> Row[Any] | None:
    """The finding that the row of an answer was written for, as it was recorded."""
    if answer.about is None:
        return None
    return connection.execute(
        select(findings.c.finding, findings.c.line).where(
            findings.c.sha256 == answer.about.sha256, findings.c.key == answer.about.key
        )
    ).one_or_none()


def _may_explain(scheme: Scheme, writer: str, told: Row[Any]) -> bool:
    """A county explains what is its own and of a period; the municipality explains all."""
    finding = Finding.model_validate(told.finding)
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
