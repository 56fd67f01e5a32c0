"""What forms that disagree are said to come from: cells of any of them, and earlier figures."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.between import validate_between
from expectations.change import validate_change
from expectations.records.together import diagnosed_together
from expectations.validate import validate
from schemas import causes
from schemas.consolidated.change import series_of
from schemas.consolidated.figures import Figure, Figures, Source
from schemas.consolidated.relations import operand
from schemas.filing import Filing
from schemas.findings import Finding
from schemas.models import Relation, Scheme
from schemas.text import Text
from tests.expectations.conftest import VALID, YAODU

Make = Callable[..., Filing]
Said = list[tuple[str, int, int, list[tuple[str, str, str]]]]
EXACT = Decimal(0)
FUNDS = "R07 扶贫资金到位与拨付表"
RELOCATION = "R02 移民搬迁(易地扶贫搬迁)进度表"


def known(scheme: Scheme, figures: Mapping[str, tuple[str, str]]) -> Figures:
    """Figures that the warehouse holds accepted: the period and the value of each."""
    found = {}
    for name, (period, value) in figures.items():
        of = operand(name, scheme)
        source = Source(of.form.name, YAODU, period)
        found[source, of.measure] = Figure(Decimal(value), EXACT)
    return found


def findings(
    scheme: Scheme, filings: list[Filing], accepted: Figures | None = None
) -> dict[str, Finding]:
    """What is found in the forms of one file, by rule."""
    inside = validate(filings, scheme)
    (between,) = validate_between([filings], scheme, accepted or {})
    (changed,) = validate_change([filings], scheme, accepted or {})
    beside = zip(inside, between, changed, strict=True)
    checked = [one.and_also(other).and_also(third) for one, other, third in beside]
    (told,) = diagnosed_together([filings], scheme, accepted or {}, [checked])
    return {str(finding.rule): finding for one in told for finding in one.findings}


def said(finding: Finding) -> Said:
    """Mechanism, how many checks it satisfies of how many, and cell or place, from, to."""
    return [
        (
            each.mechanism.value,
            each.satisfied,
            each.failed,
            [(str(c.cell or (c.place and c.place.zh)), c.stated, c.proposed) for c in each.changes],
        )
        for each in finding.diagnoses
    ]


def with_rules(scheme: Scheme, *checks: str) -> Scheme:
    """The scheme with more rules that compare relocation with funds: X-1, X-2, …"""
    more = [
        Relation(
            id=f"X-{number}",
            form="relocation_progress",
            check=check,
            label=Text(zh="两表金额相等", en="Both forms say the same"),
        )
        for number, check in enumerate(checks, start=1)
    ]
    file = scheme.rule_files["funds"]
    file = file.model_copy(update={"rules": (*file.rules, *more)})
    return scheme.model_copy(update={"rule_files": {**scheme.rule_files, "funds": file}})


@pytest.fixture(scope="module")
def paid(scheme: Scheme) -> Scheme:
    """The scheme with one more rule: two forms of a county say how much is paid."""
    return with_rules(scheme, "relocation_progress.funds_paid = fund_arrival.paid")


def relocation(make: Make, paid: str) -> Filing:
    """One site, of whose 160 arrived funds 75 % are paid: 120."""
    funds = {"funds_arrived": Decimal(160), "funds_paid": Decimal(paid)}
    return make("relocation_progress", {**funds, "paid_pct": Decimal("75.00")})


def funds(make: Make, *paid: str) -> Filing:
    return make("fund_arrival", *({"paid": Decimal(each)} for each in paid))


def test_forms_that_agree_are_left_alone(filing: Make, paid: Scheme) -> None:
    assert findings(paid, [relocation(filing, "120"), funds(filing, "60", "60")]) == {}


def test_an_amount_in_yuan_in_one_of_two_forms(filing: Make, paid: Scheme) -> None:
    found = findings(paid, [relocation(filing, "1200000"), funds(filing, "60", "60")])
    change = (f"{RELOCATION}!L8", "1200000.0000", "120.0000")
    # What the form alone lets guess, and what the other one makes of it, is one thing.
    assert set(found) == {"R02.paid_pct.formula", "R02-paid", "R02-paid-funds", "X-1"}
    assert all(said(each) == [("unit", 4, 4, [change])] for each in found.values())


def test_a_slip_in_the_other_form_is_told_with_its_sheet(filing: Make, paid: Scheme) -> None:
    found = findings(paid, [relocation(filing, "120"), funds(filing, "60", "606")])
    change = (f"{FUNDS}!I9", "606.0000", "60.0000")
    assert set(found) == {"R07-paid", "X-1"}
    assert all(said(each) == [("typing", 2, 2, [change])] for each in found.values())
    # Its own form tells the cell alone, the other one its sheet too.
    assert "：I9“拨付金额”由" in causes.diagnosis(found["R07-paid"], "zh")
    assert f"：工作表“{FUNDS}”的I9“拨付金额”由" in causes.diagnosis(found["X-1"], "zh")
    assert f"I9 Paid (sheet {FUNDS}) from" in causes.diagnosis(found["X-1"], "en")


def test_a_whole_column_in_yuan(filing: Make, paid: Scheme) -> None:
    found = findings(paid, [relocation(filing, "120"), funds(filing, "600000", "600000")])
    changes = [(f"{FUNDS}!I{row}", "600000.0000", "60.0000") for row in (8, 9)]
    assert said(found["X-1"]) == [("unit", 3, 3, changes)]


@pytest.mark.parametrize(
    ("compared_with", "planned", "right"),
    [
        ("fund_arrival.issued", 390, 300),
        # It speaks of a value that a mended check speaks of, too.
        ("sum(fund_arrival.arrived where source_level = 'city')", 190, 100),
    ],
)
def test_a_disagreement_that_one_slip_of_the_hand_leaves_is_diagnosed_too(
    filing: Make, scheme: Scheme, compared_with: str, planned: int, right: int
) -> None:
    compared = with_rules(
        scheme,
        "relocation_progress.funds_paid = sum(fund_arrival.paid where source_level = 'central')",
        f"relocation_progress.funds_plan = {compared_with}",
    )
    # What is paid stands one row too low, the last value on top: 9, 40, 60 it was.
    stated = [("city", 10, 60, 8), ("city", 90, 9, 30), ("central", 80, 40, 50)]
    lines = [
        VALID["fund_arrival"][0]
        | {"doc_no": f"晋财农〔2015〕{number}号", "source_level": level}
        | {"arrived": Decimal(arrived), "paid": Decimal(paid), "spent": Decimal(spent)}
        | {"balance": Decimal(arrived - spent), "arrival_pct": Decimal(arrived)}
        for number, (level, arrived, paid, spent) in enumerate(stated, start=1)
    ]
    site = {"funds_plan": planned, "funds_arrived": 80, "funds_paid": 60, "paid_pct": 75}
    relocated = {name: Decimal(value) for name, value in site.items()}
    came = [filing("relocation_progress", relocated), filing("fund_arrival", lines=lines)]
    found = findings(compared, came)
    moved = [("60", "9"), ("9", "40"), ("40", "60")]
    changes = [
        (f"{FUNDS}!I{row}", f"{now}.0000", f"{then}.0000")
        for row, (now, then) in enumerate(moved, start=8)
    ]
    assert said(found["X-1"]) == [("shift", 4, 5, changes)]
    change = (f"{RELOCATION}!J8", f"{planned}.0000", f"{right}.0000")
    assert said(found["X-2"]) == [("typing", 1, 1, [change])]


def test_a_count_in_hundreds_beside_what_the_city_issued(filing: Make, scheme: Scheme) -> None:
    plan = {
        "plan(plan_targets.biogas_target)": ("2003", "300"),
        "plan(count(plan_targets, item == 'biogas'))": ("2003", "1"),
    }
    found = findings(scheme, [filing("biogas", {"plan_year": 30000})], known(scheme, plan))
    change = ("R04 沼气池建设进度表!B8", "30000", "300")
    assert said(found["R04-issued"]) == [("unit", 2, 2, [change])]


BUILT = "previous_in_year(biogas.built_ytd)"


@pytest.mark.parametrize(
    ("stated", "cell", "proposed"),
    [({"built_period": 240}, "C8", "101"), ({"built_ytd": 101}, "D8", "240")],
)
def test_a_running_total_for_the_period_and_the_other_way_round(
    filing: Make, scheme: Scheme, stated: dict[str, object], cell: str, proposed: str
) -> None:
    biogas = replace(filing("biogas", stated), period="2003H2")
    found = findings(scheme, [biogas], known(scheme, {BUILT: ("2003H1", "139")}))
    (told,) = found["R04-since-january"].diagnoses
    assert told.mechanism == "cumulative"
    assert [(c.cell and c.cell.address, c.proposed) for c in told.changes] == [(cell, proposed)]


def test_an_earlier_figure_that_was_corrected_since_is_no_fault(
    filing: Make, scheme: Scheme
) -> None:
    biogas = replace(filing("biogas"), period="2003H2")
    found = findings(scheme, [biogas], known(scheme, {BUILT: ("2003H1", "132")}))
    earlier = ("《沼气池建设进度表》2003年上半年", "132", "139")
    # 108 instead of 101 would be a slip of one digit: both are told.
    assert said(found["R04-since-january"]) == [
        ("typing", 1, 1, [("R04 沼气池建设进度表!C8", "101", "108")]),
        ("revision", 1, 1, [earlier]),
    ]


def test_a_rule_between_periods_decides_what_a_form_leaves_open(
    filing: Make, scheme: Scheme
) -> None:
    biogas = [replace(filing("biogas", {"stock_now": 5041}), period="2004H1")]
    slips = [
        ("typing", 1, 1, [("R04 沼气池建设进度表!A8", "4800", "4801")]),
        ("typing", 1, 1, [("R04 沼气池建设进度表!F8", "5041", "5040")]),
    ]
    assert said(findings(scheme, biogas)["R04.stock_now.formula"]) == slips
    accepted = known(scheme, {"last_year_end(biogas.stock_now)": ("2003H2", "4800")})
    assert said(findings(scheme, biogas, accepted)["R04.stock_now.formula"]) == slips[1:]


def test_two_cells_and_an_accepted_figure_are_equally_likely(filing: Make, scheme: Scheme) -> None:
    biogas = filing("biogas", {"stock_prev": 4900, "stock_now": 5140})
    accepted = known(scheme, {"last_year_end(biogas.stock_now)": ("2003H2", "4800")})
    found = findings(scheme, [replace(biogas, period="2004H1")], accepted)
    assert causes.diagnosis(found["R04-carried-over"], "zh") == (
        "有2种解释同样说得通，每一种都能使1项不符中的1项相符，单凭数字不能断定是哪一种："
        "(1)一处或几处填错：A8“上年末累计”由4900改为4800，同时F8“期末累计”由5140改为5040，"
        "或《沼气池建设进度表》2003年下半年“期末累计”由4800改为4900。"
        "请查对A8、F8、《沼气池建设进度表》2003年下半年“期末累计”的原始凭证，再定是哪一种。"
    )


def test_a_figure_of_the_period_before_that_came_in_the_same_night(
    filing: Make, scheme: Scheme
) -> None:
    earlier = filing("biogas", {"built_ytd": 193, "plan_pct": Decimal("46.33"), "stock_now": 4939})
    later = replace(filing("biogas"), period="2003H2")
    found = findings(scheme, [earlier, later])
    (told,) = found["R04-since-january"].diagnoses
    assert (told.mechanism, told.satisfied, told.failed) == ("typing", 3, 3)
    (change,) = told.changes
    assert (change.stated, change.proposed) == ("193", "139")
    assert change.place is not None
    assert change.place.zh == "2003年上半年工作表“R04 沼气池建设进度表”的"


def test_what_disagrees_in_a_return_that_was_sent_again(filing: Make, scheme: Scheme) -> None:
    (line,) = VALID["biogas"]
    before = {
        series.before: (
            "2003H2" if series.before.startswith("previous") else "2003H1",
            str(line[series.measure.name]),
        )
        for series in series_of(scheme.form("biogas"), scheme)
    }
    came = replace(filing("biogas"), period="2004H1")
    found = findings(scheme, [came], known(scheme, before))
    assert {"R04.again", "R04-carried-over"} <= set(found)
    assert said(found["R04-carried-over"]) == [("again", 0, 1, [])]
