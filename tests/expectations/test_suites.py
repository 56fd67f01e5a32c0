import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from expectations.engine import Engine
from expectations.frames import gathered
from expectations.lines import failing_lines
from expectations.rule import Outcome, judge
from expectations.suites import lines_suite
from schemas import messages
from schemas.filing import Filing, records
from schemas.language.id_number import check_character
from schemas.models import Form, Indicator, Scheme
from schemas.rules.checks import CODES, line_checks
from tests.expectations.conftest import form_of

MakeFiling = Callable[..., Filing]
Line = dict[str, object]

FORMS = [
    "relocation_survey",
    "relocation_progress",
    "biogas",
    "fund_arrival",
    "training",
    "reduction",
    "pv",
    "hh_register",
    "hh_member",
]

BORN_IN_2005 = "14103120050101997" + check_character("14103120050101997")
BROKEN: list[tuple[str, str, int, Line]] = [
    ("R01-households", "relocation_survey", 0, {"households": 39}),
    ("R01-persons", "relocation_survey", 0, {"persons": 399}),
    ("R01-plan-households", "relocation_survey", 0, {"plan5_households": 401}),
    ("R01-plan-persons", "relocation_survey", 0, {"plan5_persons": 1601}),
    ("R01-plan-band", "relocation_survey", 1, {"plan5_persons": 1}),
    ("R01-band-100", "relocation_survey", 0, {"persons": 4001}),
    ("R01-band-101", "relocation_survey", 1, {"persons": 1009}),
    ("R01-band-150", "relocation_survey", 1, {"persons": 1501}),
    ("R01-band-151", "relocation_survey", 2, {"persons": 1509}),
    ("R01-band-200", "relocation_survey", 2, {"persons": 2001}),
    ("R01-band-201", "relocation_survey", 3, {"persons": 401}),
    ("R01-band-300", "relocation_survey", 3, {"persons": 601}),
    ("R01-household-size-low", "relocation_survey", 0, {"persons": 599}),
    ("R01-household-size-high", "relocation_survey", 0, {"persons": 3201}),
    ("R02-plan", "relocation_progress", 0, {"plan_persons": 119}),
    ("R02-started", "relocation_progress", 0, {"started_households": 121}),
    ("R02-completed", "relocation_progress", 0, {"completed_households": 111}),
    ("R02-moved", "relocation_progress", 0, {"moved_households": 81}),
    ("R02-moved-persons", "relocation_progress", 0, {"moved_persons": 481}),
    ("R02-moved-size", "relocation_progress", 0, {"moved_persons": 59}),
    ("R02-moved-large", "relocation_progress", 0, {"moved_households": 29}),
    ("R02-arrived", "relocation_progress", 0, {"funds_arrived": Decimal("384.0002")}),
    ("R02-paid", "relocation_progress", 0, {"funds_paid": Decimal("300.0002")}),
    ("R04-period", "biogas", 0, {"built_period": 241}),
    ("R04-sealed", "biogas", 0, {"sealed": 241}),
    ("R04-plan", "biogas", 0, {"built_ytd": 451}),
    ("R04-residue", "biogas", 0, {"residue_households": 5041}),
    ("R07-arrived", "fund_arrival", 0, {"arrived": Decimal("100.0002")}),
    ("R07-paid", "fund_arrival", 0, {"paid": Decimal("80.5002")}),
    ("R07-spent", "fund_arrival", 0, {"spent": Decimal("60.0002")}),
    ("R07-dates", "fund_arrival", 0, {"arrived_on": date(2015, 2, 28)}),
    ("R07-arrived-by", "fund_arrival", 0, {"arrived_on": date(2016, 1, 1)}),
    ("R07-fund-year", "fund_arrival", 0, {"fund_year": 2016}),
    ("R07-arrival-date", "fund_arrival", 0, {"arrived_on": None}),
    ("R07-delay", "fund_arrival", 0, {"delay_days": 31}),
    ("R10-classes", "training", 0, {"classes": 501}),
    ("R10-some-class", "training", 0, {"classes": 0}),
    ("R10-completed", "training", 0, {"completed": 501}),
    ("R10-quota", "training", 0, {"completed": 301}),
    ("R10-employment-grant", "training", 1, {"subsidy": Decimal("40.0001")}),
    ("R10-farmer-grant", "training", 2, {"subsidy": Decimal("39.9999")}),
    ("R14-floor-area", "hh_register", 0, {"floor_area": Decimal("400.01")}),
    ("R14-exit-year", "hh_register", 0, {"exit_year": 2014}),
    ("R14-cause2", "hh_register", 0, {"other_cause1": "illness"}),
    ("R14-cause3", "hh_register", 0, {"other_cause1": "land", "other_cause2": "illness"}),
    ("R14-other-causes", "hh_register", 0, {"other_cause1": "land", "other_cause2": "land"}),
    ("R14-causes-order", "hh_register", 0, {"other_cause2": "land"}),
    ("R15-children", "hh_member", 0, {"id_no": BORN_IN_2005}),
    ("R18-lifted", "reduction", 0, {"lifted": 9001}),
    ("R18-rural", "reduction", 0, {"rural_pop": 7000}),
    ("R18-delisted", "reduction", 0, {"delist_year": 2015, "incidence": Decimal("3.01")}),
    ("R22-not-yet", "pv", 1, {"grid_date": date(2015, 3, 1)}),
    ("R22-grid-by", "pv", 0, {"grid_date": date(2016, 1, 1)}),
    ("R22-grid-date", "pv", 0, {"grid_date": None}),
    ("R22-idle", "pv", 1, {"gen_period": Decimal("0.01")}),
    ("R22-hours", "pv", 0, {"gen_period": Decimal("876044.00")}),
    ("R22-cumulative", "pv", 0, {"gen_cum": Decimal("29999.98")}),
    ("R22-village-size", "pv", 0, {"capacity_kw": Decimal("1000.01")}),
    ("R22-ground-size", "pv", 2, {"capacity_kw": Decimal("9999.99")}),
]


