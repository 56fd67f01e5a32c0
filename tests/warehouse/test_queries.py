from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from schemas.filing import Received
from schemas.findings import CheckResult, Finding, Severity
from schemas.text import Text
from warehouse.loading.load import keep
from warehouse.publications import record_publication
from warehouse.queries import findings, status
from warehouse.stewards.due import last_moment, periods_to_publish

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI, FENXI = "141031", "141034"
TRUNCATED = Finding(code="file-truncated", severity=Severity.ERROR, parameters={"file": "a.xlsx"})
NO_SHEET = Finding(code="sheet-missing", severity=Severity.ERROR)
MISSING = Finding(code="value-missing", severity=Severity.ERROR, parameters={"column": "x"})
DOUBTFUL = Finding(code="rule-failed", severity=Severity.WARNING, rule="R18-lifted")


def to_publish(house: House) -> list[str]:
    with house.engine.connect() as connection:
        return periods_to_publish(connection, house.scheme)


def codes(house: House, night: int = 1, period: str = "2015") -> list[str]:
    return [f.finding.code for f in house.told(night=night, period=period)]


def test_a_publication_has_a_table_for_every_form_owed_in_the_period(house: House) -> None:
    forms = [table.form.name for table in house.contents(period="2003H1").tables]
    assert "relocation_survey" in forms
    assert "pv" not in forms
    assert "pv" in [table.form.name for table in house.contents(period="2015").tables]


def test_findings_are_those_of_the_latest_filing_of_each_county_and_form(house: House) -> None:
    bad = house.filing("reduction", XI, {"task": 1}, findings=[MISSING])
    house.submit(bad, name="bad.xlsx")
    house.submit(house.filing("pv", XI, findings=[DOUBTFUL]), name="pv.xlsx")
    assert codes(house) == ["value-missing", "rule-failed"]
    house.submit(house.filing("reduction", XI, {"task": 1}), night=2, name="good.xlsx")
    assert codes(house, night=2) == ["rule-failed"]
    assert codes(house, night=1) == ["value-missing", "rule-failed"]


def test_a_finding_says_which_file_it_is_about(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 1}, findings=[MISSING]), name="隰县.xlsx")
    (filed,) = house.told()
    assert filed.file_name == "隰县.xlsx"
    assert (filed.finding.county, filed.finding.form) == (XI, "reduction")
    assert filed.state == "open"


def test_counties_come_in_the_order_of_the_scheme_and_the_unknown_last(house: House) -> None:
    house.submit(findings=[TRUNCATED], name="who.xlsx")
    for county in (FENXI, XI):
        filing = house.filing("reduction", county, {"task": 1}, findings=[MISSING])
        house.submit(filing, name=county)
    found = [filed.finding.county for filed in house.told()]
    assert found == [XI, FENXI, None]


def test_a_missing_sheet_stands_until_the_county_sends_the_period_again(house: House) -> None:
    house.submit(house.filing("pv", XI), findings=[NO_SHEET])
    other = house.filing("reduction", XI, {"task": 1}, period="2003H1")
    house.submit(other, night=2)
    assert codes(house, night=2) == ["sheet-missing"]
    house.submit(house.filing("pv", XI), house.filing("reduction", XI, {"task": 1}), night=3)
    assert codes(house, night=3) == []


def test_a_file_without_a_period_is_shown_in_every_open_period(house: House) -> None:
    house.submit(findings=[TRUNCATED], county=XI)
    assert codes(house, period="2015") == ["file-truncated"]
    assert codes(house, period="2003H1") == ["file-truncated"]
    assert to_publish(house)[:2] == ["2003H1", "2015"]
    house.submit(house.filing("pv", FENXI), name="f")
    assert to_publish(house) == ["2015"]  # the only period that has begun
    with house.engine.connect() as connection:
        found = findings(connection, house.scheme, house.night(1))
    assert [filed.finding.code for filed in found if filed.file_name] == ["file-truncated"]


def turned_away(house: House, period: str, night: int, name: str = "away.xlsx") -> None:
    """A file of a county for a period that takes no returns."""
    found = Finding(code="period-not-open", severity=Severity.ERROR, county=XI, period=period)
    house.submit(county=XI, period=period, findings=[found], night=night, name=name)


def listed(house: House, night: int) -> list[str]:
    """The periods in whose lists it stands."""
    periods = (entry.id for entry in house.scheme.periods)
    return [p for p in periods if "period-not-open" in codes(house, night, p)]


def test_a_file_for_a_period_that_is_not_open_is_in_the_list_that_is_being_worked_on(
    house: House,
) -> None:
    house.submit(house.filing("pv", FENXI), name="f")
    house.submit(house.filing("reduction", FENXI, {"task": 1}, period="2003H1"), name="old")
    for period in ("2015", "2003H1"):
        house.publish(period=period)
    turned_away(house, "1999", night=2)
    assert listed(house, night=2) == ["2015"]
    assert to_publish(house) == ["2015"]
    # A period that opened or began later does not take it over.
    house.submit(house.filing("plan_targets", "141000", period="2016"), name="plan", night=40)
    assert listed(house, night=40) == ["2015"]


