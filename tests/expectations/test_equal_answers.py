"""Explanations that fit equally well are told side by side, of any mechanism."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from expectations.validate import validate
from schemas import causes
from schemas.filing import Filing, Total
from schemas.findings import CellRef, Finding
from schemas.models import Scheme
from tests.expectations.conftest import VALID

Make = Callable[..., Filing]
Told = tuple[str, int, Mapping[str, str]]


def of_rule(scheme: Scheme, filing: Filing, rule: str) -> Finding:
    (checked,) = validate([filing], scheme)
    (found,) = [finding for finding in checked.findings if finding.rule == rule]
    return found


def told(finding: Finding) -> list[Told]:
    """Each mechanism, how many answers it has, and what one of them puts where."""
    return [
        (
            each.mechanism.value,
            each.answers,
            {change.cell.address: change.proposed for change in each.changes if change.cell},
        )
        for each in finding.diagnoses
    ]


def total(indicator: str, value: str, address: str) -> Total:
    return Total(indicator, Decimal(value), CellRef(sheet="表", address=address))


def test_rounded_parts_and_a_slip_in_their_total(scheme: Scheme, filing: Make) -> None:
    stated = filing("fund_arrival", totals=(total("paid", "120.4", "I10"),))
    found = of_rule(scheme, stated, "R07.totals")
    assert told(found) == [("rounding", 1, {}), ("typing", 1, {"I10": "120.0000"})]
    assert causes.diagnosis(found, "zh") == (
        "有2种解释同样说得通，每一种都能使1项不符中的1项相符，单凭数字不能断定是哪一种："
        "(1)分项取整后未与合计衔接；(2)录入笔误：I10“拨付金额”由120.4000改为120.0000。"
        "请查对I10的原始凭证，再定是哪一种。"
    )


def test_what_closes_a_gap_comes_before_what_stated_decimals_leave_open(
    scheme: Scheme, filing: Make
) -> None:
    # 0.58 of 1.3 are 44.62 per cent; of 0.57995 in 1.30005, which may be behind it, 44.61.
    line = {"issued": "1.3", "arrived": "0.58", "paid": "0.5", "spent": "0.5", "balance": "0.08"}
    stated = filing(
        "fund_arrival",
        {name: Decimal(value) for name, value in line.items()} | {"arrival_pct": Decimal("44.67")},
    )
    found = of_rule(scheme, stated, "R07.arrival_pct.formula")
    assert told(found) == [("typing", 2, {"L8": "44.62"}), ("typing", 2, {"L8": "44.61"})]


def test_another_unit_does_not_hide_the_many_slips_that_would_do(
    scheme: Scheme, filing: Make
) -> None:
    amounts = ("0.0001", "12.0000", "13.0000", "14.0000", "15.0000", "16.0000")
    lines = [
        VALID["fund_arrival"][0]
        | {"paid": Decimal(amount), "spent": Decimal(0), "balance": Decimal("80.5")}
        for amount in amounts
    ]
    stated = filing("fund_arrival", lines=lines, totals=(total("paid", "71", "I14"),))
    assert told(of_rule(scheme, stated, "R07.totals")) == [
        ("unit", 1, {"I8": "1.0000"}),
        ("typing", 7, {"I8": "1.0001"}),
        ("typing", 7, {"I9": "13.0000"}),
        ("typing", 7, {"I10": "14.0000"}),
        ("typing", 7, {"I11": "15.0000"}),
    ]


def test_a_limit_alone_leaves_it_open_and_every_suspect_is_shown(
    scheme: Scheme, filing: Make
) -> None:
    found = of_rule(scheme, filing("biogas", {"sealed": 241}), "R04-sealed")
    assert told(found) == [
        ("typing", 10, {"E8": "141"}),
        ("typing", 10, {"E8": "201"}),
        ("typing", 10, {"E8": "21"}),
        ("typing", 10, {"E8": "211"}),
        ("shift", 1, {"E8": "30", "H8": "2000", "I8": "241"}),
    ]


def test_the_only_amount_of_a_column_has_a_zero_too_many_or_is_in_another_unit(
    scheme: Scheme, filing: Make
) -> None:
    line = {
        "quota": 150,
        "trained": 120,
        "trained_pct": Decimal("80.00"),
        "transferred_away": 50,
        "transferred_local": 70,
        "transferred": 120,
        "poor_transferred": 20,
        "fiscal": Decimal(96),
        "per_head": Decimal("800.00"),
    }
    found = of_rule(scheme, filing("labour", lines=[line]), "R29.per_head.formula")
    assert told(found) == [("typing", 1, {"H8": "9.6000"}), ("unit", 1, {"H8": "9.6000"})]
