"""Rules between forms: what fails, with whose numbers, at which cells; what is undetermined."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.between import validate_between
from schemas import messages
from schemas.consolidated.figures import Figure, Figures, Source, wanted
from schemas.consolidated.measures import Measure
from schemas.consolidated.relations import operand
from schemas.filing import Checked, Filing, Total
from schemas.findings import CellRef, CheckResult, Finding
from schemas.models import Scheme
from tests.expectations.conftest import VALID, YAODU

Make = Callable[..., Filing]
EXACT = Decimal(0)


def measure(scheme: Scheme, name: str) -> Measure:
    return operand(name, scheme).measure


def accepted(
    scheme: Scheme, name: str, value: int | str, period: str, county: str = YAODU
) -> Figures:
    """One figure that the warehouse holds."""
    found = operand(name, scheme)
    source = Source(found.form.name, county, period)
    return {(source, found.measure): Figure(Decimal(value), EXACT)}


def result(checked: Checked, rule: str) -> CheckResult:
    return next(found for found in checked.results if found.check == rule)


def counts(checked: Checked, rule: str) -> tuple[int, int, int]:
    found = result(checked, rule)
    return found.passed, found.failed, found.undetermined


def finding(checked: Checked, rule: str) -> Finding:
    return next(found for found in checked.findings if found.rule == rule)


def registers(make: Make, persons: int, members: int) -> list[Filing]:
    """One household of so many persons, and so many lines of members."""
    member = VALID["hh_member"][0]
    people = [{**member, "person_no": f"P{n:04}", "relation": "child"} for n in range(members)]
    people[0]["relation"] = "head"
    household = {**VALID["hh_register"][0], "persons": persons}
    return [make("hh_register", lines=[household]), make("hh_member", lines=people)]


def test_forms_of_one_file_that_agree(filing: Make, scheme: Scheme) -> None:
    (checked,) = validate_between([registers(filing, 4, 4)], scheme, {})
    assert [of.findings for of in checked] == [(), ()]
    assert counts(checked[1], "R15-members") == (1, 0, 0)
    assert result(checked[1], "R15-members").severity == "error"


def test_forms_that_differ_are_told_with_both_numbers_and_their_cells(
    filing: Make, scheme: Scheme
) -> None:
    register, members = registers(filing, 4, 3)
    (checked,) = validate_between([[register, members]], scheme, {})
    assert checked[0].findings == ()
    found = finding(checked[1], "R15-members")
    assert (found.code, found.severity, found.form) == ("relation-failed", "error", "hh_member")
    assert (found.observed, found.expected, found.difference) == ("3", "= 4", Decimal(-1))
    assert [str(cell) for cell in found.cells] == [
        *(f"{members.sheet}!{members.columns['person_no']}{row}" for row in (8, 9, 10)),
        f"{register.sheet}!{register.columns['persons']}8",
    ]
    assert messages.fact(found, "zh") == (
        "应满足“家庭成员行数等于各户家庭人口之和”，"
        "实际：人数 3 ≠ 《建档立卡贫困户登记表(户)》家庭人口 4。"
    )
    assert "Members 3 ≠ Persons (Register of poor households) 4" in messages.fact(found, "en")


def test_a_written_total_is_where_a_figure_stands(filing: Make, scheme: Scheme) -> None:
    total = Total("funds_arrived", Decimal("300.0000"), CellRef(sheet="R02", address="L7"))
    relocation = filing("relocation_progress", totals=(total,))
    known = accepted(scheme, "fund_arrival.arrived", "299.99", "2015")
    ((checked,),) = validate_between([[relocation]], scheme, known)
    found = finding(checked, "R02-arrived-funds")
    assert (found.severity, found.cells) == ("warning", (total.cell,))
    assert found.difference == Decimal("0.01")


def test_the_form_that_is_not_in_leaves_a_rule_undetermined(filing: Make, scheme: Scheme) -> None:
    ((checked,),) = validate_between([[filing("relocation_progress")]], scheme, {})
    assert checked.findings == ()
    assert counts(checked, "R02-arrived-funds") == (0, 0, 1)


def test_a_rule_with_a_form_that_is_not_owed_is_no_check_of_the_period(
    filing: Make, scheme: Scheme
) -> None:
    ((checked,),) = validate_between([[filing("relocation_progress")]], scheme, {})
    assert "R02-survey-persons" not in {found.check for found in checked.results}


@pytest.mark.parametrize(("stock", "outcome"), [(4800, (1, 0, 0)), (4801, (0, 1, 0))])
def test_the_stock_is_carried_over_from_the_end_of_last_year(
    filing: Make, scheme: Scheme, stock: int, outcome: tuple[int, int, int]
) -> None:
    biogas = replace(filing("biogas"), period="2004H1")
    known = accepted(scheme, "biogas.stock_now", stock, "2003H2")
    ((checked,),) = validate_between([[biogas]], scheme, known)
    assert counts(checked, "R04-carried-over") == outcome
    if outcome[1]:
        fact = messages.fact(finding(checked, "R04-carried-over"), "zh")
        assert "上年末累计 4800 ≠ 2003年下半年期末累计 4801" in fact


def test_what_came_stands_in_the_place_of_what_is_accepted(filing: Make, scheme: Scheme) -> None:
    register, members = registers(filing, 4, 4)
    known = accepted(scheme, "hh_register.persons", 99, "2015")
    in_one_file, apart = (
        validate_between(returns, scheme, known)
        for returns in ([[register, members]], [[register], [members]])
    )
    assert in_one_file[0][1].findings == apart[1][0].findings == ()
    ((alone,),) = validate_between([[members]], scheme, known)
    assert finding(alone, "R15-members").expected == "= 99"


def test_cells_are_those_of_the_file_that_is_judged(filing: Make, scheme: Scheme) -> None:
    register, members = registers(filing, 4, 3)
    _, (checked,) = validate_between([[register], [members]], scheme, {})
    assert {cell.sheet for cell in finding(checked, "R15-members").cells} == {members.sheet}


def test_a_return_is_compared_with_what_is_beside_it_in_its_own_file(
    filing: Make, scheme: Scheme
) -> None:
    first, second = registers(filing, 4, 4), registers(filing, 5, 5)
    checked = validate_between([first, second], scheme, {})
    assert [found for of_file in checked for of in of_file for found in of.findings] == []


def test_counties_are_not_mixed(filing: Make, scheme: Scheme) -> None:
    register, members = registers(filing, 4, 3)
    elsewhere = replace(register, county="141021")
    checked = validate_between([[elsewhere], [members]], scheme, {})
    assert counts(checked[1][0], "R15-members") == (0, 0, 1)


def test_a_blank_is_not_told_again_as_a_difference(filing: Make, scheme: Scheme) -> None:
    register, members = registers(filing, 4, 3)
    blank = filing("hh_register", {"persons": None}, lines=VALID["hh_register"][:1])
    ((_, checked),) = validate_between([[blank, members]], scheme, {})
    assert counts(checked, "R15-members") == (0, 0, 1)
    unread = Finding(code="value-not-number", severity=messages.severity("value-not-number"))
    half_read = replace(register, findings=(unread,))
    ((_, checked),) = validate_between([[half_read, members]], scheme, {})
    assert counts(checked, "R15-members") == (0, 0, 1)


def test_sums_of_decimals_may_differ_by_what_their_lines_leave_open(
    filing: Make, scheme: Scheme
) -> None:
    arrived = filing("fund_arrival", lines=VALID["fund_arrival"][:1])
    for paid, failed in (("80.5001", 0), ("80.5003", 1)):
        change = {"funds_arrived": Decimal(paid), "funds_plan": Decimal(paid)}
        ((_, checked),) = validate_between(
            [[arrived, filing("relocation_progress", change)]], scheme, {}
        )
        assert counts(checked, "R02-arrived-funds")[1] == failed


def test_a_condition_keeps_a_rule_from_counting(filing: Make, scheme: Scheme) -> None:
    register, _ = registers(filing, 4, 4)
    ((_, checked),) = validate_between([[register, filing("reduction")]], scheme, {})
    assert counts(checked, "R18-register") == (0, 0, 0)


def test_wanted_are_figures_of_the_calendar_that_did_not_come(filing: Make, scheme: Scheme) -> None:
    found = wanted(scheme, registers(filing, 4, 4))
    assert found == set()
    alone = wanted(scheme, registers(filing, 4, 4)[1:])
    assert {source for source, _ in alone} == {Source("hh_register", YAODU, "2015")}
    assert {figure.name for _, figure in alone} == {"persons", "households"}
    assert wanted(scheme, [filing("reduction")]) >= {
        (Source("hh_register", YAODU, "2015"), measure(scheme, "hh_register.persons"))
    }


def test_what_is_counted_since_january_does_not_fall_within_the_year(
    filing: Make, scheme: Scheme
) -> None:
    march = replace(filing("relocation_progress"), period="2015-03")  # 60 households moved in
    figure = "sum(relocation_progress.moved_households)"
    rule = "R02-moved-households-not-less"
    for before, period, told in (
        (60, "2015-02", (1, 0, 0)),
        (61, "2015-02", (0, 1, 0)),
        (61, "2014-12", (0, 0, 1)),  # a new year begins with nothing
    ):
        known = accepted(scheme, figure, before, period)
        ((checked,),) = validate_between([[march]], scheme, known)
        assert counts(checked, rule) == told
    known = accepted(scheme, figure, 61, "2015-02")
    ((checked,),) = validate_between([[march]], scheme, known)
    found = finding(checked, rule)
    assert (found.severity, found.observed, found.expected) == ("warning", "60", "≥ 61")
    assert messages.fact(found, "zh") == (
        "应满足“迁入户数：本年累计数不少于上期”，实际：迁入户数 60 < 2015年2月迁入户数 61。"
    )
