"""Figures that were rounded to whole units where what is made of them was not."""

from collections.abc import Sequence
from decimal import Decimal

from expectations.diagnose.edit import Record, changed
from expectations.diagnose.search import Test

_HALF = Decimal("0.5")


def is_rounded(parts: Sequence[str], failed: Sequence[Test], record: Record) -> bool:
    """Whether these values are whole and each failed test would hold of unrounded ones.

    A value may then be off by half a unit, so that a sum of them closes its gap by as many halves.
    """
    values = [value for name in parts if (value := record[name]) is not None]
    if not values or any(value != value.to_integral_value() for value in values):
        return False
    return all(_is_within(test, [n for n in parts if n in test.names], record) for test in failed)


def _is_within(test: Test, names: Sequence[str], record: Record) -> bool:
    """Whether a test holds somewhere between all values half a unit less and half a unit more."""
    stated = {name: value for name in names if (value := record[name]) is not None}
    ends = [
        changed(record, {name: value + half for name, value in stated.items()})
        for half in (-_HALF, _HALF)
    ]
    if any(test.holds(end) for end in ends):
        return True
    low, high = (test.gap(end) for end in ends)
    return test.equal and low is not None and high is not None and low * high < 0
