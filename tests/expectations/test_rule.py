from datetime import date
from decimal import Decimal

import pytest

from expectations.rule import Interval, Judged, Outcome, holds, judge
from schemas.language.expression import Line, parse_comparison
from schemas.rules.statement import Statement

HUNDREDTH = Decimal("0.005")


def judged(check: str, line: Line, when: str | None = None, **half_widths: str) -> Judged:
    condition = None if when is None else parse_comparison(when)
    widths = {name: Decimal(width) for name, width in half_widths.items()}
    return judge(Statement(parse_comparison(check), condition, widths), line)


def numbers(**values: str | int | None) -> dict[str, Decimal | None]:
    return {name: None if value is None else Decimal(value) for name, value in values.items()}


@pytest.mark.parametrize(
    ("check", "left", "right", "outcome"),
    [
        ("a = b", 101, 101, Outcome.PASS),
        ("a = b", 102, 101, Outcome.FAIL),
        ("a != b", 102, 101, Outcome.PASS),
        ("a != b", 101, 101, Outcome.FAIL),
        ("a <= b", 101, 101, Outcome.PASS),
        ("a <= b", 102, 101, Outcome.FAIL),
        ("a < b", 100, 101, Outcome.PASS),
        ("a < b", 101, 101, Outcome.FAIL),
        ("a >= b", 101, 101, Outcome.PASS),
        ("a >= b", 100, 101, Outcome.FAIL),
        ("a > b", 102, 101, Outcome.PASS),
        ("a > b", 101, 101, Outcome.FAIL),
    ],
)
def test_counts_are_compared_exactly(check: str, left: int, right: int, outcome: Outcome) -> None:
    assert judged(check, numbers(a=left, b=right)).outcome == outcome


def test_a_judgement_keeps_its_operands_both_sides_their_difference_and_the_tolerance() -> None:
    line = numbers(stock_now="5041", stock_prev=4800, built=240, other=7)
    result = judged("stock_now = stock_prev + built", line)
    assert result == Judged(
        outcome=Outcome.FAIL,
        operands=numbers(stock_now=5041, stock_prev=4800, built=240),
        left=Decimal(5041),
        right=Decimal(5040),
        difference=Decimal(1),
        tolerance=Decimal(0),
    )


def test_thousands_of_12300_and_11900_may_be_the_same_number() -> None:
    line = numbers(a=12300, b=11900)
    assert judged("a = b", line, a="500", b="500").outcome == Outcome.PASS
    assert judged("a = b", line, a="200", b="199").outcome == Outcome.FAIL


def test_17_counties_stated_to_a_hundredth_may_differ_from_their_total_by_nine_hundredths() -> None:
    counties = [f"c{number}" for number in range(17)]
    widths = dict.fromkeys([*counties, "total"], "0.005")
    parts = dict.fromkeys(counties, Decimal("1.00"))
    check = f"total = {' + '.join(counties)}"
    at_the_limit = judged(check, {**parts, "total": Decimal("17.09")}, None, **widths)
    assert at_the_limit.outcome == Outcome.PASS
    assert at_the_limit.tolerance == Decimal("0.09")
    beyond = judged(check, {**parts, "total": Decimal("17.10")}, None, **widths)
    assert beyond.outcome == Outcome.FAIL
    assert beyond.difference == Decimal("0.10")


@pytest.mark.parametrize(("stated", "outcome"), [("12.50", 2), ("12.49", 3), ("12.51", 3)])
def test_a_percentage_of_counts_is_right_to_its_last_digit(stated: str, outcome: int) -> None:
    line = numbers(pct=stated, done=1, plan=8)
    assert judged("pct = done / plan * 100", line, pct="0.005").outcome == outcome


@pytest.mark.parametrize("stated", ["0.12", "0.13"])
def test_a_percentage_just_between_two_digits_may_be_rounded_either_way(stated: str) -> None:
    line = numbers(pct=stated, done=1, plan=800)
    result = judged("pct = done / plan * 100", line, pct="0.005")
    assert result.right == Decimal("0.125")
    assert result.outcome == Outcome.PASS