def failing(scheme: Scheme, form: Form, filings: list[Filing]) -> dict[str, list[int]]:
    found = failing_lines(Engine(), form, scheme, gathered(filings))
    return {check: positions for check, positions in found.items() if positions}


@pytest.mark.parametrize("form", FORMS)
def test_every_declared_rule_fails_on_exactly_the_line_that_breaks_it(
    scheme: Scheme, filing: MakeFiling, form: str
) -> None:
    """Each rule is broken in a filing of its own; all of them are one batch."""
    cases = [(rule, line, change) for rule, name, line, change in BROKEN if name == form]
    assert sorted(rule for rule, _, _ in cases) == sorted(r.id for r in form_of(scheme, form).rules)
    filings = [filing(form, *[{}] * line, change) for _, line, change in cases] or [filing(form)]
    found = failing(scheme, form_of(scheme, form), filings)
    size = len(filings[0].frame)
    for number, (rule, line, _) in enumerate(cases):
        assert number * size + line in found[rule]
        assert not {number * size + other for other in range(size) if other != line} & {
            *found[rule]
        }


def some_value(indicator: Indicator, scheme: Scheme, chance: random.Random) -> object:
    if chance.random() < 0.1:
        return None
    if indicator.code_list is not None:
        return chance.choice(scheme.codes(indicator).codes).code
    match indicator.kind:
        case "integer":
            return chance.randint(-2, 40)
        case "decimal":
            return Decimal(chance.randint(-20, 4000)).scaleb(-indicator.decimals)
        case "date":
            return date(2015, 3, 1) + timedelta(days=chance.randint(-5, 40))
    return chance.choice(["甲", "乙", "丙"])


