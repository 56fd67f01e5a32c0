"""The worked examples of the literature, with their exact numbers."""

from decimal import Decimal

import pytest

from expectations.diagnose.cumulative import Corrected, Series, Step, series_kind, totals_for_steps
from expectations.diagnose.edit import Edit, Record, violated
from expectations.diagnose.localise import locations
from expectations.diagnose.proposal import Proposal
from expectations.diagnose.sign import signs_and_swaps
from expectations.diagnose.typing_slip import is_slip, typing_slips
from expectations.diagnose.unit import OtherUnit, other_unit, too_large, unit_factor
from expectations.rule import holds
from schemas.findings import Mechanism
from schemas.language.expression import parse_comparison


def edits(*stated: str, tolerance: str = "0") -> list[Edit]:
    return [Edit.of(text, parse_comparison(text), Decimal(tolerance)) for text in stated]


def record(**values: int | None) -> Record:
    return {name: None if value is None else Decimal(value) for name, value in values.items()}


def changes(proposals: list[Proposal]) -> list[dict[str, int]]:
    return [{name: int(value) for name, value in p.changes.items()} for p in proposals]


SCHOLTUS = edits("x1+x2=x3", "x2=x4", "x5+x6+x7=x8", "x3+x8=x9", "x9-x10=x11")
TRUE = record(
    x1=1452, x2=116, x3=1568, x4=116, x5=323, x6=76, x7=12, x8=411, x9=1979, x10=1842, x11=137
)
TRADE = edits("turnover-costs=profit")


def stated(**slips: int) -> Record:
    return {**TRUE, **record(**slips)}


class TestTyping:
    def test_the_true_record_is_left_alone(self) -> None:
        assert not violated(SCHOLTUS, TRUE)
        assert typing_slips(SCHOLTUS, TRUE) == []

    def test_two_exchanged_digits(self) -> None:
        assert changes(typing_slips(SCHOLTUS, stated(x4=161))) == [{"x4": 116}]

    def test_the_value_that_repairs_two_edits_is_preferred(self) -> None:
        found = typing_slips(SCHOLTUS, stated(x4=161, x9=19979))
        assert changes(found) == [{"x4": 116}, {"x9": 1979}]
        assert found[1].repaired == ("x3+x8=x9", "x9-x10=x11")
        assert [each.answers for each in found] == [1, 1]

    def test_an_edit_that_no_slip_explains_stays_violated_and_is_named(self) -> None:
        found = typing_slips(SCHOLTUS, stated(x4=161, x9=19979, x5=0, x6=0, x7=0))
        assert changes(found) == [{"x4": 116}, {"x9": 1979}]
        assert all("x5+x6+x7=x8" in each.left for each in found)

    def test_a_tie_is_shown_as_a_tie(self) -> None:
        found = typing_slips(SCHOLTUS, stated(x4=161, x9=19979, x8=0))
        assert changes(found) == [{"x4": 116}, {"x9": 1979}, {"x10": 19842}]
        assert [each.answers for each in found] == [1, 2, 2]

    def test_one_balance_and_one_slip(self) -> None:
        found = typing_slips(TRADE, record(turnover=353, costs=283, profit=115))
        assert changes(found) == [{"costs": 238}]

    def test_what_no_slip_explains_is_not_proposed(self) -> None:
        total = edits("total = a + b + c + d")
        wrong = record(total=42280000, a=11289000, b=4328000, c=11201000, d=11849000)
        assert typing_slips(total, wrong) == []

    def test_a_certain_value_is_never_proposed(self) -> None:
        wrong = record(turnover=353, costs=283, profit=115)
        assert typing_slips(TRADE, wrong, fixed={"costs"}) == []

    def test_decimals_are_compared_as_they_were_typed(self) -> None:
        wrong = {"a": Decimal("16.5"), "b": Decimal("3.25"), "c": Decimal("91.75")}
        (found,) = typing_slips(edits("a + b = c"), wrong)
        assert found.changes == {"c": Decimal("19.75")}

    @pytest.mark.parametrize(
        ("one", "other", "slip"),
        [
            ("161", "116", True),
            ("1979", "19979", True),
            ("19979", "1979", True),
            ("353", "398", False),
            ("12", "21", True),
            ("12", "12", False),
            ("1", "7", False),
            ("-12", "12", True),
            ("1.25", "12.5", True),
            ("1234", "4321", False),
        ],
    )
    def test_one_slip(self, one: str, other: str, *, slip: bool) -> None:
        assert is_slip(one, other) is slip


