"""Accepted returns are judged again when what they are compared with is accepted or taken out."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.between import validate_between
from flows.checking.judging import judge_again
from flows.telling import letters
from schemas.errors import WarehouseError
from schemas.filing import Checked, Filing, Total
from schemas.findings import CellRef, Finding, Severity, State
from schemas.models import Scheme
from tests.conftest import empty_warehouse
from tests.expectations.conftest import VALID, YAODU
from tests.lent import Lender, lender_of
from tests.warehouse.conftest import House
from warehouse.consolidation.contents import FiledFinding
from warehouse.consolidation.standings import Standings
from warehouse.judging.judgements import Judgement, record_judgement
from warehouse.judging.overtaken import judgeable
from warehouse.judging.reviews import Decision
from warehouse.stewards import verdicts
from warehouse.stewards.due import periods_to_publish
from warehouse.stewards.news import Overtaken, disagreeing
from warehouse.stewards.worklist import ListedFiling, worklist

SIZE = "R15-size"
"""That there are as many members in all is the same fault, and is told with it."""

on_one_database = pytest.mark.parametrize("accepted", ["sqlite"], indirect=True, scope="module")
"""What is the same statements as in the facts that are stated on both."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def accepted(
    request: pytest.FixtureRequest, few: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lender]:
    """A warehouse after a first night, to be copied."""
    with empty_warehouse(request, tmp_path_factory.mktemp("accepted")) as engine:
        house = House(engine, few)
        house.submit(register(house, 4), name="R14.xlsx")
        house.submit(members(house, 4), name="R15.xlsx")
        assert judge(house, 1) == []
        house.publish(night=1)
        engine.dispose()
        with lender_of(engine.url, tmp_path_factory.mktemp("lent")) as lender:
            yield lender


@pytest.fixture
def desk(accepted: Lender, few: Scheme) -> Iterator[House]:
    """A household of four persons and its four members were accepted in the first night."""
    with accepted.lent() as engine:
        yield House(engine, few)


def register(house: House, persons: int) -> Filing:
    return house.filing("hh_register", YAODU, {**VALID["hh_register"][0], "persons": persons})


def members(house: House, number: int) -> Filing:
    line = {**VALID["hh_member"][0], "hh_no": VALID["hh_register"][0]["hh_no"]}
    lines = [
        {**line, "person_no": f"P{n}", "relation": "child" if n else "head"} for n in range(number)
    ]
    return house.filing("hh_member", YAODU, *lines)


def judge(house: House, night: int) -> list[Judgement]:
    return judge_again(house.engine, house.scheme, house.night(night))


def told(house: House, night: int) -> list[FiledFinding]:
    return [filed for filed in house.told(night=night) if filed.finding.rule is not None]


def rules(house: House, night: int) -> list[str | None]:
    return [filed.finding.rule for filed in told(house, night)]


def outdated(house: House) -> list[str]:
    with house.engine.connect() as connection:
        return periods_to_publish(connection, house.scheme)


def standing(house: House, form: str, night: int) -> str:
    contents = house.contents(night=night)
    (table,) = [table for table in contents.tables if table.form.name == form]
    (row,) = [row for row in table.counties if row.unit.code == YAODU]
    return Standings(contents).of(table, row).value


def listed(house: House, form: str, night: int, version: int = 1) -> ListedFiling:
    with house.engine.connect() as connection:
        entry = house.scheme.period("2015")
        found = worklist(connection, house.scheme, entry, house.night(night))
    (one,) = [each for each in found if (each.form, each.version) == (form, version)]
    return one


def at(house: House, night: int) -> Decision:
    return Decision("checked on the spot", "Wang Min", house.night(night))