@pytest.mark.parametrize("form", FORMS)
def test_great_expectations_and_exact_evaluation_find_the_same_lines(
    scheme: Scheme, filing: MakeFiling, form: str
) -> None:
    chance = random.Random(form)
    declared = form_of(scheme, form)
    lines: list[Line] = [
        {i.name: some_value(i, scheme, chance) for i in declared.indicators} for _ in range(200)
    ]
    made = filing(form, lines=lines)
    found = failing(scheme, declared, [made])
    plain = records(made.frame, declared)
    for check in line_checks(declared):
        if check.relation is not None:
            exact = [
                number
                for number, line in enumerate(plain)
                if judge(check.relation, line).outcome is Outcome.FAIL
            ]
            assert found.get(check.id, []) == exact, check.id


@pytest.mark.parametrize("form", FORMS)
def test_every_expectation_tells_what_it_checks_in_both_languages(
    scheme: Scheme, form: str
) -> None:
    declared = form_of(scheme, form)
    checks = {check.id: check for check in line_checks(declared)}
    asked: list[str] = []
    for expectation in lines_suite(declared, scheme).expectations:
        assert expectation.meta is not None
        assert expectation.description is not None
        asked += expectation.meta["checks"]
        for check in (checks[name] for name in expectation.meta["checks"]):
            assert expectation.meta["severity"] == check.severity
            assert check.statement.zh in expectation.description
            assert check.statement.en in expectation.description
    assert sorted(asked) == sorted(checks)


def test_every_failure_has_a_message() -> None:
    assert set(CODES.values()) <= set(messages.catalogue())


def test_what_must_hold_is_said_in_the_words_of_the_form(scheme: Scheme) -> None:
    said = {c.id: (c.statement.zh, c.statement.en) for c in line_checks(scheme.form("biogas"))}
    assert said["R04.stock_prev.required"] == (
        "“上年末累计”必须填写",
        "Stock at the end of last year is filled in",
    )
    assert said["R04.plan_year.minimum"] == ("“本年计划”不小于0", "Planned is at least 0")
    assert said["R04.plan_pct.formula"] == (
        "“完成计划比例”=本年累计新建 ÷ 本年计划 × 100",
        "Share of the plan = Built since January ÷ Planned × 100",
    )


def test_a_bound_that_no_float_has_is_met_exactly(scheme: Scheme, filing: MakeFiling) -> None:
    form = form_of(scheme, "reduction")
    limited = [
        i.model_copy(update={"minimum": Decimal("0.1"), "maximum": Decimal("0.7")})
        if i.name == "incidence"
        else i
        for i in form.indicators
    ]
    changed = form.model_copy(update={"indicators": tuple(limited)})
    values = ["0.09", "0.10", "0.11", "0.69", "0.70", "0.71"]
    (line,) = filing("reduction").frame.to_dict("records")
    lines = [{**line, "incidence": Decimal(value)} for value in values]
    found = failing(scheme, changed, [filing("reduction", lines=lines)])
    assert found["R18.incidence.minimum"] == [0]
    assert found["R18.incidence.maximum"] == [5]


def test_a_computed_column_is_never_wanted_as_only_its_parts_can_be_filled_in(
    scheme: Scheme, filing: MakeFiling
) -> None:
    form = scheme.form("biogas")
    assert form["stock_now"].required
    found = failing(scheme, form, [filing("biogas", {"stock_prev": None, "stock_now": None})])
    assert found["R04.stock_prev.required"] == [0]
    assert "R04.stock_now.required" not in found


def test_a_check_that_cannot_be_evaluated_is_a_fault_and_never_a_pass(
    scheme: Scheme, filing: MakeFiling
) -> None:
    form = scheme.form("biogas")
    lacking = gathered([filing("biogas")]).drop(columns="sealed")
    with pytest.raises(RuntimeError, match=r"check R04\.cells\.error could not be evaluated"):
        Engine().unexpected(lines_suite(form, scheme), lacking)