class TestLocalisation:
    def test_three_equal_answers_are_given_as_one_of_three(self) -> None:
        found = locations(TRADE, record(turnover=353, costs=283, profit=115))
        answers = sorted((next(iter(c.items())) for c in changes(found)), key=str)
        assert answers == [("costs", 238), ("profit", 70), ("turnover", 398)]
        assert {each.answers for each in found} == {3}

    def test_an_inequality_tells_which_one(self) -> None:
        business = edits("profit + cost = turnover", "cost >= 0.6 * turnover", "turnover >= 0")
        found = locations(business, record(profit=755, cost=125, turnover=200))
        assert changes(found) == [{"profit": 75}]
        assert found[0].answers == 1

    def test_what_is_trusted_more_is_not_blamed(self) -> None:
        wrong = record(turnover=353, costs=283, profit=115)
        found = locations(TRADE, wrong, {"turnover": float("inf"), "costs": 2.0})
        assert changes(found) == [{"profit": 70}]

    def test_a_cell_where_two_failing_sums_cross_is_found(self) -> None:
        table = edits("a1+b1=r1", "a2+b2=r2", "a1+a2=ca", "b1+b2=cb")
        wrong = record(a1=10, b1=20, r1=30, a2=5, b2=77, r2=12, ca=15, cb=27)
        assert changes(locations(table, wrong)) == [{"b2": 7}]

    def test_a_blank_may_be_anything(self) -> None:
        assert locations(TRADE, record(turnover=353, costs=None, profit=115)) == []


FOUR = edits(
    "x0 = r0 - c0",
    "x1 = r1 - c1",
    "x2 = r2 - c2",
    "x3 = r3 - c3",
    "x4 = x0 + x1 + x2 + x3",
    *(f"{name} >= 0" for name in ("r0", "c0", "r1", "c1", "r2", "c2", "r3", "c3")),
    tolerance="2",
)
NAMES = ("r0", "c0", "x0", "r1", "c1", "x1", "r2", "c2", "x2", "r3", "c3", "x3", "x4")
PAIRS = (("r0", "c0"), ("r1", "c1"), ("r2", "c2"), ("r3", "c3"))


def layout(*values: int) -> Record:
    return record(**dict(zip(NAMES, values, strict=True)))


class TestSignAndSwap:
    def test_one_sign(self) -> None:
        wrong = layout(2100, 1950, 150, 0, 10, 10, 20, 5, 15, 50, 10, 40, 195)
        found = signs_and_swaps(FOUR, wrong, PAIRS)
        assert changes(found) == [{"x1": -10}]
        assert found[0].mechanism is Mechanism.SIGN

    def test_two_exchanged_pairs(self) -> None:
        wrong = layout(5100, 4650, 450, 0, 130, 130, 20, 0, 20, 15, 25, 10, 610)
        found = signs_and_swaps(FOUR, wrong, PAIRS)
        assert changes(found) == [{"r1": 130, "c1": 0, "r3": 25, "c3": 15}]
        assert found[0].mechanism is Mechanism.SWAP

    @pytest.mark.parametrize("values", [(3, 13, 10), (15, 5, -10)])
    def test_a_difference_with_the_wrong_sign(self, values: tuple[int, int, int]) -> None:
        x, y, z = values
        assert changes(signs_and_swaps(edits("z = x - y"), record(x=x, y=y, z=z))) == [{"z": -z}]

    def test_what_holds_or_cannot_be_checked_is_left_alone(self) -> None:
        assert signs_and_swaps(edits("z = x - y"), record(x=17, y=7, z=10)) == []
        assert signs_and_swaps(edits("z = x - y"), record(x=1, y=2, z=None)) == []


