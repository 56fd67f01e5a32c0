"""The sex, date of birth and age on a line are held against the ID number that stands there."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from expectations.rule import Outcome, judge
from expectations.screen import outcomes
from expectations.validate import validate
from expectations.wording import counterexample
from schemas import messages
from schemas.check_sheet.sheet import PLACES, STATE, STATEMENT
from schemas.filing import NIL, ROW, Filing, typed_frame
from schemas.findings import Finding, Severity
from schemas.language.expression import Value, parse_comparison
from schemas.language.id_number import check_character
from schemas.models import Form, InId, Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.checks import line_checks
from schemas.rules.statement import Statement
from schemas.template.template import write_workbook
from schemas.text import Text
from schemas.typed.cells import Terms, type_cell
from tests.agreement.evaluate import worked_out

MakeFiling = Callable[..., Filing]

Y2015 = Period.parse("2015")
XIXIAN = "141031"

Person = tuple[str, str | None, date | None, int | None]

PEOPLE: Sequence[Person] = (
    ("11010519491231002X", "female", date(1949, 12, 31), 66),  # of age on the last day
    ("110105491231003", "male", date(1949, 12, 31), 66),  # 15 digits
    ("44052419800229001012", "male", date(1980, 2, 29), 35),  # a certificate of disability
    ("110105491231003", "female", date(1949, 12, 30), 65),
    ("11010519491231002X", "male", date(1950, 1, 1), 67),
    ("110105194912310021", "male", date(2000, 1, 1), 5),  # no ID number
    ("", "male", date(2000, 1, 1), 5),
    ("11010519491231002X", None, None, None),
)
BORN_IN_2005 = "14103120050101997" + check_character("14103120050101997")

HELD = [True, True, True, False, False, None, None, None]
"""Whether each line agrees with its number; None where that is not known."""


@pytest.fixture(scope="module")
def people(scheme: Scheme) -> Scheme:
    """A scheme of one form: people with number, sex, date of birth and age."""
    form = scheme.form("hh_member")
    name, number, sex = form["member_name"], form["id_no"], form["sex"]
    born = scheme.form("relocation_list")["notice_date"].model_copy(
        update={
            "name": "born",
            "label": Text(zh="出生日期", en="Born"),
            "in_id": InId(column="id_no", says="birth_date"),
        }
    )
    age = form["work_months"].model_copy(
        update={
            "name": "age",
            "label": Text(zh="年龄", en="Age"),
            "maximum": None,
            "in_id": InId(column="id_no", says="age"),
        }
    )
    columns = [form["person_no"], name, number, sex, born, age]
    columns = [c.model_copy(update={"required": False}) for c in columns]
    alone = form.model_copy(
        update={"indicators": tuple(columns), "rules": (), "consolidated": (), "areas": None}
    )
    return scheme.model_copy(update={"forms": (alone,), "rule_files": {}})


def lines_of(people: Sequence[Person]) -> list[dict[str, Value | None]]:
    return [
        {
            "person_no": f"P{number}",
            "id_no": id_no or None,
            "sex": sex,
            "born": born,
            "age": None if age is None else Decimal(age),
        }
        for number, (id_no, sex, born, age) in enumerate(people)
    ]


def checks_of(form: Form) -> dict[str, str]:
    return {c.id: c.statement.zh for c in line_checks(form) if c.kind == "in_id"}


def test_what_is_declared_of_a_column_is_asked_of_it(people: Scheme) -> None:
    assert checks_of(people.at(Y2015).forms[0]) == {
        "R15.sex.in_id": "“性别”与“证件号码”一致",
        "R15.born.in_id": "“出生日期”与“证件号码”一致",
        "R15.age.in_id": "“年龄”与“证件号码”一致",
    }


def test_the_age_is_that_of_the_last_day_of_the_period(people: Scheme) -> None:
    asked = [line_checks(people.at(Period.parse(of)).forms[0])[-2] for of in ("2015", "2003H1")]
    assert [check.arithmetic.written for check in asked] == [
        "age = age(id_no, day('2015-12-31'))",
        "age = age(id_no, day('2003-06-30'))",
    ]


def test_every_line_comes_out_as_its_number_says(people: Scheme) -> None:
    form = people.at(Y2015).forms[0]
    lines: list[dict[str, object]] = [
        {ROW: n, NIL: None, **line} for n, line in enumerate(lines_of(PEOPLE), start=8)
    ]
    told = {True: Outcome.PASS, False: Outcome.FAIL, None: Outcome.UNDETERMINED}
    checks = [check for check in line_checks(form) if check.kind == "in_id"]
    assert len(checks) == 3
    for check in checks:
        found = outcomes(check.arithmetic, typed_frame(form, lines))
        assert found.tolist() == [told[held] for held in HELD], check.id


def findings_of(scheme: Scheme, filing: Filing) -> Sequence[Finding]:
    (checked,) = validate([filing], scheme)
    return checked.findings


def test_a_sex_that_the_number_does_not_say(scheme: Scheme, filing: MakeFiling) -> None:
    (found,) = findings_of(scheme, filing("hh_member", {"sex": "female"}))
    assert (found.code, found.rule) == ("value-not-in-id", "R15.sex.in_id")
    assert found.severity is Severity.WARNING
    assert [cell.address for cell in found.cells] == ["F8", "D8"]
    assert messages.fact(found, "zh") == "“性别”是女，与“证件号码”所示的性别不符。"
    assert messages.fact(found, "en") == "Sex is female, which is not the sex that ID number says."
    assert "440524188001010014" not in found.model_dump_json()


def test_an_old_number_says_the_sex_with_its_last_digit(scheme: Scheme, filing: MakeFiling) -> None:
    old = {"id_no": "110105491231002"}
    (found,) = findings_of(scheme, filing("hh_member", old))
    assert found.rule == "R15.sex.in_id"
    assert findings_of(scheme, filing("hh_member", old | {"sex": "female"})) == ()


def test_of_what_is_no_number_only_that_is_told(scheme: Scheme, filing: MakeFiling) -> None:
    (found,) = findings_of(
        scheme, filing("hh_member", {"id_no": "440524188001010013", "sex": "female"})
    )
    assert found.code == "value-invalid-id"


def test_the_day_of_an_age_is_told_and_the_date_of_birth_is_not(people: Scheme) -> None:
    content = write_workbook(people, people.county(XIXIAN), Y2015, {"hh_member": lines_of(PEOPLE)})
    (filing,) = read_submission("x.xlsx", content, people, date(2030, 1, 1)).filings
    found = {f.rule: f for f in reversed(findings_of(people, filing))}
    assert messages.fact(found["R15.age.in_id"], "zh") == (
        "“年龄”是65，与“证件号码”所示的2015-12-31的周岁年龄不符。"
    )
    assert messages.fact(found["R15.born.in_id"], "en") == (
        "Born is 1949-12-30, which is not the date of birth that ID number says."
    )
    assert [cell.address for cell in found["R15.age.in_id"].cells] == ["F10", "C10"]


def test_a_child_that_works_is_told_without_the_age(scheme: Scheme, filing: MakeFiling) -> None:
    (found,) = findings_of(scheme, filing("hh_member", {"id_no": BORN_IN_2005}))
    assert found.rule == "R15-children"
    assert [cell.address for cell in found.cells] == ["K8", "D8"]
    assert messages.fact(found, "en") == (
        "It must hold that: Who is under 16 is not of working age. "
        "Here: Ability to work ordinary labour ≠ not of working age."
    )
    assert (found.observed, found.expected) == (None, None)


def test_an_age_is_shown_by_its_formula_alone(people: Scheme) -> None:
    form = people.at(Y2015).forms[0]
    adult = parse_comparison("age(id_no, day('2015-12-31')) - 1 >= 15")
    judged = judge(Statement(adult), {"id_no": BORN_IN_2005})
    assert judged.outcome is Outcome.FAIL
    assert counterexample(adult, judged, form, people).en == (
        "age(ID number (personal, not shown), 2015-12-31) - 1 < 15"
    )


def test_the_check_sheet_fails_on_the_same_lines(people: Scheme) -> None:
    lines = lines_of(PEOPLE)
    content = write_workbook(people, people.county(XIXIAN), Y2015, {"hh_member": lines})
    with CalamineWorkbook.from_filelike(BytesIO(worked_out(content))) as book:
        rows = book.get_sheet_by_name("审核").to_python(skip_empty_area=False)
    wanted = checks_of(people.at(Y2015).forms[0]).values()
    shown = {row[STATEMENT]: (row[STATE], row[PLACES]) for row in rows}
    assert [shown[statement] for statement in wanted] == [("不通过", 2)] * 3


@pytest.mark.parametrize(
    ("stated", "read"), [("1930-05-01", date(1930, 5, 1)), ("1905-05-05", None), (1952, None)]
)
def test_dates_of_birth_go_back_further_and_years_are_none(
    people: Scheme, stated: str | int, read: date | None
) -> None:
    column = people.forms[0]["born"]
    assert column.earliest == date(1906, 1, 1)
    assert type_cell(stated, column, Terms()).value == read