def test_a_file_for_a_period_that_is_closed_is_in_the_list_of_its_own(house: House) -> None:
    house.submit(house.filing("reduction", FENXI, {"task": 1}, period="2003H1"), name="old")
    house.submit(house.filing("pv", FENXI), name="f")
    closed = [e.model_copy(update={"closed": e.id == "2003H1"}) for e in house.scheme.periods]
    house = replace(house, scheme=house.scheme.model_copy(update={"periods": tuple(closed)}))
    for period in ("2015", "2003H1"):
        house.publish(period=period)
    turned_away(house, "2003H1", night=2)
    assert listed(house, night=2) == ["2003H1"]
    assert to_publish(house) == ["2003H1"]
    house.submit(house.filing("pv", XI), night=3)
    assert listed(house, night=3) == []


def test_an_unreadable_file_stands_until_its_county_sends_a_readable_one(house: House) -> None:
    house.submit(findings=[TRUNCATED], county=XI)
    house.submit(house.filing("pv", FENXI), night=2)
    assert codes(house, night=2) == ["file-truncated"]
    house.submit(house.filing("pv", XI), night=3)
    assert codes(house, night=3) == []
    assert codes(house, night=3, period="2003H1") == []


def test_a_file_of_an_unknown_county_stands_until_one_of_its_name_is_readable(
    house: House,
) -> None:
    house.submit(findings=[TRUNCATED], name="x.xlsx")
    house.submit(house.filing("pv", XI), name="y.xlsx", night=2)
    assert codes(house, night=2) == ["file-truncated"]
    house.submit(house.filing("pv", FENXI), name="x.xlsx", night=3)
    assert codes(house, night=3) == []


def test_a_bad_file_after_a_good_one_of_the_same_night_is_shown(house: House) -> None:
    house.submit(house.filing("pv", XI), name="good.xlsx")
    house.submit(findings=[TRUNCATED], county=XI, name="bad.xlsx")
    assert codes(house) == ["file-truncated"]


def test_checks_are_summed_over_the_latest_filings(house: House) -> None:
    def result(passed: int, failed: int) -> CheckResult:
        return CheckResult(
            check="R18-lifted",
            statement=Text(zh="不超过", en="no more"),
            severity=Severity.ERROR,
            passed=passed,
            failed=failed,
            undetermined=1,
        )

    house.submit(house.filing("reduction", XI, {"task": 1}), results=[result(5, 2)], name="x")
    house.submit(house.filing("reduction", FENXI, {"task": 1}), results=[result(1, 0)], name="f")
    house.submit(
        house.filing("reduction", XI, {"task": 2}), results=[result(3, 0)], name="x2", night=2
    )
    checks = {c.form.name: c for c in house.contents(night=2).checks}["reduction"]
    assert checks.filings == 2
    (summed,) = checks.results
    assert (summed.passed, summed.failed, summed.undetermined) == (4, 0, 2)


def test_a_county_gets_back_the_workbooks_its_latest_filings_came_from(house: House) -> None:
    both = (house.filing("pv", XI), house.filing("reduction", XI, {"task": 1}))
    house.submit(*both, name="one.xlsx", content=b"one")
    assert [copy.content for copy in house.contents().copies[XI]] == [b"one"]
    bad = house.filing("pv", XI, {"station_no": "1"}, findings=[MISSING])
    house.submit(bad, name="two.xlsx", content=b"two", night=2)
    assert [c.file_name for c in house.contents(night=2).copies[XI]] == ["one.xlsx", "two.xlsx"]
    last = (house.filing("pv", XI), house.filing("reduction", XI, {"task": 3}))
    house.submit(*last, name="three.xlsx", content=b"three", night=3)
    assert [copy.file_name for copy in house.contents(night=3).copies[XI]] == ["three.xlsx"]


# --- revisions ----------------------------------------------------------------------------------


def test_a_first_publication_revises_nothing(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 400}))
    contents = house.publish()
    assert (contents.serial, contents.revisions) == (1, ())


def test_a_correction_is_listed_for_the_county_and_the_municipality(house: House) -> None:
    for county in (XI, FENXI):
        filing = house.filing("reduction", county, {"task": 400, "rural_pop": 9, "end_persons": 3})
        house.submit(filing, name=county)
    house.publish()
    corrected = house.filing("reduction", XI, {"task": 397, "rural_pop": 9, "end_persons": 3})
    house.submit(corrected, night=2, name="corrected.xlsx")
    contents = house.publish(night=2)
    assert contents.serial == 2
    assert [
        (r.unit.code, r.measure.name, r.before, r.after, r.version_before, r.version_after)
        for r in contents.revisions
    ] == [
        (XI, "task", Decimal(400), Decimal(397), 1, 2),
        ("141000", "task", Decimal(800), Decimal(797), None, None),
    ]
    assert [r.file_name for r in contents.revisions] == ["corrected.xlsx", None]
    assert house.contents(night=3).revisions == ()


