"""One household, ID number or project in the returns of two counties."""

from collections.abc import Callable

from expectations.across import validate_across
from schemas import messages
from schemas.consolidated.across import Column, Held
from schemas.filing import Filing
from schemas.findings import Finding
from schemas.models import Scheme

MakeFiling = Callable[..., Filing]
YAODU, JI = "141002", "141028"
HEAD = Column("hh_register", "head_id", "2015")
KING = "11010519491231002X"


def household(number: str) -> list[dict[str, str]]:
    return [{"hh_no": number, "head_id": KING}]


def heads(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.indicator == "head_id"]


def test_both_counties_are_told_where_it_stands_and_never_what_it_is(
    scheme: Scheme, filing: MakeFiling
) -> None:
    mine = filing("hh_register", lines=household("A1"), county=YAODU)
    other = filing("hh_register", lines=household("B1"), county=JI)
    ((one,), (two,)) = validate_across([[mine], [other]], scheme, Held())
    (told,) = heads([*one.findings])
    assert (told.county, told.rule, told.severity) == (YAODU, "R14.head_id.one-county", "warning")
    assert [cell.address for cell in told.cells] == [f"{mine.columns['head_id']}8"]
    assert messages.fact(told, "zh") == "这一行的“户主证件号码”在吉县的报表中也有。"
    assert KING not in told.model_dump_json()
    assert [finding.county for finding in heads([*two.findings])] == [JI]
    counted = {result.check: (result.passed, result.failed) for result in one.results}
    assert counted["R14.head_id.one-county"] == (0, 1)
    assert counted["R14.hh_no.one-county"] == (1, 0)


def test_what_another_county_has_accepted_is_compared_by_pseudonyms(
    scheme: Scheme, filing: MakeFiling
) -> None:
    mine = filing("hh_register", lines=household("A1"), county=YAODU)
    held = Held({HEAD: {JI: [f"of {KING}"], YAODU: ["1"]}}, "of {}".format)
    ((checked,),) = validate_across([[mine]], scheme, held)
    assert [finding.parameters["county"] for finding in checked.findings] == [
        scheme.county(JI).name
    ]


def test_a_county_that_sends_again_is_not_compared_with_itself(
    scheme: Scheme, filing: MakeFiling
) -> None:
    mine = filing("hh_register", lines=household("A1"), county=YAODU)
    held = Held({HEAD: {YAODU: [KING]}})
    ((first,), (second,)) = validate_across([[mine], [mine]], scheme, held)
    assert first.findings == second.findings == ()


def test_many_lines_are_one_finding(scheme: Scheme, filing: MakeFiling) -> None:
    lines = [{"project_code": f"P{number}"} for number in range(12)]
    mine, other = (filing("project_library", lines=[*lines], county=c) for c in (YAODU, JI))
    ((one,), _) = validate_across([[mine], [other]], scheme, Held())
    (told,) = one.findings
    assert (told.lines, len(told.cells)) == (12, 10)
