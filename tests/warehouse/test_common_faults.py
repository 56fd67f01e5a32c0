"""What most counties fail alike is told of the rule, whichever night they came."""

from decimal import Decimal

from schemas import causes
from schemas.findings import CheckResult, Finding, Severity
from schemas.messages import severity
from schemas.text import Text
from tests.warehouse.conftest import House
from warehouse.stewards.common_faults import is_common

RULE = "R18-lifted"


def test_most_units_failing_alike_speak_against_the_rule() -> None:
    alike = [[Decimal(5)]] * 8
    assert is_common(alike, 12)
    assert not is_common(alike, 16)
    assert not is_common([*alike, [Decimal(-5)]], 12)
    assert not is_common([[Decimal(5)]] * 5, 5)


def send(house: House, county: str, night: int, gap: int = 0) -> None:
    """The return of a county that misses a rule by as much, or keeps to it."""
    failed = Finding(
        code="rule-failed",
        severity=severity("rule-failed"),
        rule=RULE,
        difference=Decimal(gap),
        parameters={"statement": "a", "substituted": str(gap)},
    )
    result = CheckResult(
        check=RULE,
        statement=Text(zh="甲", en="a"),
        severity=Severity.ERROR,
        passed=int(not gap),
        failed=int(bool(gap)),
        undetermined=0,
    )
    filing = house.filing("reduction", county, {"task": 1}, findings=[failed] if gap else [])
    house.submit(filing, night=night, name=f"{county} {night}.xlsx", results=[result])


def said(house: House, night: int) -> set[str]:
    """What the findings of a night are told to come from."""
    return {causes.diagnosis(filed.finding, "zh") for filed in house.told(night=night)}


def test_all_current_returns_of_the_period_say_whether_a_rule_is_at_fault(house: House) -> None:
    counties = [unit.code for unit in house.scheme.counties]
    for county in counties[:4]:
        send(house, county, night=1, gap=5)
    assert said(house, 1) == {""}  # four of four are too few
    for county in counties[4:6]:
        send(house, county, night=2)
    told = "6个单位中有4个同样不符，更可能是规则或统计口径本身有误。"
    assert said(house, 2) == {told}
    assert said(house, 1) == {""}  # as it was known then
    send(house, counties[0], night=3)  # corrected: three of six are no longer most
    assert said(house, 3) == {""}
    send(house, counties[0], night=4, gap=-5)  # four again, but one in the other direction
    assert said(house, 4) == {""}
