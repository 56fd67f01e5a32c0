"""Lines, findings and check results of a filing, written as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from schemas.filing import ROW, Filing, plain_column, plain_values
from schemas.findings import CheckResult, Finding, Severity, State
from schemas.messages import severity
from schemas.models import Form
from schemas.text import Text
from warehouse.bulk import Columns, bulk
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
    numbers = range(1, len(filing.frame) + 1)
    known: Columns = {
        "filing_id": [filing_id] * len(numbers),
        "line": numbers,
        **{str(name): filing.frame[name] for name in filing.frame},
        **_pseudonyms(connection, form, filing),
    }
    for table in form_tables(form):
        names = known.keys() & {*table.c.keys()}
        bulk(connection, table, {name: known[name] for name in sorted(names)})
    _insert_typed(connection, filing, filing_id)


def _pseudonyms(connection: Connection, form: Form, filing: Filing) -> Columns:
    """What the lines of a form are told apart by instead of what is personal."""
    if not form.pseudonymous:
        return {}
    pseudonym = pseudonyms_by_key(connection)
    return {
        pseudonym_of(each): [
            None if value is None else pseudonym(str(value))
            for value in plain_values(filing.frame[each.name])
        ]
        for each in form.pseudonymous
    }


def _insert_typed(connection: Connection, filing: Filing, filing_id: int) -> None:
    """Write what was typed beside the numbers."""
    columns: dict[str, Sequence[object]] = {
        "filing_id": [filing_id] * len(filing.typed),
        "row": [row for _, row in filing.typed],
        "indicator": [indicator for indicator, _ in filing.typed],
        "text": [each.text for each in filing.typed.values()],
        "step": [f"{each.step:f}" for each in filing.typed.values()],
        "rough": [each.rough or None for each in filing.typed.values()],
    }
    bulk(connection, typed, columns)


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
