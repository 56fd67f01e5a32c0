from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.validate import validate
from schemas import messages
from schemas.filing import Filing, Total
from schemas.findings import CellRef, CheckResult, Finding, Severity
from schemas.models import Scheme
from schemas.text import Text

MakeFiling = Callable[..., Filing]


def written(indicator: str, value: str, address: str) -> Total:
    return Total(indicator, Decimal(value), CellRef(sheet="表", address=address))


def checked(scheme: Scheme, filing: Filing) -> tuple[tuple[Finding, ...], CheckResult]:
    (checked,) = validate([filing], scheme)
    (result,) = (result for result in checked.results if result.check.endswith(".totals"))
    return checked.findings, result


def test_a_total_that_is_the_sum_of_its_lines_passes(scheme: Scheme, filing: MakeFiling) -> None:
    total = written("villages", "62", "B12")
    findings, result = checked(scheme, filing("relocation_survey", totals=(total,)))
    assert findings == ()
    assert (result.check, result.passed, result.failed) == ("R01.totals", 1, 0)


def test_a_total_that_is_not_shows_itself_first_and_then_its_lines(
    scheme: Scheme, filing: MakeFiling
) -> None:
    total = written("persons", "5200", "D12")
    (finding,), result = checked(scheme, filing("relocation_survey", totals=(total,)))
    assert (finding.code, finding.rule) == ("total-differs", "R01.totals")
    assert [cell.address for cell in finding.cells] == ["D12", "D8", "D9", "D10", "D11"]
    assert (finding.observed, finding.expected) == ("5200", "5100")
    assert (finding.difference, finding.effect) == (Decimal(100), None)
    assert (result.passed, result.failed, result.undetermined) == (0, 1, 0)
    assert messages.fact(finding, "zh") == ("“涉及人数”的合计是5200，但按各行计算是5100，相差100。")


@pytest.mark.parametrize(("stated", "ok"), [("161.0001", True), ("161.0002", False)])
def test_a_total_of_amounts_has_the_tolerance_of_its_lines(
    scheme: Scheme, filing: MakeFiling, stated: str, ok: bool
) -> None:
    # two lines and the total, each to 0.0001: 3 × 0.00005 = 0.00015
    findings, _ = checked(
        scheme, filing("fund_arrival", totals=(written("arrived", stated, "H10"),))
    )
    missed = [(f.difference, f.tolerance) for f in findings]
    assert missed == ([] if ok else [(Decimal("0.0002"), Decimal("0.00015"))])


@pytest.mark.parametrize(("stated", "ok"), [("80.50", True), ("80.49", False)])
def test_the_total_of_a_ratio_is_recomputed_from_the_sums(
    scheme: Scheme, filing: MakeFiling, stated: str, ok: bool
) -> None:
    total = written("arrival_pct", stated, "L10")
    findings, _ = checked(scheme, filing("fund_arrival", totals=(total,)))
    assert [(f.expected, f.effect) for f in findings] == ([] if ok else [("80.50", None)])
    for finding in findings:  # the last digit of the ratio, and a little of the two sums
        assert finding.tolerance is not None
        assert Decimal("0.005") < finding.tolerance < Decimal("0.0051")


def test_the_total_of_a_longest_time_is_the_longest(scheme: Scheme, filing: MakeFiling) -> None:
    right, wrong = written("delay_days", "20", "M10"), written("delay_days", "40", "M10")
    assert checked(scheme, filing("fund_arrival", totals=(right,)))[0] == ()
    assert [f.expected for f in checked(scheme, filing("fund_arrival", totals=(wrong,)))[0]] == [
        "20"
    ]


def test_a_total_over_a_blank_is_undetermined(scheme: Scheme, filing: MakeFiling) -> None:
    total = written("villages", "62", "B12")
    findings, result = checked(
        scheme, filing("relocation_survey", {"villages": None}, totals=(total,))
    )
    assert [f.code for f in findings] == ["value-missing"]
    assert (result.passed, result.failed, result.undetermined) == (0, 0, 1)


def test_each_county_has_its_own_totals(scheme: Scheme, filing: MakeFiling) -> None:
    filings = [
        filing("relocation_survey", county="141028", totals=(written("villages", "62", "B12"),)),
        filing("relocation_survey", county="141031"),
        filing("relocation_survey", county="141034", totals=(written("villages", "63", "B12"),)),
    ]
    found = validate(filings, scheme)
    assert [[f.county for f in one.findings] for one in found] == [[], [], ["141034"]]
    totals = [next(r for r in one.results if r.check == "R01.totals") for one in found]
    assert [(r.passed, r.failed) for r in totals] == [(1, 0), (0, 0), (0, 1)]


def test_totals_are_errors_that_a_clerk_can_read(scheme: Scheme, filing: MakeFiling) -> None:
    _, result = checked(scheme, filing("pv"))
    assert result.severity is Severity.ERROR
    assert result.statement == Text(
        zh="填写的合计等于各行之和", en="A written total is the total of its lines"
    )


def test_totals_over_no_line_at_all_are_told(scheme: Scheme, filing: MakeFiling) -> None:
    stated = filing(
        "fund_arrival",
        totals=(written("arrived", "5.0000", "H8"), written("balance", "4.0000", "K8")),
    )
    findings, _ = checked(scheme, replace(stated, frame=stated.frame.iloc[:0], typed={}))
    assert {(f.code, f.cells[0].address) for f in findings} >= {("total-differs", "H8")}
