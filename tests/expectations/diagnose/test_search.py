"""Mechanisms that are tried on everything declared: exact numbers of each."""

from decimal import Decimal

import pytest

from expectations.diagnose import search
from expectations.diagnose.edit import Edit
from expectations.diagnose.outlier import outliers
from expectations.diagnose.rounding import is_rounded
from expectations.diagnose.shift import shifted, shifted_along
from expectations.diagnose.total import is_miscounted
from expectations.diagnose.typing_slip import slips


def decimals(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("total", "miscounted"),
    [("60", False), ("120", True), ("40", True), ("70", True), ("65", False), ("0", False)],
)
def test_a_total_counts_all_or_one_part_twice_or_leaves_one_out(
    total: str, miscounted: bool
) -> None:
    parts = decimals("10", "20", "30")
    assert is_miscounted(Decimal(total), parts, Decimal(0)) is miscounted


def sum_of(*parts: str) -> search.Test:
    """That the parts make the total."""
    edit = Edit("sum", {"total": Decimal(-1), **dict.fromkeys(parts, Decimal(1))})
    return search.Test(edit.id, frozenset(edit.terms), True, edit.holds, edit.gap)


@pytest.mark.parametrize(
    ("total", "parts", "rounded"),
    [
        ("11.4", ("4", "4", "4"), True),
        ("9.9", ("4", "4", "4"), False),
        ("11.4", ("4.1", "4", "4"), False),
    ],
)
def test_rounded_parts_miss_their_total_by_half_a_unit_each(
    total: str, parts: tuple[str, ...], *, rounded: bool
) -> None:
    record = dict(zip(("a", "b", "c"), decimals(*parts), strict=True)) | {"total": Decimal(total)}
    assert is_rounded(["a", "b", "c"], [sum_of("a", "b", "c")], record) is rounded


def test_values_one_place_off_are_moved_back_and_forth() -> None:
    record = {"a": Decimal(3), "b": Decimal(1), "c": Decimal(2)}
    assert list(shifted(["a", "b", "c"], record)) == [
        {"a": 1, "b": 2, "c": 3},
        {"a": 2, "b": 3, "c": 1},
    ]
    assert list(shifted_along(["a", "b"], record)) == []


def test_every_slip_of_a_number_of_two_digits() -> None:
    found = list(slips("12"))
    assert {Decimal(n) for n in (21, 13, 112, 120, 92)} <= {*found}
    assert not {Decimal(12), Decimal(1), Decimal(2), Decimal(34)} & {*found}


def test_one_village_more_is_no_outlier_among_few() -> None:
    before = dict.fromkeys("ABCDEFGH", 10.0) | {"I": 2.0}
    after = before | {"I": 3.0}
    assert [outlier.unit for outlier in outliers(before, after)] == ["I"]
    assert outliers(before, after, step=1.0) == []
    assert [outlier.unit for outlier in outliers(before, before | {"I": 90.0}, step=1.0)] == ["I"]
