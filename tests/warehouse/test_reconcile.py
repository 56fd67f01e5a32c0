from datetime import date

import pytest

from schemas import messages
from schemas.consolidated.measures import measures
from schemas.findings import Finding, Severity, State
from schemas.models import OrgUnit, Scheme
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable, FiledFinding
from warehouse.consolidation.reconcile import missing_returns

FENXI, JI = "141034", "141028"
BEFORE, DUE, AFTER = date(2003, 7, 1), date(2003, 7, 10), date(2003, 7, 11)


def table(scheme: Scheme, form: str, missing: set[str]) -> ConsolidatedTable:
    declared = scheme.form(form)

    def row(unit: OrgUnit, *, reported: bool) -> ConsolidatedRow:
        return ConsolidatedRow(unit, reported, {})

    counties = tuple(row(unit, reported=unit.code not in missing) for unit in scheme.counties)
    municipality = row(scheme.municipality, reported=True)
    return ConsolidatedTable(declared, measures(declared, scheme), counties, municipality)


def missing(scheme: Scheme, on: date, *standing: FiledFinding) -> list[FiledFinding]:
    entry = scheme.period("2003H1")
    tables = [table(scheme, "biogas", {FENXI, JI}), table(scheme, "training", {FENXI})]
    return list(missing_returns(scheme, entry, tables, standing, on))


def refusal(county: str, form: str | None, period: str = "2003H1") -> FiledFinding:
    finding = Finding(
        code="file-truncated", severity=Severity.ERROR, county=county, form=form, period=period
    )
    return FiledFinding(finding, "x.xlsx", "0" * 64, State.OPEN)


def test_a_county_is_told_once_of_everything_it_owes(scheme: Scheme) -> None:
    fenxi, ji = sorted(missing(scheme, AFTER), key=lambda f: f.finding.county != FENXI)
    assert messages.fact(fenxi.finding, "zh") == (
        "没有收到《沼气池建设进度表》《科技培训与新型农民培训表》，报送期限是2003-07-10。"
    )
    assert messages.fact(ji.finding, "en") == (
        "Biogas digesters did not come; the deadline is 2003-07-10."
    )
    assert (fenxi.file_name, fenxi.sha256) == (None, None)


@pytest.mark.parametrize(
    ("on", "severity"),
    [(BEFORE, Severity.NOTICE), (DUE, Severity.NOTICE), (AFTER, Severity.ERROR)],
)
def test_what_is_not_yet_due_is_for_information(
    scheme: Scheme, on: date, severity: Severity
) -> None:
    assert {filed.finding.severity for filed in missing(scheme, on)} == {severity}


def test_a_refused_file_or_filing_is_not_told_again_as_missing(scheme: Scheme) -> None:
    told = missing(scheme, AFTER, refusal(FENXI, None), refusal(JI, "biogas"))
    assert told == []


def test_a_return_for_another_period_does_not_excuse(scheme: Scheme) -> None:
    told = missing(scheme, AFTER, refusal(JI, None, period="2014"))
    assert {filed.finding.county for filed in told} == {FENXI, JI}
