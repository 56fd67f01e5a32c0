"""Lines, findings and check results of a filing, written as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from schemas.expression import Value
from schemas.filing import ROW, Filing, plain_column, records
from schemas.findings import CheckResult, Finding, Severity, State
from schemas.messages import severity
from schemas.models import Form
from schemas.text import Text
from warehouse.form_tables import LIMIT, form_tables, pseudonym_of
from warehouse.lines import Lines
from warehouse.pseudonyms import pseudonyms_by_key
from warehouse.tables import check_results, findings, typed


@dataclass(frozen=True)
class About:
    """What a finding is about where it does not say so itself."""

    county: str | None
    period: str | None
    form: str | None = None

    def complete(self, finding: Finding) -> Finding:
        """The finding with county, period and form filled in."""
        return finding.model_copy(
            update={
                "county": finding.county or self.county,
                "period": finding.period or self.period,
                "form": finding.form or self.form,
            }
        )


def insert_lines(connection: Connection, form: Form, filing: Filing, filing_id: int) -> None:
    """Write the lines of a filing; personal indicators go to their own table, as do pseudonyms."""
    lines = records(filing.frame, form, provenance=True)
    if not lines:
        return
    whole = {ROW, *(i.name for i in form.indicators if i.kind == "integer")}
    rows = [
        {
            "filing_id": filing_id,
            "line": number,
            **{name: _plain(value, whole=name in whole) for name, value in line.items()},
        }
        for number, line in enumerate(lines, start=1)
    ]
    if form.pseudonymous:
        pseudonym = pseudonyms_by_key(connection)
        for row in rows:
            for indicator in form.pseudonymous:
                value = row[indicator.name]
                row[pseudonym_of(indicator)] = None if value is None else pseudonym(str(value))
    for table in form_tables(form):
        names = table.columns.keys()
        connection.execute(insert(table), [{name: row[name] for name in names} for row in rows])
    _insert_typed(connection, filing, filing_id)


def _insert_typed(connection: Connection, filing: Filing, filing_id: int) -> None:
    """Write what was typed beside the numbers."""
    rows = [
        {
            "filing_id": filing_id,
            "row": row,
            "indicator": indicator,
            "text": each.text,
            "step": f"{each.step:f}",
            "rough": each.rough or None,
        }
        for (indicator, row), each in filing.typed.items()
    ]
    if rows:
        connection.execute(insert(typed), rows)


def _plain(value: Value | None, *, whole: bool) -> Value | int | None:
    return int(value) if whole and isinstance(value, Decimal) else value


def too_large(filing: Filing, form: Form) -> list[Finding]:
    """An error for each number that is too large to be kept, whatever the form allows."""
    found = []
    rows = filing.frame[ROW].tolist()
    for indicator in (indicator for indicator in form.indicators if indicator.numeric):
        for row, value in zip(rows, plain_column(filing.frame, indicator), strict=True):
            if isinstance(value, Decimal) and abs(value) >= LIMIT:
                finding = Finding(
                    code="value-too-large",
                    severity=severity("value-too-large"),
                    indicator=indicator.name,
                    cells=(filing.cell(indicator.name, int(row)),),
                    observed=f"{value:f}",
                    parameters={
                        "column": indicator.label,
                        "observed": f"{value:f}",
                        "limit": f"{LIMIT - 1:f}",
                    },
                )
                found.append(finding)
    return found


def insert_findings(
    connection: Connection,
    sha256: str,
    filing_id: int | None,
    found: Iterable[Finding],
    about: About,
    at: datetime,
    lines: Lines | None = None,
) -> None:
    """Write findings, each once, completed by what the file is about and, if known, its line."""
    new = {whole.key: whole for whole in map(about.complete, found)}
    if new:
        stored = select(findings.c.key).where(findings.c.sha256 == sha256)
        known = set(connection.scalars(stored))
        new = {key: whole for key, whole in new.items() if key not in known}
    if not new:
        return
    rows = [
        {
            "sha256": sha256,
            "filing_id": filing_id,
            "key": key,
            "code": finding.code,
            "severity": finding.severity.value,
            "county_code": finding.county,
            "form": finding.form,
            "period": finding.period,
            "state": State.OPEN.value,
            "finding": finding.model_dump(mode="json"),
            "recorded_at": at,
            "line": None if lines is None else lines.key_of(finding),
        }
        for key, finding in new.items()
    ]
    connection.execute(insert(findings), rows)


def insert_results(connection: Connection, filing_id: int, results: Sequence[CheckResult]) -> None:
    """Write how the checks of a filing came out, in their order."""
    if not results:
        return
    rows = [
        {
            "filing_id": filing_id,
            "ordinal": ordinal,
            "check_id": result.check,
            "statement": result.statement.model_dump(mode="json"),
            "severity": result.severity.value,
            "passed": result.passed,
            "failed": result.failed,
            "undetermined": result.undetermined,
        }
        for ordinal, result in enumerate(results)
    ]
    connection.execute(insert(check_results), rows)


def as_result(row: Row[Any]) -> CheckResult:
    """How a check of a filing came out, from its row."""
    return CheckResult(
        check=row.check_id,
        statement=Text.model_validate(row.statement),
        severity=Severity(row.severity),
        passed=row.passed,
        failed=row.failed,
        undetermined=row.undetermined,
    )
