"""For which values an explanation is good."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.findings import Finding, Severity
from schemas.text import Text
from schemas.value_range import ValueRange


def found(
    observed: str | None, difference: str | None = None, lines: int = 1, **told: Text | str
) -> Finding:
    return Finding(
        code="rule-failed",
        severity=Severity.WARNING,
        observed=observed,
        difference=None if difference is None else Decimal(difference),
        lines=lines,
        parameters={"statement": "a", "substituted": "b", **told},
    )


@pytest.mark.parametrize(
    ("explained", "later", "holds"),
    [
        ("100", "105", True),
        ("100", "95", True),
        ("100", "105.01", False),
        ("-100", "-104", True),
        ("0", "0", True),
        ("0", "1", False),
        ("1.20", "1.26", True),
        ("0.1", "0.14", True),
        ("0.1", "0.2", False),
        ("100", None, False),
        ("100", "abc", False),
    ],
)
def test_a_value_may_move_by_a_twentieth_or_half_its_last_digit(
    explained: str, later: str | None, holds: bool
) -> None:
    assert ValueRange.of(found(explained)).holds(found(later)) is holds


def test_what_it_is_compared_with_may_not_move_further() -> None:
    explained = ValueRange.of(found("100", "40"))
    assert explained.holds(found("100", "44"))
    assert not explained.holds(found("100", "46"))
    assert not explained.holds(found("100"))


def test_many_lines_are_explained_for_as_many() -> None:
    explained = ValueRange.of(found("7", lines=40))
    assert explained.holds(found("8", lines=42))
    assert not explained.holds(found("8", lines=43))
    assert not explained.holds(found("7"))


def test_what_has_no_number_is_explained_as_long_as_it_says_the_same() -> None:
    explained = ValueRange.of(found(None))
    assert explained.holds(found(None))
    assert not explained.holds(found(None, substituted="c"))
    assert not explained.moves


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-9999, max_value=9999),
    st.integers(min_value=1, max_value=9),
)
def test_a_finding_is_within_its_own_range_also_when_kept(value: Decimal, lines: int) -> None:
    finding = found(str(value), str(value), lines)
    covers = ValueRange.of(finding)
    assert ValueRange.model_validate_json(covers.model_dump_json()) == covers
    assert covers.holds(finding)
