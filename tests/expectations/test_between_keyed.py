"""Rules for each household: the register of households against that of their members."""

from collections.abc import Callable
from decimal import Decimal

from expectations.between import validate_between
from schemas import causes, messages
from schemas.filing import Checked, Filing
from schemas.findings import Finding
from schemas.models import Scheme
from tests.expectations.conftest import VALID
from tests.expectations.test_between import counts, finding

Make = Callable[..., Filing]


def register(make: Make, **households: int) -> Filing:
    """R14 with a line for each household and the number of its persons."""
    line = VALID["hh_register"][0]
    lines = [{**line, "hh_no": no, "persons": persons} for no, persons in households.items()]
    return make("hh_register", lines=lines)


def members(make: Make, *households: str | None) -> Filing:
    """R15 with a line for each member, of whom the first of a household is its head."""
    line = VALID["hh_member"][0]
    return make(
        "hh_member",
        lines=[
            {
                **line,
                "hh_no": household,
                "person_no": f"P{number:04}",
                "relation": "child" if household in households[:number] else "head",
            }
            for number, household in enumerate(households)
        ],
    )


def checked(scheme: Scheme, *filings: Filing) -> tuple[Checked, ...]:
    (found,) = validate_between([filings], scheme, {})
    return tuple(found)


def told(of: Checked, rule: str) -> list[str]:
    found = [finding for finding in of.findings if finding.rule == rule]
    return [str(cell) for finding in found for cell in finding.cells]


def test_registers_that_agree(filing: Make, scheme: Scheme) -> None:
    households, persons = checked(
        scheme, register(filing, A=2, B=1), members(filing, "A", "B", "A")
    )
    assert households.findings == persons.findings == ()
    assert counts(households, "R14-has-members") == (2, 0, 0)
    for rule in ("R15-in-register", "R15-size", "R15-head"):
        assert counts(persons, rule) == (2, 0, 0)


def test_members_of_no_registered_household(filing: Make, scheme: Scheme) -> None:
    people = members(filing, "A", "C", "A", "C")
    _, persons = checked(scheme, register(filing, A=2), people)
    assert counts(persons, "R15-in-register") == (1, 1, 0)
    assert told(persons, "R15-in-register") == [f"{people.sheet}!A9", f"{people.sheet}!A11"]
    found = finding(persons, "R15-in-register")
    assert (found.severity, found.indicator) == ("error", "hh_no")
    assert messages.fact(found, "zh") == (
        "应满足“家庭成员所在的户在户登记表中”，实际：《建档立卡贫困户登记表(户)》户数 0 < 1。"
    )


def test_a_household_without_members_is_told_once(filing: Make, scheme: Scheme) -> None:
    homes = register(filing, A=2, B=3)
    households, persons = checked(scheme, homes, members(filing, "A", "A"))
    assert told(households, "R14-has-members") == [f"{homes.sheet}!A9"]
    assert counts(persons, "R15-size") == counts(persons, "R15-head") == (1, 0, 0)


def test_the_size_of_a_household_is_the_number_of_its_members(filing: Make, scheme: Scheme) -> None:
    homes, people = register(filing, A=2, B=3), members(filing, "A", "A", "B", "B")
    _, persons = checked(scheme, homes, people)
    assert counts(persons, "R15-size") == (1, 1, 0)
    found = finding(persons, "R15-size")
    assert (found.observed, found.expected, found.difference) == ("2", "= 3", Decimal(-1))
    assert [str(cell) for cell in found.cells] == [
        f"{people.sheet}!{people.columns['person_no']}10",
        f"{people.sheet}!{people.columns['person_no']}11",
        f"{homes.sheet}!{homes.columns['persons']}9",
    ]


def test_a_household_has_one_head(filing: Make, scheme: Scheme) -> None:
    homes, people = register(filing, A=2), members(filing, "A", "A")
    people.frame.loc[1, "relation"] = "head"
    _, persons = checked(scheme, homes, people)
    found = finding(persons, "R15-head")
    assert (found.observed, found.expected) == ("2", "= 1")
    assert [cell.address for cell in found.cells] == ["B8", "B9"]


def test_many_households_are_one_finding(filing: Make, scheme: Scheme) -> None:
    homes = register(filing, **{f"H{number}": 4 for number in range(40)})
    households, _ = checked(scheme, homes, members(filing, "H39"))
    found = finding(households, "R14-has-members")
    assert (found.lines, len(found.cells)) == (39, 10)
    assert [cell.address for cell in found.cells] == [f"A{row}" for row in range(8, 18)]
    assert [cell.address for cell in found.areas] == ["A8:A46"]
    assert found.diagnoses == ()
    assert counts(households, "R14-has-members") == (1, 39, 0)


