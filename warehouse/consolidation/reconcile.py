"""What does not agree with what was expected of a period.

Today: returns that were owed and did not come. A missing return is a finding, never a zero.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from schemas.findings import Finding, Severity, State
from schemas.models import Form, OrgUnit, PeriodEntry, Scheme
from schemas.text import Text
from warehouse.consolidation.contents import ConsolidatedTable, FiledFinding

_MOST_TITLES = 4


def missing_returns(
    scheme: Scheme,
    entry: PeriodEntry,
    tables: Sequence[ConsolidatedTable],
    standing: Sequence[FiledFinding],
    on: date,
) -> Iterator[FiledFinding]:
    """One finding for each county, and deadline, with forms of which nothing has come.

    Before the deadline it is for information. A county whose file as a whole was refused has been
    told so already, and so has one whose filing of the form was.
    """
    told = {
        (filed.finding.county, filed.finding.form)
        for filed in standing
        if filed.finding.severity is Severity.ERROR and filed.finding.period in (None, entry.id)
    }
    owing: dict[tuple[OrgUnit, date], list[Form]] = {}
    for table in tables:
        for row in table.owing:
            county = row.unit.code
            if not row.reported and told.isdisjoint({(county, None), (county, table.form.name)}):
                due = scheme.due(table.form, entry)
                owing.setdefault((row.unit, due), []).append(table.form)
    for (unit, due), forms in owing.items():
        finding = Finding(
            code="return-missing",
            severity=Severity.ERROR if on > due else Severity.NOTICE,
            county=unit.code,
            period=entry.id,
            parameters={"forms": _titles(forms), "due": due.isoformat()},
        )
        yield FiledFinding(finding, None, None, State.OPEN)


def _titles(forms: Sequence[Form]) -> Text:
    """The titles of a few forms; of many the codes, which a workbook has on its tabs."""
    if len(forms) > _MOST_TITLES:
        codes, number = [form.code for form in forms], len(forms)
        return Text(
            zh=f"{'、'.join(codes)}共{number}张报表",
            en=f"{', '.join(codes)} ({number} forms)",
        )
    return Text(
        zh="".join(f"《{form.title.zh}》" for form in forms),
        en=", ".join(form.title.en for form in forms),
    )