def test_a_correction_is_held_against_what_was_accepted_before_it(desk: House) -> None:
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    (judgement,) = judge(desk, 2)
    assert len(judgement.begun) == 1
    assert not judgement.ended
    (whole,) = told(desk, 2)
    assert whole.finding.rule == SIZE
    assert (whole.finding.form, whole.finding.county) == ("hh_member", YAODU)
    assert (whole.finding.observed, whole.finding.expected) == ("4", "= 5")
    sheet = desk.scheme.form("hh_member").sheet_name
    assert [str(cell) for cell in whole.finding.cells] == [f"{sheet}!C{n}" for n in (5, 6, 7, 8)]
    assert (whole.file_name, whole.state, whole.since) == ("R15.xlsx", State.OPEN, desk.night(2))
    assert whole.unexplained  # what is accepted counts, and is provisional
    assert standing(desk, "hh_member", 2) == "unexplained"
    assert standing(desk, "hh_register", 2) == "accepted"
    assert desk.table("hh_member", night=2).municipality.values["members"] == 4
    assert rules(desk, 1) == []  # the night before is known as it was


@on_one_database
def test_a_person_is_not_told_when_judged_again(desk: House) -> None:
    person = "14263219700101123X"
    failed = Finding(
        code="relation-failed",
        severity=Severity.WARNING,
        rule=SIZE,
        expected="= 5",
        parameters={"substituted": f"{person}: 4 ≠ 5"},
    )
    with desk.engine.begin() as connection:
        (of_members,) = [one for one in judgeable(connection) if one.source.form == "hh_member"]
        checked = Checked((failed,), ())
        record_judgement(connection, desk.scheme, of_members, [], checked, desk.night(2))
    (whole,) = told(desk, 2)
    assert whole.finding.expected == "= 5"
    assert whole.finding.parameters == {"substituted": "…: 4 ≠ 5"}


def test_a_finding_that_no_longer_holds_ends_and_stays_in_the_history(desk: House) -> None:
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    judge(desk, 2)
    desk.publish(night=2)
    assert outdated(desk) == []
    desk.submit(register(desk, 4), night=3, name="R14 as it was.xlsx")
    (judgement,) = judge(desk, 3)
    assert len(judgement.ended) == 1
    assert not judgement.begun
    assert rules(desk, 3) == []
    assert standing(desk, "hh_member", 3) == "accepted"
    assert rules(desk, 2) == [SIZE]  # that night is known as it was
    members_now = listed(desk, "hh_member", 3)
    assert members_now.standing == "accepted"
    assert [(c.begun, c.ended) for c in members_now.judged] == [
        ((SIZE,), ()),
        ((), (SIZE,)),
    ]
    causes = [(of.form, version) for c in members_now.judged for of, version in c.causes]
    assert causes == [("hh_register", 2), ("hh_register", 3)]
    assert listed(desk, "hh_member", 2).standing == "provisional"

    desk.submit(register(desk, 5), night=4, name="R14 corrected once more.xlsx")
    judge(desk, 4)
    (whole,) = told(desk, 4)
    assert whole.since == desk.night(4)


@on_one_database
def test_what_was_judged_is_judged_again_only_when_something_changes(desk: House) -> None:
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    assert len(judge(desk, 2)) == 1
    assert judge(desk, 2) == judge(desk, 3) == []
    desk.publish(night=3)
    assert outdated(desk) == []


@on_one_database
def test_a_judgement_that_was_missed_is_made_up_for(desk: House) -> None:
    """A night that is cut off before it judges leaves that to the next one."""
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    desk.publish(night=2)
    assert len(judge(desk, 3)) == 1
    assert outdated(desk) == ["2015"]
    assert rules(desk, 2) == [] != rules(desk, 3)


@on_one_database
def test_a_return_that_a_steward_takes_out_is_a_change_too(desk: House) -> None:
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    judge(desk, 2)
    number = listed(desk, "hh_register", 2, version=2).id
    with desk.engine.begin() as connection:
        verdicts.return_filing(connection, desk.scheme, number, at(desk, 3))
    (judgement,) = judge(desk, 4)
    assert len(judgement.ended) == 1
    assert rules(desk, 4) == []


