from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from expectations.validate import validate
from schemas import messages
from schemas.filing import Filing
from schemas.findings import CheckResult, Finding, Severity
from schemas.models import Scheme
from schemas.text import Text

MakeFiling = Callable[..., Filing]


def findings(scheme: Scheme, filing: Filing) -> list[Finding]:
    (checked,) = validate([filing], scheme)
    return list(checked.findings)


def only(scheme: Scheme, filing: Filing) -> Finding:
    (finding,) = findings(scheme, filing)
    return finding


def addresses(finding: Finding) -> list[str]:
    return [cell.address for cell in finding.cells]


def result(scheme: Scheme, filing: Filing, check: str) -> CheckResult:
    (checked,) = validate([filing], scheme)
    return next(result for result in checked.results if result.check == check)


def counts(result: CheckResult) -> tuple[int, int, int]:
    return result.passed, result.failed, result.undetermined


@pytest.mark.parametrize(
    "form",
    [
        "relocation_survey",
        "relocation_progress",
        "biogas",
        "fund_arrival",
        "training",
        "reduction",
        "pv",
        "hh_register",
        "hh_member",
    ],
)
def test_a_valid_filing_has_no_findings(scheme: Scheme, filing: MakeFiling, form: str) -> None:
    (checked,) = validate([filing(form)], scheme)
    assert checked.findings == ()
    assert {result.failed for result in checked.results} == {0}
    assert {rule.id for rule in scheme.form(form).rules} <= {r.check for r in checked.results}


def test_a_computed_column_that_differs(scheme: Scheme, filing: MakeFiling) -> None:
    finding = only(scheme, filing("biogas", {"stock_now": 5041}))
    assert finding == Finding(
        code="computed-differs",
        severity=Severity.ERROR,
        rule="R04.stock_now.formula",
        county="141002",
        form="biogas",
        period="2003H1",
        indicator="stock_now",
        cells=finding.cells,
        observed="5041",
        expected="5040",
        difference=Decimal(1),
        tolerance=Decimal(0),
        effect=Decimal(1),
        diagnoses=finding.diagnoses,
        parameters={
            "column": Text(zh="期末累计", en="Stock at the end of the period"),
            "observed": Text(zh="5041", en="5041"),
            "formula": Text(
                zh="上年末累计 4800 + 本年累计新建 240",
                en="Stock at the end of last year 4800 + Built since January 240",
            ),
            "expected": Text(zh="5040", en="5040"),
            "difference": Text(zh="1", en="1"),
        },
    )
    assert {cell.sheet for cell in finding.cells} == {"R04 沼气池建设进度表"}
    assert addresses(finding) == ["F8", "A8", "D8"]
    assert messages.fact(finding, "zh") == (
        "“期末累计”是5041，但上年末累计 4800 + 本年累计新建 240=5040，相差1。"
    )


@pytest.mark.parametrize(("stated", "ok"), [("66.67", True), ("66.66", False), ("66.68", False)])
def test_a_ratio_is_right_to_its_last_digit(
    scheme: Scheme, filing: MakeFiling, stated: str, ok: bool
) -> None:
    found = findings(scheme, filing("relocation_progress", {"main_works_pct": Decimal(stated)}))
    assert [f.code for f in found] == ([] if ok else ["computed-differs"])
    for finding in found:
        assert addresses(finding) == ["G8", "F8", "C8"]
        assert finding.expected == "66.67"
        assert finding.difference == Decimal(stated) - Decimal("66.67")
        assert finding.tolerance == Decimal("0.005")
        assert finding.effect is None


@pytest.mark.parametrize(("balance", "ok"), [("30.2501", True), ("30.2502", False)])
def test_amounts_are_compared_at_their_stated_precision(
    scheme: Scheme, filing: MakeFiling, balance: str, ok: bool
) -> None:
    # three amounts of half width 0.00005 may be 0.00015 apart, so 0.0001 and not 0.0002
    found = findings(scheme, filing("fund_arrival", {"balance": Decimal(balance)}))
    missed = [(f.difference, f.tolerance) for f in found]
    assert missed == ([] if ok else [(Decimal("0.0002"), Decimal("0.00015"))])


def test_days_between_dates(scheme: Scheme, filing: MakeFiling) -> None:
    finding = only(scheme, filing("fund_arrival", {"delay_days": 21}))
    assert (finding.observed, finding.expected) == ("21", "20")
    assert finding.parameters["formula"] == Text(
        zh="到县日期 2015-03-21 - 下达日期 2015-03-01",
        en="Arrived: Date 2015-03-21 - Issued: Date 2015-03-01",
    )


