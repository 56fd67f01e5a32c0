"""Lines, findings and check results of a filing, written as rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from schemas.filing import ROW, Filing, Piece, Places
from schemas.findings import CellRef, CheckResult, Finding, Severity, State
from schemas.messages import severity
from schemas.models import Form, Indicator
from schemas.text import Text
from warehouse.bulk import Columns, bulk, columns_of
from warehouse.form_tables import LIMIT, LONGEST_KEY, form_tables, pseudonym_of
from warehouse.lines.lines import Lines
from warehouse.lines.pseudonyms import pseudonyms_by_key
from warehouse.tables import check_results, findings, typed


@dataclass(frozen=True)
class About:
    """What findings are about: a file, and the filing in it where they are about one.

    Of county, period and form it is said where a finding does not say so itself.
    """

    sha256: str
    county: str | None
    period: str | None
    form: str | None = None
    filing: int | None = None

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
        **columns_of(connection, filing),
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
            None if value is None else pseudonym(value) for value in filing.plain[each.name]
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


def cannot_be_kept(filing: Filing, form: Form) -> list[Finding]:
    """An error for each value that the tables of a form cannot hold, whatever the form allows."""
    found = []
    values = filing.plain
    keys = {key.name for key in form.key_indicators if not key.personal}
    for indicator in form.indicators:
        if not indicator.numeric and indicator.name not in keys:
            continue
        beyond = {value for value in {*values[indicator.name]} if _is_beyond(value)}
        if not beyond:
            continue
        for row, value in zip(values[ROW], values[indicator.name], strict=True):
            if value in beyond:
                cell = filing.cell(indicator.name, int(row))
                found.append(_beyond_finding(indicator, cell, value))
    return found


def _is_beyond(value: object) -> bool:
    if isinstance(value, str):
        return len(value) > LONGEST_KEY
    return isinstance(value, (int, Decimal)) and not -LIMIT < value < LIMIT


def _beyond_finding(indicator: Indicator, cell: CellRef, value: Decimal | int | str) -> Finding:
    if isinstance(value, str):
        code, observed, limit = "value-too-long", str(len(value)), str(LONGEST_KEY)
    else:
        code, observed, limit = "value-too-large", f"{Decimal(value):f}", f"{LIMIT - 1:f}"
    return Finding(
        code=code,
        severity=severity(code),
        indicator=indicator.name,
        cells=(cell,),
        observed=observed,
        parameters={"column": indicator.label, "observed": observed, "limit": limit},
    )


def insert_findings(
    connection: Connection,
    found: Iterable[Finding],
    about: About,
    at: datetime,
    lines: Lines | None = None,
) -> None:
    """Write findings, each once, completed by what the file is about and, if known, its line."""
    new = {whole.key: whole for whole in map(about.complete, found)}
    if new:
        stored = select(findings.c.key).where(findings.c.sha256 == about.sha256)
        known = set(connection.scalars(stored))
        new = {key: whole for key, whole in new.items() if key not in known}
    if not new:
        return
    rows = [
        {
            "sha256": about.sha256,
            "filing_id": about.filing,
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


def places_of(row: Row[Any]) -> Places:
    """Where the values of a filing stand, from its row."""
    return Places(row.sheet, row.columns, tuple(Piece(**piece) for piece in row.pieces or ()))


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
