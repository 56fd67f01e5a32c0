"""The report of the city beside what its counties make: a finding, and the sheet's comparisons."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import text

from schemas import messages
from schemas.answers import Answer, Answers, ListStamp
from schemas.filing import Typed
from schemas.findings import CellRef, Severity, State
from schemas.models import Scheme
from tests.databases import bare_database
from tests.few import with_counties, with_forms
from tests.lent import Lender, lender_of
from tests.warehouse.conftest import FIRST_ROW, House
from warehouse.consolidation.comparisons import Against, DifferenceCause
from warehouse.consolidation.contents import FiledFinding
from warehouse.queries import status
from warehouse.stewards.due import periods_to_publish
from warehouse.stewards.worklist import worklist
from warehouse.upkeep.upgrade import upgrade

CITY, XI, FENXI, JI = "141000", "141031", "141034", "141028"
Line = tuple[str, str | None, str | None, DifferenceCause]


@pytest.fixture(scope="module")
def small(scheme: Scheme) -> Scheme:
    """Three counties, and the form whose tasks and lifted persons stand in the report."""
    return with_counties(with_forms(scheme, {"reduction", "work_summary"}), {XI, FENXI, JI})


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lender(
    request: pytest.FixtureRequest, small: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lender]:
    with bare_database(request, tmp_path_factory.mktemp("small")) as engine:
        upgrade(engine, small)
        engine.dispose()
        with lender_of(engine.url, tmp_path_factory.mktemp("lent")) as lender:
            yield lender


@pytest.fixture
def house(lender: Lender, small: Scheme) -> Iterator[House]:
    with lender.lent() as engine:
        yield House(engine, small)


def report(
    house: House, night: int, *figures: tuple[str, str, str], period: str = "2015年"
) -> None:
    lines = [
        {"source": "R18", "figure": name, "value": Decimal(value), "unit": unit}
        for name, value, unit in figures
    ]
    told = [{**line, "reported_period": period} for line in lines]
    house.submit(house.filing("work_summary", CITY, *told), night=night, name=f"report {night}")


def task(house: House, county: str, value: int, night: int) -> None:
    line = {"task": Decimal(value), "lifted": Decimal(1)}
    house.submit(house.filing("reduction", county, line), night=night, name=f"{county} {night}")


def compared(house: House, night: int, measure: str = "task") -> list[Line]:
    return [
        (
            one.unit.code,
            None if one.stated is None else f"{one.stated.normalize():f}",
            None if one.expected is None else f"{one.expected.normalize():f}",
            one.cause,
        )
        for one in house.contents(night=night).comparisons
        if one.rule == f"report-reduction-{measure}" and one.against is Against.COUNTIES
    ]


def told(house: House, night: int) -> list[tuple[Severity, str]]:
    found = (filed.finding for filed in house.told(night=night))
    return [(f.severity, messages.fact(f, "zh")) for f in found if f.code == "report-differs"]


def test_a_report_that_states_what_its_counties_make_is_right(house: House) -> None:
    for county, value in ((XI, 10), (FENXI, 20), (JI, 30)):
        task(house, county, value, night=1)
    report(house, 1, ("本年任务", "60", "person"), ("本年变动 本年脱贫", "3", "person"))
    assert compared(house, 1) == [(CITY, "60", "60", DifferenceCause.AGREES)]
    assert compared(house, 1, "lifted") == [(CITY, "3", "3", DifferenceCause.AGREES)]
    assert told(house, 1) == []


def test_a_sum_that_was_right_differs_by_what_came_and_what_was_corrected(house: House) -> None:
    task(house, XI, 10, night=1)
    task(house, FENXI, 20, night=1)
    house.publish(night=1)
    report(house, 2, ("本年任务", "30", "person"))
    assert compared(house, 2) == [(CITY, "30", "30", DifferenceCause.AGREES)]
    house.publish(night=2)
    task(house, XI, 12, night=3)
    task(house, JI, 5, night=3)
    assert compared(house, 3) == [
        (JI, None, "5", DifferenceCause.LATE),
        (XI, "10", "12", DifferenceCause.REVISED),
        (CITY, "30", "37", DifferenceCause.COUNTIES),
    ]
    (finding,) = (f.finding for f in house.told(night=3) if f.finding.code == "report-differs")
    assert finding.severity is Severity.WARNING
    assert (finding.county, finding.form, finding.difference) == (
        CITY,
        "work_summary",
        Decimal(-7),
    )
    assert [str(cell) for cell in finding.cells] == [f"R35 工作总结数据表!D{FIRST_ROW}"]
    assert messages.fact(finding, "zh") == (
        "减贫任务与脱贫摘帽进度表“本年任务”写的是30，按已报的3个县(应报3个)汇总是37，相差7。"
    )
    house.publish(night=3)
    with house.engine.connect() as connection:
        name = "mart.{}" if connection.dialect.name == "postgresql" else "mart_{}"
        shown = connection.execute(
            text(
                "SELECT county_code, difference, difference_cause "
                f"FROM {name.format('reconciliation')} WHERE against = 'counties' ORDER BY 1"
            )
        )
        assert [tuple(row) for row in shown] == [
            (CITY, -7, "counties"),
            (JI, -5, "late"),
            (XI, -2, "revised"),
        ]
        state = text(
            f"SELECT severity, state FROM {name.format('findings')} WHERE code LIKE 'rep%'"
        )
        assert [tuple(row) for row in connection.execute(state)] == [("warning", "open")]
    assert compared(house, 2) == [
        (CITY, "30", "30", DifferenceCause.AGREES)
    ]  # as it was known then


def test_a_sum_that_never_was_so_is_the_citys_own_and_missing_counties_are_named(
    house: House,
) -> None:
    task(house, XI, 10, night=1)
    report(house, 1, ("本年任务", "25", "person"))
    assert compared(house, 1) == [
        (JI, None, None, DifferenceCause.LATE),
        (FENXI, None, None, DifferenceCause.LATE),
        (CITY, "25", "10", DifferenceCause.DIFFERS),
    ]
    fact = "减贫任务与脱贫摘帽进度表“本年任务”写的是25，按已报的1个县(应报3个)汇总是10，相差15。"
    assert told(house, 1) == [(Severity.NOTICE, fact)]


@pytest.mark.parametrize(("unit", "period"), [("household", "2015年"), ("person", "2014年")])
def test_another_unit_or_period_is_not_compared(house: House, unit: str, period: str) -> None:
    task(house, XI, 10, night=1)
    report(house, 1, ("本年任务", "25", unit), period=period)
    assert compared(house, 1) == []
    assert told(house, 1) == []


def test_a_rough_figure_may_be_off_by_half_of_its_last_digit(house: House) -> None:
    task(house, XI, 12345, night=1)
    line = {"source": "r18", "figure": "本年 任务", "value": Decimal(12000), "unit": "person"}
    filing = house.filing("work_summary", CITY, {**line, "reported_period": "2015年度"})
    rough = Typed("近1.2万", Decimal(1000), "近")
    house.submit(replace(filing, typed={("value", FIRST_ROW): rough}), name="report")
    assert compared(house, 1) == [(CITY, "12000", "12345", DifferenceCause.ROUNDING)]
    assert told(house, 1) == []


def test_where_no_report_came_nothing_is_compared(house: House) -> None:
    task(house, XI, 10, night=1)
    assert compared(house, 1) == []
    assert told(house, 1) == []


def differing(house: House, night: int, figure: str = "本年任务") -> FiledFinding:
    (filed,) = [
        filed
        for filed in house.told(night=night)
        if filed.finding.code == "report-differs" and figure in messages.fact(filed.finding, "zh")
    ]
    return filed


def explain(house: House, filed: FiledFinding, night: int, serial: int = 1) -> list[str]:
    """Send the list of a publication back with one explanation; the codes of what was refused."""
    stamp = ListStamp("list", house.scheme.id, "2015", serial, CITY, "说明")
    answer = Answer(filed.reference, "含市直单位", CellRef(sheet="差异清单", address="T5"))
    name = f"list {night}.xlsx"
    house.submit(
        night=night, name=name, county=CITY, period="2015", answers=Answers(stamp, (answer,))
    )
    codes = [f.finding.code for f in house.told(night=night) if f.file_name == name]
    return [code for code in codes if code.startswith("explanation")]


@pytest.fixture
def stated(house: House) -> House:
    """A report that states two figures otherwise than its counties make them, published so."""
    for county, value in ((XI, 100), (FENXI, 200), (JI, 300)):
        task(house, county, value, night=1)
    report(house, 1, ("本年任务", "640", "person"), ("本年变动 本年脱贫", "9", "person"))
    house.publish(night=1)
    return house


def test_the_citys_list_explains_one_figure_and_no_other(stated: House) -> None:
    assert explain(stated, differing(stated, 1), night=2) == []
    filed = differing(stated, 2)
    assert filed.state is State.EXPLAINED
    assert filed.explanation is not None
    assert (filed.explanation.text, filed.explanation.written_by) == ("含市直单位", CITY)
    assert differing(stated, 2, "本年脱贫").state is State.OPEN
    assert differing(stated, 1).state is State.OPEN  # as it was known then
    with stated.engine.connect() as connection:
        assert periods_to_publish(connection, stated.scheme) == ["2015"]


def test_what_was_explained_is_open_again_when_the_counties_make_something_else(
    stated: House,
) -> None:
    assert explain(stated, differing(stated, 1), night=2) == []
    report(stated, 3, ("本年任务", "641", "person"))  # another version that hardly differs
    assert differing(stated, 3).state is State.EXPLAINED
    task(stated, XI, 130, night=4)  # 32 is 5 % of 640: the difference of 40 may become 8 to 72
    assert differing(stated, 4).state is State.EXPLAINED
    task(stated, XI, 60, night=5)
    filed = differing(stated, 5)
    assert filed.state is State.OPEN
    assert filed.explanation is not None
    assert filed.explanation.covers.difference == Decimal(40)
    task(stated, XI, 100, night=6)
    assert differing(stated, 6).state is State.EXPLAINED


def test_only_the_city_explains_its_report_and_only_what_was_published(stated: House) -> None:
    unknown = differing(stated, 1)
    task(stated, XI, 300, night=2)
    assert explain(stated, differing(stated, 2), night=3) == ["explanation-unmatched"]
    assert explain(stated, unknown, night=4) == ["explanation-outdated"]
    assert explain(stated, unknown, night=5, serial=7) == ["explanation-unmatched"]
    assert differing(stated, 5).state is State.OPEN


def test_the_status_and_the_worklist_count_it(stated: House) -> None:
    def seen(night: int) -> tuple[int, int, str, int]:
        with stated.engine.connect() as connection:
            at = stated.night(night)
            entry = stated.scheme.period("2015")
            (period,) = [p for p in status(connection, stated.scheme, at) if p.period == entry]
            filings = worklist(connection, stated.scheme, entry, at)
        (of_city,) = [each for each in period.forms if each.form.report]
        (listed,) = [filing for filing in filings if filing.county == CITY]
        return (
            period.findings[Severity.WARNING],
            of_city.provisional,
            listed.standing,
            listed.warnings,
        )

    assert seen(1) == (2, 1, "provisional", 2)
    explain(stated, differing(stated, 1), night=2)
    explain(stated, differing(stated, 1, "本年脱贫"), night=3)
    assert seen(3) == (2, 0, "accepted", 0)
