"""Rules of the forms of projects, villages and publicity: one cell changed, one finding."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from expectations.validate import validate
from schemas import messages
from schemas.filing import Filing, records, typed_frame
from schemas.findings import Finding
from schemas.language.expression import Value
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from schemas.template.template import write_workbook

LINFEN = CATALOG / "linfen"
XIXIAN = "141031"
ON = {"2003H1": date(2003, 7, 1), "2015": date(2016, 1, 5)}
Filings = dict[tuple[str, str], Filing]


@pytest.fixture(scope="module")
def filings(scheme: Scheme) -> Filings:
    """The sample returns of 隰县 as they are read: (period, form name) → filing."""
    found: Filings = {}
    for period_id, on in ON.items():
        period, county = Period.parse(period_id), scheme.county(XIXIAN)
        lines = sample_lines(scheme, LINFEN, period)[XIXIAN]
        content = write_workbook(scheme, county, period, lines)
        reading = read_submission("141031.xlsx", content, scheme, on)
        found |= {(period_id, filing.form): filing for filing in reading.filings}
    return found


def findings(scheme: Scheme, filing: Filing, change: Mapping[str, Value | None]) -> list[Finding]:
    """What is found in a filing once cells of its first line are changed and computed anew."""
    form = scheme.form(filing.form)
    first, *others = records(filing.frame, form, provenance=True)
    changed = {**first, **completed(form, {**first, **change})}
    frame = typed_frame(form, [dict(line) for line in (changed, *others)])
    (checked,) = validate([replace(filing, frame=frame, totals=())], scheme)
    return list(checked.findings)


@pytest.mark.parametrize(
    ("period", "form", "change", "rule", "severity", "cell"),
    [
        ("2015", "relocation_list", {"agreement_date": None}, "R03-agreement", "error", "J9"),
        (
            "2015",
            "relocation_list",
            {"notice_date": date(2015, 12, 30)},
            "R03-order",
            "error",
            "J9",
        ),
        ("2003H1", "organic_base", {"outline_done": "yes"}, "R05-outline", "error", "F9"),
        ("2015", "project_library", {"perf_target": None}, "R06-target", "error", "P9"),
        ("2015", "project_library", {"end_on": date(2015, 1, 1)}, "R06-dates", "error", "H9"),
        ("2015", "reimbursement", {"cum_paid": Decimal(13)}, "R08-first", "error", "K9"),
        ("2015", "reimbursement", {"claim_kind": "final"}, "R08-final-accepted", "error", "M9"),
        ("2003H1", "extension", {"funds_done": Decimal(3)}, "R11-funds", "error", "F9"),
        ("2003H1", "websites", {"answered": Decimal(900)}, "R12-answered", "error", "E9"),
        ("2003H1", "websites", {"down_hours": Decimal(100)}, "R12-down", "notice", "H9"),
        ("2003H1", "info_report", {"adopted_city": Decimal(99)}, "R13-city", "error", "C8"),
        ("2015", "village_register", {"first_secretary": "no"}, "R16-secretary", "warning", "J9"),
        ("2015", "lookback", {"checked": Decimal(99999)}, "R17-checked", "error", "D8"),
        ("2015", "village_team", {"secretary": None}, "R19-secretary", "error", "G9"),
        ("2015", "pairing", {"cadres": Decimal(5)}, "R20-per-cadre", "warning", "D9"),
        ("2015", "social_assist", {"goods": Decimal(500)}, "R21-goods", "error", "G9"),
    ],
)
def test_a_changed_cell_breaks_its_rule_and_no_other(
    period: str,
    form: str,
    change: dict[str, Value | None],
    rule: str,
    severity: str,
    cell: str,
    scheme: Scheme,
    filings: Filings,
) -> None:
    filing = filings[period, form]
    assert findings(scheme, filing, {}) == []
    (finding,) = findings(scheme, filing, change)
    assert (finding.rule, finding.severity) == (rule, severity)
    assert finding.cells[0].address == cell


def test_latitude_in_the_place_of_longitude_is_too_small(scheme: Scheme, filings: Filings) -> None:
    swapped = {"lon": Decimal("36.690000")}
    (finding,) = findings(scheme, filings["2003H1", "organic_base"], swapped)
    assert (finding.code, finding.cells[0].address) == ("value-too-small", "G9")


def test_a_coded_value_that_should_be_another_is_told_in_words(
    scheme: Scheme, filings: Filings
) -> None:
    register = filings["2015", "village_register"]
    (finding,) = findings(scheme, register, {"first_secretary": "no"})
    assert "是否有第一书记 否 ≠ 是" in messages.fact(finding, "zh")
    assert "Has a first secretary no ≠ yes" in messages.fact(finding, "en")
