"""Rules that speak of the period they are asked of: its days, its last day, its year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from expectations.rule import Outcome, outcome
from expectations.validate import validate
from schemas import messages
from schemas.check_sheet.sheet import PLACES, STATE, STATEMENT
from schemas.filing import NIL, ROW, Filing, typed_frame
from schemas.findings import Severity
from schemas.language.expression import Value, parse_comparison
from schemas.language.of_period import said_of
from schemas.models import Scheme
from schemas.period import Period
from schemas.rules.statement import Statement
from schemas.soundness.quantities import in_form, mismatches
from schemas.template.template import write_workbook
from tests.agreement.evaluate import worked_out
from tests.few import with_forms

Line = dict[str, Value | None]
H1, H2 = Period.parse("2003H1"), Period.parse("2003H2")
XIXIAN = "141031"
SITE: Line = {
    "site": "隰县扶贫网",
    "owner": "王某某",
    "published": Decimal(40),
    "feedback": Decimal(10),
    "answered": Decimal(9),
    "answer_pct": Decimal("90.00"),
}


@pytest.mark.parametrize(
    ("period", "days", "end"),
    [
        ("2003H1", 181, "2003-06-30"),
        ("2015", 365, "2015-12-31"),
        ("2016-02", 29, "2016-02-29"),
        ("2015Q3", 92, "2015-09-30"),
    ],
)
def test_a_period_has_its_days_its_last_day_and_its_year(period: str, days: int, end: str) -> None:
    of = Period.parse(period)
    assert said_of("hours ≤ 24 * days(period)", of) == f"hours ≤ 24 * {days}"
    assert said_of("end( period ) - seen ≤ 7", of) == f"day('{end}') - seen ≤ 7"
    assert said_of("fund_year ≤ year(period)", of) == f"fund_year ≤ {of.year}"
    assert said_of("start_month ≤ end_month", of) == "start_month ≤ end_month"


def test_only_forms_that_speak_of_their_period_differ_from_period_to_period(
    scheme: Scheme,
) -> None:
    one, other = scheme.at(H1), scheme.at(H2)
    assert one is scheme.at(Period.parse("2003H1"))
    differing = [form.name for form in one.forms if other.form(form.name) is not form]
    assert "websites" in differing
    assert {"biogas", "training", "peripheral"}.isdisjoint(differing)
    checks = {rule.id: rule.check for rule in one.form("websites").rules}
    assert checks["R12-hours"] == "down_hours <= 24 * 181"
    assert checks["R12-updated"] == "last_update <= day('2003-06-30')"


def test_a_constant_day_is_a_day(scheme: Scheme) -> None:
    stated = Statement(parse_comparison("last_update <= day('2003-06-30')"))
    assert Statement.read(stated.written) == stated
    assert outcome(stated, {"last_update": date(2003, 6, 30)}) is Outcome.PASS
    assert outcome(stated, {"last_update": date(2003, 7, 1)}) is Outcome.FAIL
    apart = Statement(parse_comparison("day('2003-06-30') - last_update <= 7"))
    assert outcome(apart, {"last_update": date(2003, 6, 22)}) is Outcome.FAIL
    with pytest.raises(ValueError, match="2003-06-31"):
        parse_comparison("last_update <= day('2003-06-31')")


@pytest.mark.parametrize(
    ("check", "said"),
    [
        ("down_hours <= end(period)", "compares a number with a date"),
        ("last_update <= days(period)", "compares a date with a number"),
        ("down_hours <= 24 * end(period)", "multiplies or divides dates"),
        ("last_update <= end(period)", None),
    ],
)
def test_days_and_dates_are_not_mixed(check: str, said: str | None, scheme: Scheme) -> None:
    form = scheme.form("websites")
    found = list(mismatches(parse_comparison(check), in_form(form, scheme)))
    assert [problem.partition(":")[0] for problem in found] == ([] if said is None else [said])


def test_what_no_period_has_is_no_statement() -> None:
    with pytest.raises(ValueError, match="no function 'weeks'"):
        parse_comparison("down_hours <= weeks(period)")


# --- the suite and the check sheet ---------------------------------------------------------------


def filing(scheme: Scheme, period: Period, updated: date, hours: str) -> Filing:
    form = scheme.form("websites")
    stated = {"last_update": updated, "down_hours": Decimal(hours), ROW: 9, NIL: None}
    line: dict[str, object] = {**SITE, **stated}
    letters = {indicator.name: chr(65 + n) for n, indicator in enumerate(form.indicators)}
    frame = typed_frame(form, [line])
    return Filing(form.name, XIXIAN, period.id, form.sheet_name, frame, letters)


RULES = {
    (H1, "2003-06-30", "4344.0"): {"R12-down"},
    (H1, "2003-07-01", "4344.1"): {"R12-down", "R12-hours", "R12-updated"},
    (H2, "2003-07-01", "4344.1"): {"R12-down", "R12-fresh"},
}
"""Of a site updated on a day and down for some hours: which rules fail in which period."""


def test_returns_of_several_periods_are_each_checked_for_their_own(scheme: Scheme) -> None:
    filings = [filing(scheme, p, date.fromisoformat(day), hours) for p, day, hours in RULES]
    checked = validate(filings, scheme)
    found = [{finding.rule: finding for finding in each.findings} for each in checked]
    assert [set(each) for each in found] == list(RULES.values())
    late = found[1]["R12-updated"]
    assert (late.severity, late.observed, late.expected) == (
        Severity.ERROR,
        "2003-07-01",
        "≤ 2003-06-30",
    )
    assert "最近更新日期 2003-07-01 > 2003-06-30" in messages.fact(late, "zh")


def failing(content: bytes) -> Iterator[str]:
    with CalamineWorkbook.from_filelike(BytesIO(worked_out(content))) as book:
        for row in book.get_sheet_by_name("审核").to_python(skip_empty_area=False):
            if row[STATE] == "不通过":
                assert row[PLACES] == 1
                yield str(row[STATEMENT])


@pytest.mark.parametrize(("stated", "rules"), RULES.items())
def test_the_check_sheet_says_the_same(
    stated: tuple[Period, str, str], rules: set[str], scheme: Scheme
) -> None:
    period, updated, hours = stated
    alone = with_forms(scheme, {"websites"})
    line: Line = {**SITE, "last_update": date.fromisoformat(updated), "down_hours": Decimal(hours)}
    lines = {"websites": [line]}
    content = write_workbook(alone, alone.county(XIXIAN), period, lines)
    labels = {rule.label.zh for rule in scheme.form("websites").rules if rule.id in rules}
    assert set(failing(content)) == labels
