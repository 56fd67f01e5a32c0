from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.sample.apportion import apportion

Bounded = tuple[int, list[int], list[int], list[int]]


@st.composite
def bounded(draw: st.DrawFn) -> Bounded:
    """A total with weights above 0 and limits that leave room for it."""
    weights = draw(st.lists(st.integers(1, 1000), min_size=1, max_size=20))
    limits = [sorted((draw(st.integers(0, 500)), draw(st.integers(0, 500)))) for _ in weights]
    lows, highs = [low for low, _ in limits], [high for _, high in limits]
    return draw(st.integers(sum(lows), sum(highs))), weights, lows, highs


def in_order_of_weight(weights: Sequence[int], parts: Sequence[int]) -> bool:
    pairs = list(zip(weights, parts, strict=True))
    return all(more >= less for w, less in pairs for v, more in pairs if v > w)


def test_the_largest_remainders_get_what_is_left() -> None:
    assert apportion(10, [6, 3, 2]) == [5, 3, 2]


def test_equal_weights_share_alike_and_the_first_get_what_is_left() -> None:
    assert apportion(11, [1, 1, 1]) == [4, 4, 3]


def test_a_weight_of_0_gets_nothing() -> None:
    assert apportion(7, [0, 1, 0]) == [0, 7, 0]


def test_a_part_at_its_limit_leaves_the_rest_to_the_others() -> None:
    assert apportion(100, [8, 1, 1], at_most=[40, None, None]) == [40, 30, 30]
    assert apportion(100, [8, 1, 1], at_least=[0, 30, 0]) == [62, 30, 8]


def test_limits_on_both_sides_hold_together() -> None:
    assert apportion(100, [8, 1, 1], [0, 30, 0], [40, None, None]) == [40, 30, 30]


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**4), min_size=1, max_size=30))
def test_parts_add_up_and_follow_the_weights(total: int, weights: list[int]) -> None:
    if not any(weights):
        weights[0] = 1
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
    assert in_order_of_weight(weights, parts)
    whole = sum(weights)
    assert all(
        abs(part * whole - total * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
    ), "no part is a whole unit off its exact share"


@given(bounded())
def test_parts_within_limits_add_up(case: Bounded) -> None:
    total, weights, lows, highs = case
    parts = apportion(total, weights, lows, highs)
    assert sum(parts) == total
    assert all(low <= part for low, part in zip(lows, parts, strict=True))
    assert all(part <= high for part, high in zip(parts, highs, strict=True))


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=20),
    st.integers(0, 50),
    st.integers(0, 200),
    st.data(),
)
def test_with_the_same_limits_parts_follow_the_weights(
    weights: list[int], low: int, room: int, data: st.DataObject
) -> None:
    count = len(weights)
    total = data.draw(st.integers(low * count, (low + room) * count))
    parts = apportion(total, weights, [low] * count, [low + room] * count)
    assert in_order_of_weight(weights, parts)


@pytest.mark.parametrize(
    ("total", "weights", "lows", "highs", "problem"),
    [
        (10, [0, 0], None, None, "the limits allow 0 to 0"),
        (10, [1, 1], [6, 6], None, "the limits allow 12 to any number"),
        (10, [1, 1], None, [4, 4], "the limits allow 0 to 8"),
        (10, [1, -1], None, None, "negative"),
        (10, [1, 1], [5, 0], [4, None], "least is above"),
    ],
)
def test_what_cannot_be_divided_is_refused(
    total: int,
    weights: list[int],
    lows: list[int] | None,
    highs: list[int | None] | None,
    problem: str,
) -> None:
    with pytest.raises(ValueError, match=problem):
        apportion(total, weights, lows, highs)
