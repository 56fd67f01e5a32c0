"""What a form declares must hold, decided by arithmetic that is not that of the checks.

Statements are the text of the YAML. They are read with Python's own grammar and worked out as
intervals of fractions: a decimal may be off by half a unit of its last digit, anything else is
exact. A statement is broken when no choice inside the intervals satisfies it.
"""

import ast
import operator
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

Value = Decimal | str | date | bool  # a bool never stands in a cell; the types of lines have it
Reach = Callable[[str], Fraction]
"""How far the stated value of a name may lie from the true one."""

Known = Callable[[str], Value | None]
"""What a name stands for; None where that is blank or unknown."""

_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "−": "-"})


@dataclass(frozen=True)
class Span:
    """Every number from low to high."""

    low: Fraction
    high: Fraction


def holds(check: str, when: str | None, known: Known, reach: Reach) -> bool | None:
    """Whether a statement holds; None where it does not apply or cannot be told."""
    if when is not None and not _holds(when, known, lambda _: Fraction(0)):
        return None
    return _holds(check, known, reach)


def value(text: str, known: Known, reach: Reach) -> Span | str | None:
    """What arithmetic gives; None where a part is blank or a divisor may be zero."""
    return _value(_tree(text), known, reach)


@cache
def _tree(text: str) -> ast.expr:
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS).replace(" where ", ", ")
    for sign in ("<=", ">=", "!="):
        text = text.replace(sign, sign[0] + "\0")
    return ast.parse(text.replace("=", "==").replace("\0", "=").strip(), mode="eval").body


def _holds(text: str, known: Known, reach: Reach) -> bool | None:
    tree = _tree(text)
    if not isinstance(tree, ast.Compare):
        assert isinstance(tree, ast.Call), text
        return _is_there(tree, known)
    left, right = (_value(side, known, reach) for side in (tree.left, tree.comparators[0]))
    if left is None or right is None:
        return None
    if not isinstance(left, Span) or not isinstance(right, Span):
        return (left == right) is isinstance(tree.ops[0], ast.Eq)
    match tree.ops[0]:
        case ast.Eq():
            return left.low <= right.high and right.low <= left.high
        case ast.NotEq():
            return not left.low == left.high == right.low == right.high
        case ast.LtE():
            return left.low <= right.high
        case ast.GtE():
            return left.high >= right.low
        case ast.Lt():
            return left.low < right.high
        case _:
            return left.high > right.low


def _value(tree: ast.expr, known: Known, reach: Reach) -> Span | str | None:
    match tree:
        case ast.Constant(value=str(word)):
            return word
        case ast.Constant():
            number = Fraction(ast.unparse(tree))
            return Span(number, number)
        case ast.BinOp(left, op, right):
            one, other = _value(left, known, reach), _value(right, known, reach)
            if not isinstance(one, Span) or not isinstance(other, Span):
                return None
            return _combined(op, one, other)
        case ast.UnaryOp(operand=operand):
            one = _value(operand, known, reach)
            return Span(-one.high, -one.low) if isinstance(one, Span) else None
        case ast.Call(func=ast.Name(id="present")):
            there = Fraction(_is_there(tree, known))
            return Span(there, there)
    name = ast.unparse(tree)
    return _span(known(name), reach(name))


def _is_there(call: ast.Call, known: Known) -> bool:
    return known(ast.unparse(call.args[0])) is not None


def _span(value: Value | None, reach: Fraction) -> Span | str | None:
    match value:
        case Decimal():
            return Span(Fraction(value) - reach, Fraction(value) + reach)
        case date():
            return Span(Fraction(value.toordinal()), Fraction(value.toordinal()))
    return None if isinstance(value, bool) else value


_OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _combined(op: ast.operator, one: Span, other: Span) -> Span | None:
    if isinstance(op, ast.Div) and other.low <= 0 <= other.high:
        return None
    ends = [
        _OPERATORS[type(op)](a, b) for a in (one.low, one.high) for b in (other.low, other.high)
    ]
    return Span(min(ends), max(ends))


def names(text: str) -> Iterator[str]:
    """What a statement speaks of: columns, or figures such as previous(pv.gen_cum)."""
    yield from _names(_tree(text))


def _names(tree: ast.expr) -> Iterator[str]:
    match tree:
        case ast.Compare(left=left, comparators=[right]) | ast.BinOp(left, _, right):
            yield from _names(left)
            yield from _names(right)
        case ast.UnaryOp(operand=operand):
            yield from _names(operand)
        case ast.Call(func=ast.Name(id="present"), args=[of]):
            yield from _names(of)
        case ast.Constant():
            return
        case _:
            yield ast.unparse(tree)