def said(of: Finding) -> str:
    return causes.diagnosis(of, "zh")


def test_a_household_number_mistyped_in_the_register_is_told_to_both(
    filing: Make, scheme: Scheme
) -> None:
    homes = register(filing, H1024=1, H3001=2)
    households, persons = checked(scheme, homes, members(filing, "H1024", "H3010", "H3010"))
    slip = "A9“户编号”由H3001改为H3010后，1项不符中有1项相符。"
    assert said(finding(households, "R14-has-members")) == f"可能是录入笔误：{slip}"
    of_members = said(finding(persons, "R15-in-register"))
    assert of_members == f"可能是录入笔误：工作表“{homes.sheet}”的{slip}"


def test_one_line_for_each_leaves_open_which_number_is_right(filing: Make, scheme: Scheme) -> None:
    homes = register(filing, H1024=1, H3001=1)
    households, _ = checked(scheme, homes, members(filing, "H1024", "H3010"))
    found = finding(households, "R14-has-members")
    assert [(each.answers, each.changes[0].proposed) for each in found.diagnoses] == [
        (2, "H3010"),
        (2, "H3001"),
    ]


def test_a_member_under_a_mistyped_number_is_the_one_who_lacks(
    filing: Make, scheme: Scheme
) -> None:
    homes = register(filing, H3001=3)
    _, persons = checked(scheme, homes, members(filing, "H3001", "H3001", "H301"))
    assert said(finding(persons, "R15-size")) == (
        "可能是录入笔误：A10“户编号”由H301改为H3001后，1项不符中有1项相符。"
    )


def test_lines_that_are_too_few_may_lack_or_their_number_be_wrong(
    filing: Make, scheme: Scheme
) -> None:
    homes = register(filing, A=3)
    _, persons = checked(scheme, homes, members(filing, "A", "A"))
    assert said(finding(persons, "R15-size")) == (
        "有2种解释同样说得通，每一种都能使1项不符中的1项相符，单凭数字不能断定是哪一种："
        f"(1)只有一处填错：工作表“{homes.sheet}”的I8“家庭人口”由3改为2；(2)漏填或多填了行。"
        f"请查对工作表“{homes.sheet}”的I8的原始凭证，再定是哪一种。"
    )


def test_a_register_that_has_not_come_leaves_the_others_undetermined(
    filing: Make, scheme: Scheme
) -> None:
    (households,) = checked(scheme, register(filing, A=2, B=1))
    assert counts(households, "R14-has-members") == (0, 0, 2)
    assert households.findings == ()


def test_a_register_with_unreadable_cells_is_not_searched(filing: Make, scheme: Scheme) -> None:
    unread = Finding(code="value-not-number", severity=messages.severity("value-not-number"))
    homes = filing("hh_register", lines=VALID["hh_register"][:1], findings=(unread,))
    _, persons = checked(scheme, homes, members(filing, "A"))
    assert counts(persons, "R15-in-register") == (0, 0, 1)


def test_files_of_two_counties_are_judged_together_and_apart(filing: Make, scheme: Scheme) -> None:
    here = [register(filing, A=1), members(filing, "A")]
    line = {**VALID["hh_register"][0], "hh_no": "B", "persons": 1}
    there = [filing("hh_register", lines=[line], county="141021")]
    (mine, _), (theirs,) = validate_between([here, there], scheme, {})
    assert counts(mine, "R14-has-members") == (1, 0, 0)
    assert counts(theirs, "R14-has-members") == (0, 0, 1)


def test_members_that_come_alone_are_compared_with_the_accepted_register(
    filing: Make, scheme: Scheme
) -> None:
    people = members(filing, "A", "A", "C")
    ((persons,),) = validate_between([[people]], scheme, {}, kept=[register(filing, A=1)])
    assert counts(persons, "R15-in-register") == (1, 1, 0)
    assert counts(persons, "R15-size") == (0, 1, 0)
    found = finding(persons, "R15-size")
    assert (found.observed, found.expected) == ("2", "= 1")
    assert {cell.sheet for cell in found.cells} == {people.sheet}