def test_a_county_that_comes_late_is_listed_with_nothing_before(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 400}))
    house.publish()
    house.submit(house.filing("reduction", FENXI, {"task": 1}), night=2)
    revision = house.contents(night=2).revisions[0]
    assert (revision.unit.code, revision.before, revision.version_before) == (FENXI, None, None)


# --- when to publish ----------------------------------------------------------------------------


def test_nothing_recorded_is_nothing_to_publish(house: House) -> None:
    assert to_publish(house) == []


def test_only_the_periods_that_something_was_recorded_for_are_published(house: House) -> None:
    house.submit(house.filing("pv", XI))
    assert to_publish(house) == ["2015"]
    house.publish()
    assert to_publish(house) == []
    house.submit(house.filing("pv", FENXI), night=2)
    assert to_publish(house) == ["2015"]


def test_a_refused_filing_is_a_reason_to_publish(house: House) -> None:
    house.submit(house.filing("pv", XI))
    house.publish()
    house.submit(house.filing("pv", XI, findings=[MISSING]), night=2)
    assert to_publish(house) == ["2015"]


def test_a_repetition_is_a_reason_to_publish_and_the_same_file_again_is_none(house: House) -> None:
    house.submit(house.filing("pv", XI), name="a.xlsx", content=b"one")
    house.publish()
    with house.engine.begin() as connection:
        keep(connection, Received("a.xlsx", b"one", "folder"), house.night(2))
    assert to_publish(house) == []
    with house.engine.begin() as connection:
        keep(connection, Received("b.xlsx", b"one", "folder"), house.night(2))
    assert to_publish(house) == ["2015"]


def test_another_scheme_is_a_reason_to_publish(house: House) -> None:
    house.submit(house.filing("pv", XI))
    house.publish()
    other = house.scheme.model_copy(update={"fingerprint": "other"})
    with house.engine.connect() as connection:
        assert periods_to_publish(connection, other) == ["2015"]


def test_recording_a_publication_twice_changes_nothing(house: House) -> None:
    house.submit(house.filing("pv", XI))
    contents = house.publish()
    with house.engine.begin() as connection:
        record_publication(connection, contents, "0001", {"other.csv": "1" * 64}, "zh")
    assert house.contents(night=2).serial == 2


def test_the_last_moment_is_that_of_whatever_came_last(house: House) -> None:
    with house.engine.connect() as connection:
        assert last_moment(connection) is None
    house.submit(house.filing("pv", XI), night=2)
    with house.engine.connect() as connection:
        assert last_moment(connection) == house.night(2)
    house.publish(night=5)
    with house.engine.connect() as connection:
        assert last_moment(connection) == house.night(5)


# --- status and findings ------------------------------------------------------------------------


def test_status_counts_what_is_owed_reported_and_refused(house: House) -> None:
    house.submit(house.filing("pv", XI), name="x")
    house.submit(house.filing("pv", FENXI, findings=[MISSING]), name="f")
    house.publish()
    house.submit(house.filing("pv", XI, findings=[MISSING, DOUBTFUL]), name="x2", night=2)
    with house.engine.connect() as connection:
        periods = {p.period.id: p for p in status(connection, house.scheme, house.night(2))}
    pv = next(form for form in periods["2015"].forms if form.form.name == "pv")
    assert (pv.owed, pv.reported, pv.refused) == (17, 1, 2)
    assert pv.findings == {Severity.ERROR: 2, Severity.WARNING: 1}
    assert (periods["2015"].serial, periods["2015"].published_at) == (1, house.night(1))
    # What came, and what may still come in time.
    assert periods.keys() == {"2015", "2015Q4", "2015-12"}
    assert (periods["2015-12"].serial, periods["2015-12"].findings) == (None, {})


def test_findings_can_be_narrowed(house: House) -> None:
    house.submit(house.filing("pv", XI, findings=[MISSING, DOUBTFUL]), name="x")
    house.submit(house.filing("reduction", FENXI, {"task": 1}, findings=[MISSING]), name="f")

    def found(**narrowed: str) -> list[tuple[str | None, str]]:
        severity = Severity(narrowed.pop("severity")) if "severity" in narrowed else None
        with house.engine.connect() as connection:
            filed = findings(
                connection, house.scheme, house.night(1), severity=severity, **narrowed
            )
        return [(one.finding.county, one.finding.code) for one in filed if one.file_name]

    assert found() == [(XI, "value-missing"), (XI, "rule-failed"), (FENXI, "value-missing")]
    assert found(county=FENXI) == [(FENXI, "value-missing")]
    assert found(form="pv", severity="warning") == [(XI, "rule-failed")]
    assert found(period="2003H1") == []