class TestCumulative:
    @staticmethod
    def steps(*values: int) -> tuple[list[Step], Decimal]:
        numbers = [Decimal(value) for value in values]
        parts = [numbers[i : i + 3] for i in range(0, len(numbers) - 1, 3)]
        steps = [Step(f"x{k}", x, r, c) for k, (r, c, x) in enumerate(parts)]
        return steps, numbers[-1]

    def test_the_total_so_far_instead_of_nothing(self) -> None:
        stated = self.steps(6700, 5650, 1050, 0, 0, 1050, 0, 0, 1050, 0, 0, 1050, 1050)
        assert totals_for_steps(*stated) == [
            Corrected(name, Decimal(0), swapped=False) for name in ("x1", "x2", "x3")
        ]

    def test_the_total_so_far_instead_of_the_step(self) -> None:
        stated = self.steps(8300, 5400, 2900, 0, 150, 2750, 0, 30, 2720, 0, 110, 2610, 2610)
        assert [(c.name, int(c.value)) for c in totals_for_steps(*stated)] == [
            ("x1", -150),
            ("x2", -30),
            ("x3", -110),
        ]

    def test_steps_that_add_up_are_left_alone(self) -> None:
        stated = self.steps(2100, 1950, 150, 0, 10, -10, 20, 5, 15, 50, 10, 40, 195)
        assert totals_for_steps(*stated) == []

    @pytest.mark.parametrize(
        ("before", "period", "total", "kind"),
        [
            (100, 20, 120, None),
            (100, 120, 120, Series.TOTAL_AS_PERIOD),
            (100, 20, 20, Series.PERIOD_AS_TOTAL),
            (100, 20, 125, Series.EARLIER_REVISED),
            (100, 20, 10, None),
        ],
    )
    def test_what_a_series_holds(
        self, before: int, period: int, total: int, kind: Series | None
    ) -> None:
        stated = (Decimal(before), Decimal(period), Decimal(total), Decimal(0))
        assert series_kind(*stated) is kind


class TestUnit:
    def test_all_figures_a_thousand_times_too_large(self) -> None:
        then = record(a=3331, b=709, c=4040)
        found = other_unit(record(a=3148249, b=936442, c=4084691), then)
        assert found == OtherUnit(1000, ("a", "b", "c"), of=3, whole=True)
        # 3148 + 936 = 4084 and not 4085: of three figures rounded to thousands, that is rounding.
        (thousands,) = edits("a + b = c", tolerance="1.5")
        assert thousands.holds(record(a=3148, b=936, c=4085))

    def test_single_cells_a_thousand_times_too_large(self) -> None:
        accounts = edits("turnover + other = revenue", "revenue - profit = costs")
        wrong = record(turnover=2649, other=98350, revenue=2747, costs=2725410, profit=22457)
        assert too_large(accounts, wrong, 1000) == [frozenset({"other", "costs", "profit"})]

    def test_accounts_that_balance_are_left_alone(self) -> None:
        assert too_large(TRADE, record(turnover=353, costs=238, profit=115), 1000) == []

    @pytest.mark.parametrize(
        ("value", "reference", "factor"),
        [
            (1_200_000, 118, 10_000),
            (118, 1_200_000, -10_000),
            (120, 118, 1),
            (85, "0.83", 100),
            (500, 118, None),
            (0, 118, None),
            (-120, 118, None),
        ],
    )
    def test_factor(self, value: int, reference: int | str, factor: int | None) -> None:
        assert unit_factor(Decimal(value), Decimal(reference)) == factor


class TestPrecision:
    def test_two_figures_stated_to_thousands_may_be_the_same(self) -> None:
        (same,) = edits("total = parts", tolerance="1000")  # half a thousand each
        assert same.holds(record(total=12300, parts=11900))
        assert not same.holds(record(total=12300, parts=11299))

    def test_seventeen_counties_and_their_total_with_two_decimals(self) -> None:
        (seventeen,) = edits("total = parts", tolerance="0.09")  # eighteen times half of 0.01
        assert seventeen.holds({"total": Decimal("5.09"), "parts": Decimal(5)})
        assert not seventeen.holds({"total": Decimal("5.091"), "parts": Decimal(5)})

    def test_as_they_are_typed(self) -> None:
        """12,300 and 11,900 stated to thousands: [11800, 12800] meets [11400, 12400]."""
        stated = parse_comparison("total = parts")
        line = record(total=12300, parts=11900)
        thousands, hundreds = (dict.fromkeys(line, Decimal(reach)) for reach in (500, 50))
        assert holds(stated, line, thousands)
        assert not holds(stated, line, hundreds)

    @pytest.mark.parametrize(("total", "same"), [("5.09", True), ("5.0901", False)])
    def test_each_of_seventeen_counties_leaves_half_a_digit_open(
        self, total: str, *, same: bool
    ) -> None:
        counties = [f"c{number}" for number in range(17)]
        stated = parse_comparison(f"total = {' + '.join(counties)}")
        line = {**dict.fromkeys(counties, Decimal(0)), "c0": Decimal(5), "total": Decimal(total)}
        widths = dict.fromkeys(line, Decimal("0.005"))
        assert holds(stated, line, widths) is same
