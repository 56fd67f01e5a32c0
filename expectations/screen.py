"""The outcome of a statement on every line of a frame, fast and still exact.

Whole columns are calculated in binary floating point together with a bound on the error that this
makes. Where the bound leaves no doubt, the verdict is that of exact arithmetic; the few lines
where it does are decided exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pandas as pd

from expectations.id_numbers import holders
from expectations.rule import STRICT, Outcome, holds, plain_value, slack
from schemas.language import expression
from schemas.language.expression import (
    Binary,
    Comparison,
    Day,
    Name,
    Node,
    Number,
    OfId,
    OfPeriod,
    Present,
    Word,
)
from schemas.language.id_number import SEXES
from schemas.rules.statement import Statement

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Outcomes = npt.NDArray[np.int8]
"""The `Outcome` of each of many lines."""

Widths = Mapping[str, Decimal | Sequence[Decimal]]
"""How far stated values may lie from the true ones, by column: all of it alike, or line by line."""

_EPSILON = 4 * np.finfo(np.float64).eps  # four times over, which covers the roundings of a step
_EXACT_BELOW = 2.0**53  # whole numbers up to here have no error

_FALSE, _UNKNOWN, _TRUE = 0, 1, 2


def outcomes(statement: Statement, frame: pd.DataFrame, widths: Widths | None = None) -> Outcomes:
    """The `Outcome` of a statement on each line of a frame that has its operands as columns.

    The `widths` of the frame take the place of those of the statement.
    """
    verdict = np.array([Outcome.FAIL, Outcome.UNDETERMINED, Outcome.PASS], dtype=np.int8)
    widths = statement.half_widths if widths is None else widths
    result = verdict[_truth(statement.comparison, frame, widths)]
    if statement.condition is not None:
        applies = _truth(statement.condition, frame, {})
        result[applies == _UNKNOWN] = Outcome.UNDETERMINED
        result[applies == _FALSE] = Outcome.NOT_APPLICABLE
    return result


def told(came_out: Outcomes, failing: Sequence[int]) -> Outcomes:
    """How lines came out, of which GX says which ones fail."""
    came_out[came_out == Outcome.FAIL] = Outcome.PASS
    came_out[list(failing)] = Outcome.FAIL
    return came_out


def _truth(
    comparison: Comparison, frame: pd.DataFrame, half_widths: Widths
) -> npt.NDArray[np.int8]:
    if _is_word(comparison.left, frame) or _is_word(comparison.right, frame):
        return _truth_of_words(comparison, frame)
    with np.errstate(all="ignore"):
        left = _bounds(comparison.left, frame, half_widths)
        right = _bounds(comparison.right, frame, half_widths)
        room = slack(comparison.comparator, left, right, np.minimum, np.maximum)
        error = _rounded(left.error + right.error, room, left.whole & right.whole)
        unknown = left.unknown | right.unknown
        enough = error == 0 if comparison.comparator not in STRICT else np.zeros(len(frame), bool)
        true = (room > error) | ((room == 0) & enough)
        false = (room < -error) | ((room == 0) & (error == 0) & ~enough)
    result = np.full(len(frame), _UNKNOWN, dtype=np.int8)
    result[true & ~unknown] = _TRUE
    result[false & ~unknown] = _FALSE
    doubtful = np.flatnonzero(~(true | false | unknown))
    if doubtful.size:
        result[doubtful] = _decided(comparison, frame, half_widths, doubtful.tolist())
    return result


def _decided(
    comparison: Comparison, frame: pd.DataFrame, half_widths: Widths, positions: list[int]
) -> list[int]:
    """The exact truth of a comparison on a few lines."""
    names, lines = expression.names(comparison), frame.iloc[positions]
    columns = {name: [plain_value(value) for value in lines[name].tolist()] for name in names}
    truth = {True: _TRUE, False: _FALSE, None: _UNKNOWN}
    return [
        truth[
            holds(
                comparison,
                {name: column[number] for name, column in columns.items()},
                _widths_at(half_widths, position),
            )
        ]
        for number, position in enumerate(positions)
    ]


def _widths_at(widths: Widths, position: int) -> Mapping[str, Decimal]:
    return {
        name: width if isinstance(width, Decimal) else width[position]
        for name, width in widths.items()
    }


def _is_word(node: Node, frame: pd.DataFrame) -> bool:
    match node:
        case Word() | OfId("sex"):
            return True
        case Name(name):
            return isinstance(frame[name].dtype, pd.StringDtype)
    return False


def _truth_of_words(comparison: Comparison, frame: pd.DataFrame) -> npt.NDArray[np.int8]:
    left, right = (_words(side, frame) for side in (comparison.left, comparison.right))
    same = (left == right).to_numpy(dtype=bool, na_value=False)
    missing = (left.isna() | right.isna()).to_numpy()
    held = same == (comparison.comparator == "=")
    return np.where(missing, _UNKNOWN, np.where(held, _TRUE, _FALSE)).astype(np.int8)


def _words(node: Node, frame: pd.DataFrame) -> "pd.Series[str]":
    match node:
        case Word(word):
            return pd.Series(word, index=frame.index, dtype="str")
        case Name(name):
            return frame[name]
        case OfId(name=name):
            of = holders(frame[name])
            sexes = np.array(SEXES, dtype=object)[of.male.astype(np.intp)]
            return pd.Series(sexes, index=frame.index, dtype="str").where(of.known)
    raise TypeError("words are compared with words")


@dataclass(frozen=True)
class _Bounds:
    """Intervals of a whole column in floating point.

    Each end is within `error` of the exact one; `whole` marks ends that are whole numbers without
    error, `unknown` lines without a value.
    """

    low: Floats
    high: Floats
    error: Floats
    whole: Flags
    unknown: Flags


def _bounds(node: Node, frame: pd.DataFrame, half_widths: Widths) -> _Bounds:
    match node:
        case Number(value):
            return _constant(value, len(frame))
        case Day(day):
            return _constant(Decimal(day.toordinal()), len(frame))
        case Present(name):
            return _exact(frame[name].notna().to_numpy().astype(np.float64))
        case Name(name):
            return _column(frame[name], half_widths.get(name, Decimal(0)))
        case Binary(operator, left, right):
            one, other = _bounds(left, frame, half_widths), _bounds(right, frame, half_widths)
            return _divided(one, other) if operator == "/" else _combined(operator, one, other)
        case OfId():
            return _exact(_said(node, frame[node.name]))
        case Word(word) | OfPeriod(word):
            raise TypeError(f"no number in a period: {word!r}")


def _said(node: OfId, numbers: "pd.Series[str]") -> Floats:
    of = holders(numbers)
    match node:
        case OfId("birth_date"):
            said = of.birth_dates
        case OfId("age", _, Day(day)):
            said = of.ages(day)
        case _:
            raise TypeError(f"no number in a period: {node.said!r}")
    return np.where(of.known, said, np.nan)


def _exact(values: Floats) -> _Bounds:
    nothing = np.zeros(len(values))
    return _Bounds(values, values, nothing, _is_whole(values), np.isnan(values))


def _constant(value: Decimal, length: int) -> _Bounds:
    near = float(value)
    values = np.full(length, near)
    error = np.full(length, 0.0 if Decimal(near) == value else abs(near) * _EPSILON)
    return _Bounds(values, values, error, _is_whole(values) & (error == 0), np.zeros(length, bool))


def _column(series: "pd.Series[float]", half_width: Decimal | Sequence[Decimal]) -> _Bounds:
    if isinstance(series.dtype, pd.Int64Dtype):
        return _counted(np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan)))
    values = series.tolist()
    if date in set(map(type, values)):
        days = [expression.number(plain_value(value)) for value in values]
        return _counted(np.array(days, dtype=np.float64))
    return _stated(np.array(values, dtype=np.float64), np.array(half_width, dtype=np.float64))


def _counted(values: Floats) -> _Bounds:
    largest = np.max(np.abs(values), where=~np.isnan(values), initial=0.0)
    return _exact(values) if largest < _EXACT_BELOW else _stated(values, np.zeros(1))


def _stated(values: Floats, reach: Floats) -> _Bounds:
    error = (np.abs(values) + reach) * _EPSILON
    nothing = np.zeros(len(values), bool)
    return _Bounds(values - reach, values + reach, error, nothing, np.isnan(values))


def _is_whole(values: Floats) -> Flags:
    whole: Flags = (np.trunc(values) == values) & (np.abs(values) < _EXACT_BELOW)
    return whole


def _rounded(error: Floats, result: Floats, exact: Flags) -> Floats:
    """The error of a step: what came in, and the rounding of its result unless there is none."""
    return np.where(exact & _is_whole(result), 0.0, error + np.abs(result) * _EPSILON)


def _combined(operator: expression.Operator, one: _Bounds, other: _Bounds) -> _Bounds:
    error = one.error + other.error
    match operator:
        case "+":
            low, high = one.low + other.low, one.high + other.high
        case "-":
            low, high = one.low - other.high, one.high - other.low
        case _:
            low, high = _extremes(
                one.low * other.low,
                one.low * other.high,
                one.high * other.low,
                one.high * other.high,
            )
            error = _size(one) * other.error + _size(other) * one.error + one.error * other.error
    exact = one.whole & other.whole
    error = np.maximum(_rounded(error, low, exact), _rounded(error, high, exact))
    whole = exact & (error == 0)
    return _Bounds(low, high, error, whole, one.unknown | other.unknown)


def _divided(one: _Bounds, other: _Bounds) -> _Bounds:
    """A quotient: unknown where the divisor may be zero, in doubt where that is in doubt."""
    nearest = np.minimum(np.abs(other.low), np.abs(other.high)) - other.error
    straddles = (other.low <= -other.error) & (other.high >= other.error)
    apart = (np.sign(other.low) == np.sign(other.high)) & (nearest > 0)
    low, high = _extremes(
        one.low / other.low, one.low / other.high, one.high / other.low, one.high / other.high
    )
    size = np.maximum(np.abs(low), np.abs(high))
    error = (one.error + size * other.error) / nearest + size * _EPSILON
    error = np.where(apart, error, np.inf)
    nothing = np.zeros(len(low), bool)
    return _Bounds(low, high, error, nothing, one.unknown | other.unknown | straddles)


def _extremes(*ends: Floats) -> tuple[Floats, Floats]:
    return np.minimum.reduce(ends), np.maximum.reduce(ends)


def _size(bounds: _Bounds) -> Floats:
    return np.maximum(np.abs(bounds.low), np.abs(bounds.high))