def test_a_rule_that_fails_shows_what_is_so_instead(scheme: Scheme, filing: MakeFiling) -> None:
    finding = only(scheme, filing("biogas", {"sealed": 245}))
    assert (finding.code, finding.rule, finding.severity) == ("rule-failed", "R04-sealed", "error")
    assert (finding.indicator, addresses(finding)) == ("sealed", ["E8", "D8"])
    assert (finding.observed, finding.expected) == ("245", "≤ 240")
    assert finding.difference == 5
    assert messages.fact(finding, "zh") == (
        "应满足“已密封配套不超过本年累计新建”，实际：其中:已密封配套 245 > 本年累计新建 240。"
    )
    assert messages.fact(finding, "en") == (
        "It must hold that: No more is sealed than built. "
        "Here: of which sealed and fitted 245 > Built since January 240."
    )


def test_a_rule_with_arithmetic_shows_its_result(scheme: Scheme, filing: MakeFiling) -> None:
    finding = only(scheme, filing("biogas", {"plan_year": 100, "plan_pct": Decimal("240.00")}))
    assert (finding.rule, finding.severity) == ("R04-plan", Severity.WARNING)
    assert finding.expected == "≤ 150"
    assert finding.parameters["substituted"] == Text(
        zh="本年累计新建 240 > 1.5 × 本年计划 100 (=150)",
        en="Built since January 240 > 1.5 × Planned 100 (= 150)",
    )


def test_a_rule_on_dates_shows_the_dates(scheme: Scheme, filing: MakeFiling) -> None:
    early = {"arrived_on": date(2015, 2, 1), "delay_days": -28}
    finding = only(scheme, filing("fund_arrival", early))
    assert (finding.rule, addresses(finding)) == ("R07-dates", ["G8", "E8"])
    assert (finding.observed, finding.expected) == ("2015-02-01", "≥ 2015-03-01")
    assert finding.difference == -28
    assert finding.parameters["substituted"] == Text(
        zh="到县日期 2015-02-01 < 下达日期 2015-03-01",
        en="Arrived: Date 2015-02-01 < Issued: Date 2015-03-01",
    )


def test_what_must_be_there_under_a_condition(scheme: Scheme, filing: MakeFiling) -> None:
    missing = {"arrived_on": None, "delay_days": None}
    finding = only(scheme, filing("fund_arrival", missing))
    assert (finding.rule, addresses(finding)) == ("R07-arrival-date", ["G8", "H8"])
    assert (finding.observed, finding.expected) == (None, None)
    assert finding.parameters["substituted"] == Text(
        zh="“到县日期”没有填写", en="Arrived: Date is blank"
    )


def test_a_rule_is_not_counted_on_lines_to_which_it_does_not_apply(
    scheme: Scheme, filing: MakeFiling
) -> None:
    stations = filing("pv", {"capacity_kw": Decimal("1000.01")})
    assert counts(result(scheme, stations, "R22-village-size")) == (1, 1, 0)
    assert counts(result(scheme, stations, "R22-ground-size")) == (1, 0, 0)


def test_a_blank_is_one_finding_and_leaves_the_rules_that_use_it_undetermined(
    scheme: Scheme, filing: MakeFiling
) -> None:
    blank = filing("biogas", {"built_ytd": None})
    finding = only(scheme, blank)
    assert (finding.code, finding.rule) == ("value-missing", "R04.built_ytd.required")
    assert (finding.indicator, addresses(finding)) == ("built_ytd", ["D8"])
    assert messages.fact(finding, "zh") == "“本年累计新建”没有填写。"
    for check in ("R04-period", "R04-sealed", "R04-plan", "R04.stock_now.formula"):
        assert counts(result(scheme, blank, check)) == (0, 0, 1)


def test_a_ratio_without_a_denominator_may_be_blank(scheme: Scheme, filing: MakeFiling) -> None:
    nothing_planned = {"plan_year": 0, "built_ytd": 0, "plan_pct": None}
    nothing_built = {"built_period": 0, "sealed": 0, "stock_now": 4800}
    assert findings(scheme, filing("biogas", {**nothing_planned, **nothing_built})) == []