def test_what_comes_stands_in_the_place_of_what_is_accepted(filing: Make, scheme: Scheme) -> None:
    homes, people = register(filing, A=2), members(filing, "A", "A")
    (_, persons), *_ = validate_between([[homes, people]], scheme, {}, kept=[register(filing, A=7)])
    assert persons.findings == ()


def test_a_form_without_a_line_has_no_key(filing: Make, scheme: Scheme) -> None:
    households, persons = checked(scheme, register(filing), members(filing))
    assert households.findings == persons.findings == ()
    assert counts(persons, "R15-size") == (0, 0, 0)
    households, persons = checked(scheme, register(filing, A=2), members(filing))
    assert told(households, "R14-has-members")
    assert counts(persons, "R15-in-register") == (0, 0, 0)


# --- one slip in a whole column ----------------------------------------------------------------


def sizes(make: Make, persons: list[int]) -> tuple[Filing, Filing]:
    """A household of 2 to 4 for each number, its right size, and the register with these."""
    right = {f"H{number:03}": 2 + number % 3 for number in range(len(persons))}
    homes = register(make, **dict(zip(right, persons, strict=True)))
    return homes, members(make, *(no for no, size in right.items() for _ in range(size)))


def test_a_column_pasted_a_row_too_low_is_told_for_all_households_at_once(
    filing: Make, scheme: Scheme
) -> None:
    right = [2 + number % 3 for number in range(15)]
    homes, people = sizes(filing, [right[-1], *right[:-1]])
    _, persons = checked(scheme, homes, people)
    found = finding(persons, "R15-size")
    assert found.lines == 15
    cell = homes.columns["persons"]
    assert said(found) == (
        f"可能是错行或错列：工作表“{homes.sheet}”的{cell}8“家庭人口”由4改为2，"
        f"同时{cell}9“家庭人口”由2改为3，等共15格后，15项不符中有15项相符。"
    )
    (diagnosis,) = found.diagnoses
    assert (len(diagnosis.changes), diagnosis.cells) == (10, 15)


def test_households_that_are_wrong_for_several_reasons_have_no_diagnosis(
    filing: Make, scheme: Scheme
) -> None:
    right = [2 + number % 3 for number in range(15)]
    homes, people = sizes(filing, [9, *right[:-1]])
    _, persons = checked(scheme, homes, people)
    assert finding(persons, "R15-size").diagnoses == ()


def claims(make: Make, *paid: tuple[str, str]) -> Filing:
    """R08 with a first claim for each project: what was paid, and what was paid so far."""
    lines = [
        {
            "project_code": f"P{number:03}",
            "claim_no": 1,
            "paid": Decimal(one),
            "cum_paid": Decimal(so_far),
        }
        for number, (one, so_far) in enumerate(paid)
    ]
    return make("reimbursement", lines=lines)


def test_a_column_in_yuan_is_told_for_all_projects_at_once(filing: Make, scheme: Scheme) -> None:
    form = claims(filing, *((f"{n}.5", f"{n}5000") for n in range(1, 13)))
    (found,) = checked(scheme, form)
    told = said(finding(found, "R08-added-up"))
    cell, other = form.columns["cum_paid"], form.columns["paid"]
    assert told == (
        "有2种解释同样说得通，每一种都能使12项不符中的12项相符，单凭数字不能断定是哪一种："
        f"(1)单位填错：{cell}8“项目累计报账”由15000.0000改为1.5000，"
        f"同时{cell}9“项目累计报账”由25000.0000改为2.5000，等共12格，"
        f"或{other}8“拨付金额”由1.5000改为15000.0000，"
        f"同时{other}9“拨付金额”由2.5000改为25000.0000，等共12格。"
        f"请查对{cell}8、{cell}9、{cell}10、{cell}11等处的原始凭证，再定是哪一种。"
    )


def test_household_numbers_in_the_column_beside_are_told_and_nobody_is_named(
    filing: Make, scheme: Scheme
) -> None:
    homes, people = sizes(filing, [2 + number % 3 for number in range(15)])
    columns = [*people.columns]
    beside = columns[columns.index("hh_no") + 1]
    people.frame[beside] = people.frame["hh_no"]
    people.frame["hh_no"] = [f"张三{number}" for number in range(len(people.frame))]
    households, persons = checked(scheme, homes, people)
    for found in (finding(households, "R14-has-members"), finding(persons, "R15-in-register")):
        assert said(found) == "可能是错行或错列。"
        assert [each.changes for each in found.diagnoses] == [()]