@on_one_database
def test_a_steward_lets_a_return_stay_with_an_error_that_it_has_come_to_have(desk: House) -> None:
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    judge(desk, 2)
    number = listed(desk, "hh_member", 2).id
    with desk.engine.begin() as connection:
        verdicts.let_in(connection, desk.scheme, number, None, at(desk, 3))
    assert {filed.state for filed in told(desk, 3)} == {State.ACCEPTED}
    assert listed(desk, "hh_member", 3).standing == "accepted"
    with desk.engine.begin() as connection, pytest.raises(WarehouseError, match="counts already"):
        verdicts.let_in(connection, desk.scheme, number, None, at(desk, 4))
    desk.submit(register(desk, 6), night=5, name="R14 once more.xlsx")
    judge(desk, 5)
    assert {filed.state for filed in told(desk, 5)} == {State.OPEN}  # another number than then


@on_one_database
def test_what_was_sent_again_unchanged_has_the_finding(desk: House) -> None:
    desk.submit(members(desk, 4), night=2, name="R15 again.xlsx")
    desk.submit(register(desk, 5), night=3, name="R14 corrected.xlsx")
    judge(desk, 3)
    assert {filed.file_name for filed in told(desk, 3)} == {"R15 again.xlsx"}
    unchanged = listed(desk, "hh_member", 3, version=2)
    assert unchanged.standing == "provisional"
    with desk.engine.begin() as connection:
        verdicts.let_in(connection, desk.scheme, unchanged.id, None, at(desk, 4))
    assert listed(desk, "hh_member", 4, version=2).standing == "accepted"


@on_one_database
def test_the_targets_of_the_city_are_held_against_every_county(desk: House) -> None:
    """And only against the returns of which a rule speaks of them."""
    training = desk.filing("training", YAODU, *VALID["training"])
    desk.submit(training, night=2, name="R11.xlsx")
    assert judge(desk, 2) == []
    item = "employment_training"
    line = {"county": YAODU, "item": item, "target": Decimal(500), "document": "x"}
    city = desk.scheme.municipality.code
    desk.submit(desk.filing("plan_targets", city, line), night=3, name="R37.xlsx")
    (judgement,) = judge(desk, 3)
    (filed,) = told(desk, 3)
    assert filed.finding.form == "training"
    assert filed.finding.difference == Decimal(-100)
    assert judgement.begun == {filed.finding.key}


@on_one_database
def test_a_finding_at_a_total_that_the_county_wrote_goes_on_standing(desk: House) -> None:
    """Written totals are not kept, so that its cells would be others now."""
    funds = desk.filing("fund_arrival", YAODU, *VALID["fund_arrival"])
    moved = desk.filing("relocation_progress", YAODU, *VALID["relocation_progress"])
    total = Total("funds_arrived", Decimal(300), CellRef(sheet=moved.sheet, address="L4"))
    ((_, checked),) = validate_between([[funds, replace(moved, totals=(total,))]], desk.scheme, {})
    (too_much,) = [each for each in checked.findings if each.rule == "R02-arrived-funds"]
    assert (too_much.cells[0], too_much.effect) == (total.cell, Decimal("139"))
    desk.submit(funds, night=2, name="R07.xlsx")
    moved = replace(moved, findings=checked.findings)
    desk.submit(moved, night=2, name="R02.xlsx", results=checked.results)
    before = told(desk, 2)

    lines = [{**line, "delay_days": 19} for line in VALID["fund_arrival"]]
    desk.submit(desk.filing("fund_arrival", YAODU, *lines), night=3, name="R07 corrected.xlsx")
    (judgement,) = judge(desk, 3)
    assert not judgement.changed
    assert told(desk, 3) == before


@on_one_database
def test_a_county_is_told_that_an_accepted_return_no_longer_agrees(desk: House) -> None:
    desk.submit(register(desk, 5), night=2, name="R14 corrected.xlsx")
    judge(desk, 2)
    with desk.engine.connect() as connection:
        found = disagreeing(connection, YAODU, desk.night(1), desk.night(2))
        assert disagreeing(connection, YAODU, desk.night(2), desk.night(3)) == ()
    assert found == (Overtaken("hh_member", "2015", {Severity.ERROR: 1}),)
    county = desk.scheme.county(YAODU)
    subject, text = letters.of_returns(desk.scheme, county, (), found, [], "zh")
    assert subject == "尧都区：已接收报表中有1份与其他报表不再一致"
    assert "- 2015 R15 建档立卡家庭成员表 (强制性 1)" in text.splitlines()