def test_the_boundary_is_exact_where_a_quotient_has_no_decimal() -> None:
    line = numbers(a="3.33", third=1, three=3)
    gap = Decimal(10) / 3 - Decimal("3.33")
    wide, narrow = str(gap + Decimal("1e-26")), str(gap - Decimal("1e-26"))
    assert judged("a = third / three * 10", line, a=wide).outcome == Outcome.PASS
    assert judged("a = third / three * 10", line, a=narrow).outcome == Outcome.FAIL


def test_a_negative_factor_turns_the_interval_round() -> None:
    line = numbers(a="-2.00", b="1.00")
    assert judged("a = -2 * b", line, b="0.005").outcome == Outcome.PASS
    assert judged("a < -2.01 - 0 * b", line, b="0.005").outcome == Outcome.FAIL


@pytest.mark.parametrize("missing", ["a", "b"])
def test_a_line_without_an_operand_is_undetermined(missing: str) -> None:
    line = {**numbers(a=1, b=2), missing: None}
    result = judged("a = b", line)
    assert result.outcome == Outcome.UNDETERMINED
    assert result.difference is None


def test_a_quotient_by_zero_or_by_what_may_be_zero_is_undetermined() -> None:
    assert judged("p = a / b", numbers(p=1, a=1, b=0)).outcome == Outcome.UNDETERMINED
    assert judged("p = a / b", numbers(p=1, a=1, b="0.00"), b="0.005").outcome == 1
    assert judged("p = a / b", numbers(p=1, a=1, b="0.01"), b="0.01").outcome == 1


def test_a_rule_applies_only_where_its_condition_is_satisfied_as_written() -> None:
    check, when = "present(arrived_on)", "arrived > 0"
    nothing = {"arrived_on": None, "arrived": Decimal("0.0000")}
    something = {"arrived_on": None, "arrived": Decimal("0.0001")}
    unknown = {"arrived_on": None, "arrived": None}
    dated: Line = {"arrived_on": date(2015, 3, 1), "arrived": Decimal("0.0001")}
    assert judged(check, nothing, when, arrived="0.00005").outcome == Outcome.NOT_APPLICABLE
    assert judged(check, something, when, arrived="0.00005").outcome == Outcome.FAIL
    assert judged(check, unknown, when).outcome == Outcome.UNDETERMINED
    assert judged(check, dated, when).outcome == Outcome.PASS


def test_dates_are_compared_and_subtracted_in_days() -> None:
    line: Line = {
        "issued_on": date(2015, 2, 27),
        "arrived_on": date(2015, 3, 2),
        "days": Decimal(3),
    }
    assert judged("days = arrived_on - issued_on", line).outcome == Outcome.PASS
    early = judged("arrived_on <= issued_on", line)
    assert (early.outcome, early.difference) == (Outcome.FAIL, Decimal(3))
    assert (early.left, early.right) == (date(2015, 3, 2), date(2015, 2, 27))


def test_words_are_equal_or_not() -> None:
    assert holds(parse_comparison("status = 'grid'"), {"status": "grid"}, {}) is True
    assert holds(parse_comparison("status != 'grid'"), {"status": "grid"}, {}) is False
    assert holds(parse_comparison("status = 'grid'"), {"status": None}, {}) is None


def test_words_cannot_be_calculated_with() -> None:
    with pytest.raises(TypeError, match="a word is not a number"):
        holds(parse_comparison("status + 1 = 2"), {"status": "grid"}, {})


def test_an_interval_lies_around_its_value() -> None:
    assert Interval.around(Decimal("1.10"), HUNDREDTH).low == Decimal("1.095")
    assert Interval.around(Decimal("1.10"), HUNDREDTH).high == Decimal("1.105")
