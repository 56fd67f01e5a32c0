"""Does a statement hold on a line? The exact answer, in three values.

A decimal as it is written stands for every value that rounds to it, so each operand is an interval,
and a statement fails only when no choice of values inside the intervals makes it true. Counts,
dates and declared constants are exact. The arithmetic is done in fractions: a third has no decimal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

from schemas.language import expression
from schemas.language.expression import (
    Binary,
    Comparator,
    Comparison,
    Day,
    Line,
    Name,
    Node,
    Number,
    OfId,
    OfPeriod,
    Present,
    Value,
    Word,
)
from schemas.rules.statement import Statement

STRICT: frozenset[Comparator] = frozenset({"<", ">", "!="})
"""Comparators that want more than no slack at all."""


class Outcome(IntEnum):
    """How a statement came out on one line."""

    NOT_APPLICABLE = 0  # its condition is not satisfied: the line is not counted at all
    UNDETERMINED = 1  # an operand is missing, or a divisor may be zero
    PASS = 2
    FAIL = 3


@dataclass(frozen=True)
class Interval:
    """The values that a number may stand for, both ends included."""

    low: Fraction
    high: Fraction

    @classmethod
    def around(cls, value: Decimal, half_width: Decimal | int = 0) -> "Interval":
        """A stated value and how far the true one may lie from it."""
        middle, reach = Fraction(value), Fraction(half_width)
        return cls(middle - reach, middle + reach)


@dataclass(frozen=True)
class Judged:
    """How a statement came out on one line, with everything that was compared.

    `left` and `right` are the sides as written, without tolerance: a column alone as it is stated,
    anything else as a number. `difference` is left minus right, in days between dates, and
    `tolerance` how large it may be at the stated precision; both are None where a side is unknown
    or a word.
    """

    outcome: Outcome
    operands: Line
    left: Value | None
    right: Value | None
    difference: Decimal | None
    tolerance: Decimal | None


def judge(statement: Statement, line: Line) -> Judged:
    """Decide a statement on one line, exactly."""
    left = _side(statement.comparison.left, line, {})
    right = _side(statement.comparison.right, line, {})
    difference = tolerance = None
    if isinstance(left, Interval) and isinstance(right, Interval):
        difference = left.low - right.low
        tolerance = _tolerance(statement, line, left.low, right.low)
    return Judged(
        outcome=outcome(statement, line),
        operands={name: line[name] for name in statement.operands},
        left=_written(statement.comparison.left, line, left),
        right=_written(statement.comparison.right, line, right),
        difference=None if difference is None else decimal(difference),
        tolerance=None if tolerance is None else decimal(tolerance),
    )


def outcome(statement: Statement, line: Line) -> Outcome:
    """How a statement comes out on one line, exactly."""
    if statement.condition is not None:
        applies = holds(statement.condition, line, {})
        if applies is None:
            return Outcome.UNDETERMINED
        if not applies:
            return Outcome.NOT_APPLICABLE
    held = holds(statement.comparison, line, statement.half_widths)
    if held is None:
        return Outcome.UNDETERMINED
    return Outcome.PASS if held else Outcome.FAIL


def holds(comparison: Comparison, line: Line, half_widths: Mapping[str, Decimal]) -> bool | None:
    """Whether a comparison holds on a line; None where an operand or a quotient is unknown."""
    left = _side(comparison.left, line, half_widths)
    right = _side(comparison.right, line, half_widths)
    if left is None or right is None:
        return None
    if isinstance(left, Interval) and isinstance(right, Interval):
        room = slack(comparison.comparator, left, right, min, max)
        return bool(room > 0 or (room == 0 and comparison.comparator not in STRICT))
    return (left == right) == (comparison.comparator == "=")


def slack(
    comparator: Comparator,
    left: Any,
    right: Any,
    least: Callable[[Any, Any], Any],
    most: Callable[[Any, Any], Any],
) -> Any:
    """How much room is left until a comparison of two intervals fails; below zero it has failed.

    The one definition of every comparator: for intervals of fractions with `min` and `max`, for
    whole columns with numpy's.
    """
    match comparator:
        case "=":
            return least(left.high - right.low, right.high - left.low)
        case "<=" | "<":
            return right.high - left.low
        case ">=" | ">":
            return left.high - right.low
        case "!=":
            return most(left.high, right.high) - least(left.low, right.low)


def interval(node: Node, line: Line, half_widths: Mapping[str, Decimal]) -> Interval | None:
    """What an expression of numbers may stand for; None where it is unknown.

    Raises TypeError where it calculates with words.
    """
    match node:
        case Number(value):
            return Interval.around(value)
        case Day(day):
            return Interval.around(Decimal(day.toordinal()))
        case Present(name):
            return Interval.around(Decimal(line[name] is not None))
        case Name(name):
            stated = expression.number(line[name])
            return None if stated is None else Interval.around(stated, half_widths.get(name, 0))
        case Binary(operator, left, right):
            one = interval(left, line, half_widths)
            other = interval(right, line, half_widths)
            if one is None or other is None:
                return None
            return _combined(operator, one, other)
        case OfId():
            said = expression.number(expression.evaluate(node, line))
            return None if said is None else Interval.around(said)
        case Word(word) | OfPeriod(word):
            raise TypeError(f"no number in a period: {word!r}")


def _combined(operator: expression.Operator, one: Interval, other: Interval) -> Interval | None:
    match operator:
        case "+":
            return Interval(one.low + other.low, one.high + other.high)
        case "-":
            return Interval(one.low - other.high, one.high - other.low)
        case "*":
            ends = [a * b for a in (one.low, one.high) for b in (other.low, other.high)]
        case "/":
            if other.low <= 0 <= other.high:
                return None
            ends = [a / b for a in (one.low, one.high) for b in (other.low, other.high)]
    return Interval(min(ends), max(ends))


def _side(node: Node, line: Line, half_widths: Mapping[str, Decimal]) -> Interval | str | None:
    """One side of a comparison: a word as it is, anything else as an interval."""
    if isinstance(node, Word):
        return node.value
    if isinstance(node, OfId) and node.said == "sex":
        return str(said) if (said := expression.evaluate(node, line)) else None
    if isinstance(node, Name) and isinstance(word := line[node.name], str):
        return word
    return interval(node, line, half_widths)


def _tolerance(
    statement: Statement, line: Line, left: Fraction, right: Fraction
) -> Fraction | None:
    one = interval(statement.comparison.left, line, statement.half_widths)
    other = interval(statement.comparison.right, line, statement.half_widths)
    if one is None or other is None:
        return None
    if left >= right:
        return (left - one.low) + (other.high - right)
    return (one.high - left) + (right - other.low)


def _written(node: Node, line: Line, side: Interval | str | None) -> Value | None:
    if isinstance(node, Name):
        return line[node.name]
    if isinstance(node, Day):
        return node.value
    if isinstance(node, OfId):
        return expression.evaluate(node, line)
    return decimal(side.low) if isinstance(side, Interval) else side


def decimal(exact: Fraction) -> Decimal:
    """A number to the 28 digits that decimals have."""
    return Decimal(exact.numerator) / exact.denominator


def plain_value(value: object) -> Value | None:
    """A cell of a frame as a plain value: integers as Decimal, anything missing as None."""
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal | date | str) else None
