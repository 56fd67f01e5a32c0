from collections.abc import Callable
from decimal import Decimal

from expectations.validate import validate
from schemas import messages
from schemas.filing import Filing
from schemas.findings import CellRef, Finding, Severity
from schemas.models import Scheme

MakeFiling = Callable[..., Filing]

REGISTER = "R14 建档立卡贫困户登记表(户)"


def unread(indicator: str | None, *addresses: str, lines: int = 1) -> Finding:
    return Finding(
        code="value-not-number",
        severity=Severity.ERROR,
        indicator=indicator,
        cells=tuple(CellRef(sheet=REGISTER, address=address) for address in addresses),
        lines=lines,
    )


def findings(scheme: Scheme, filing: Filing) -> list[Finding]:
    (checked,) = validate([filing], scheme)
    return list(checked.findings)


def missing_persons(scheme: Scheme, filing: Filing) -> tuple[list[str], tuple[int, int, int]]:
    (checked,) = validate([filing], scheme)
    result = next(r for r in checked.results if r.check == "R14.persons.required")
    told = [str(f.cells[0].address) for f in checked.findings if f.indicator == "persons"]
    return told, (result.passed, result.failed, result.undetermined)


def test_ten_lines_with_the_same_fault_are_ten_findings(scheme: Scheme, filing: MakeFiling) -> None:
    found = findings(scheme, filing("hh_register", *[{"persons": None}] * 10))
    assert [(f.lines, f.cells[0].address) for f in found] == [(1, f"I{8 + n}") for n in range(10)]


def test_eleven_lines_with_the_same_fault_are_one_finding_with_the_first_ten_cells(
    scheme: Scheme, filing: MakeFiling
) -> None:
    (finding,) = findings(scheme, filing("hh_register", *[{"persons": None}] * 11))
    assert finding.lines == 11
    assert [cell.address for cell in finding.cells] == [f"I{8 + n}" for n in range(10)]
    assert [cell.address for cell in finding.areas] == ["I8:I18"]
    assert messages.fact(finding, "zh") == "“家庭人口”没有填写。(共11行有同样的问题)"


def test_the_effect_of_many_lines_is_that_of_all_of_them(
    scheme: Scheme, filing: MakeFiling
) -> None:
    (line,) = (dict(line) for line in filing("fund_arrival").frame.head(1).to_dict("records"))
    lines = [{**line, "doc_no": f"文{n}", "balance": Decimal("30.2500") + n} for n in range(1, 21)]
    (finding,) = findings(scheme, filing("fund_arrival", lines=lines))
    assert (finding.lines, len(finding.cells)) == (20, 10)
    assert finding.difference == Decimal("1.0000")
    assert finding.effect == Decimal(sum(range(1, 21)))


def test_the_faults_of_two_counties_are_two_findings(scheme: Scheme, filing: MakeFiling) -> None:
    both = [
        filing("hh_register", *[{"persons": None}] * 11, county=county)
        for county in ("141002", "141021")
    ]
    assert [[f.lines for f in c.findings] for c in validate(both, scheme)] == [[11], [11]]


def test_a_value_that_could_not_be_read_is_not_reported_as_blank(
    scheme: Scheme, filing: MakeFiling
) -> None:
    two_blanks = [{"persons": None}, {"persons": None}]
    plain = filing("hh_register", *two_blanks)
    assert missing_persons(scheme, plain) == (["I8", "I9"], (28, 2, 0))
    read = filing("hh_register", *two_blanks, findings=(unread("persons", "I8"),))
    assert missing_persons(scheme, read) == (["I9"], (28, 1, 1))
    another = filing("hh_register", *two_blanks, findings=(unread("phone", "P8", "AI9"),))
    assert missing_persons(scheme, another) == (["I8", "I9"], (28, 2, 0))


def test_a_reader_finding_for_more_lines_than_cells_speaks_of_its_column(
    scheme: Scheme, filing: MakeFiling
) -> None:
    many = unread("persons", "I8", lines=3)
    read = filing("hh_register", *[{"persons": None}] * 3, findings=(many,))
    assert missing_persons(scheme, read) == ([], (27, 0, 3))


def test_a_column_that_the_sheet_lacks_is_not_reported_line_by_line(
    scheme: Scheme, filing: MakeFiling
) -> None:
    lacking = filing("hh_register", without=("persons",))
    assert missing_persons(scheme, lacking) == ([], (0, 0, 30))
    assert findings(scheme, lacking) == []


def test_what_must_be_there_but_could_not_be_read_is_undetermined(
    scheme: Scheme, filing: MakeFiling
) -> None:
    sheet = filing("pv").sheet
    damaged = unread("grid_date").model_copy(
        update={"cells": (CellRef(sheet=sheet, address="F8"),)}
    )
    (checked,) = validate([filing("pv", {"grid_date": None}, findings=(damaged,))], scheme)
    assert checked.findings == ()
    result = next(r for r in checked.results if r.check == "R22-grid-date")
    assert (result.passed, result.failed, result.undetermined) == (0, 0, 1)


def test_many_repeated_keys_are_one_finding(scheme: Scheme, filing: MakeFiling) -> None:
    pairs = [{"hh_no": f"H{n // 2:04}"} for n in range(30)]
    (finding,) = findings(scheme, filing("hh_register", *pairs))
    assert (finding.code, finding.lines, len(finding.cells)) == ("key-repeated", 30, 10)