def test_a_value_outside_its_limits(scheme: Scheme, filing: MakeFiling) -> None:
    low = only(scheme, filing("reduction", {"task": -2000}))
    assert (low.code, low.observed, low.expected) == ("value-too-small", "-2000", "≥ 0")
    assert addresses(low) == ["B8"]
    high = only(scheme, filing("reduction", {"delist_year": 2021}))
    assert (high.code, high.observed, high.difference) == ("value-too-large", "2021", Decimal(1))
    assert messages.fact(high, "zh") == "“计划摘帽年份”是2021，不能大于2020。"
    assert findings(scheme, filing("reduction", {"delist_year": 2020})) == []


def test_a_code_that_is_not_in_its_list(scheme: Scheme, filing: MakeFiling) -> None:
    finding = only(scheme, filing("hh_member", {"coop_med": "unknown"}))
    assert (finding.code, finding.observed, addresses(finding)) == (
        "value-not-in-list",
        "unknown",
        ["M8"],
    )
    assert finding.parameters["choices"] == Text(zh="是、否", en="yes, no")


@pytest.mark.parametrize(
    ("form", "column", "value", "code", "severity"),
    [
        ("hh_member", "id_no", "440524188001010013", "value-invalid-id", Severity.ERROR),
        ("hh_register", "head_id", "11010519491231003X", "value-invalid-id", Severity.ERROR),
        ("hh_register", "phone", "1380357000", "value-invalid-phone", Severity.WARNING),
    ],
)
def test_a_wrong_personal_number_is_found_and_never_told(
    scheme: Scheme,
    filing: MakeFiling,
    form: str,
    column: str,
    value: str,
    code: str,
    severity: Severity,
) -> None:
    finding = only(scheme, filing(form, {column: value}))
    assert (finding.code, finding.severity, finding.indicator) == (code, severity, column)
    assert value not in finding.model_dump_json()
    assert list(finding.parameters) == ["column"]


@pytest.mark.parametrize("phone", ["13803570000", "0357-2012345", "03572012345", "010 81087858"])
def test_mobile_numbers_and_landlines_with_their_area_are_phones(
    scheme: Scheme, filing: MakeFiling, phone: str
) -> None:
    assert findings(scheme, filing("hh_register", {"phone": phone})) == []


def test_a_key_on_two_lines_is_one_finding_with_both(scheme: Scheme, filing: MakeFiling) -> None:
    finding = only(scheme, filing("fund_arrival", {}, {"doc_no": "晋财农〔2015〕105号"}))
    cells = [f"{column}{row}" for row in (8, 9) for column in "ABC"]
    assert (finding.code, addresses(finding)) == ("key-repeated", cells)
    assert messages.fact(finding, "zh") == "“晋财农〔2015〕105号、省、发展资金”填了2行。"
    assert messages.fact(finding, "en") == (
        "晋财农〔2015〕105号, province, development is on 2 lines."
    )


def test_the_same_key_in_two_counties_is_not_repeated(scheme: Scheme, filing: MakeFiling) -> None:
    both = [filing("fund_arrival", county=county) for county in ("141002", "141021")]
    assert [checked.findings for checked in validate(both, scheme)] == [(), ()]


def test_a_filing_declared_nil_passes_without_lines(scheme: Scheme, filing: MakeFiling) -> None:
    (checked,) = validate([filing("pv", lines=[])], scheme)
    assert checked.findings == ()
    assert {counts(result) for result in checked.results} == {(0, 0, 0)}


def test_findings_go_to_the_filing_they_are_about(scheme: Scheme, filing: MakeFiling) -> None:
    filings = [
        filing("biogas", county="141002"),
        filing("pv", {"households": None}, county="141021"),
        filing("biogas", {"sealed": 245}, county="141021"),
        filing("pv", lines=[], county="141002"),
        filing("pv", {}, {}, {"capacity_kw": Decimal("0.50")}, county="141034"),
    ]
    told = [
        [(f.county, f.rule, addresses(f)[0]) for f in c.findings] for c in validate(filings, scheme)
    ]
    assert told == [
        [],
        [("141021", "R22.households.required", "J8")],
        [("141021", "R04-sealed", "E8")],
        [],
        [("141034", "R22.capacity_kw.minimum", "D10"), ("141034", "R22-ground-size", "D10")],
    ]


def test_a_number_of_any_size_is_told_in_full(scheme: Scheme, filing: MakeFiling) -> None:
    huge = {"gen_period": Decimal("9E+40"), "gen_cum": Decimal("9E+40")}
    finding = only(scheme, filing("pv", huge))
    assert (finding.rule, finding.observed) == ("R22-hours", f"9{'0' * 40}.00")


def test_nothing_to_check_is_nothing_checked(scheme: Scheme) -> None:
    assert validate([], scheme) == []
