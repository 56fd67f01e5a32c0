"""A statement as array expressions of a workbook: where it can be decided, and where it fails.

The same in a workbook's words as `expectations.rule`: a decimal stands for ± half its last digit,
a statement fails when no choice of values inside these intervals makes it true, and a line that
lacks an operand, or whose divisor may be zero, is left undecided.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.check_sheet import id_numbers
from schemas.check_sheet.cells import ReviewCells, rounded
from schemas.check_sheet.words import is_word, words_compared
from schemas.dates import EPOCH
from schemas.language import expression
from schemas.language.expression import (
    Binary,
    Comparator,
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
from schemas.rules.statement import Statement

_PLACES = 9
"""Quotients have no last decimal; differences smaller than this are those of binary numbers."""


@dataclass(frozen=True)
class Verdict:
    """Two array expressions, 1 or true where a check can be decided, and where it `fails`.

    `fails` may be anything, an error too, where it is not decided. Neither may be compared with a
    number before it is calculated with: in Excel FALSE is larger than any number.
    """

    decided: str
    fails: str


@dataclass(frozen=True)
class Range:
    """What a number may stand for: its lowest and highest value as expressions.

    `places` is how many decimals both have; `known` lists what must be so for it to be known.
    """

    low: str
    high: str
    places: int = 0
    known: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it stands for one value only."""
        return self.low == self.high


def around(value: str, reach: str | Decimal, places: int, *known: str) -> Range:
    """A value and how far the true one may lie from it."""
    if not reach:
        return Range(value, value, places, known)
    width = f"{reach:f}" if isinstance(reach, Decimal) else reach
    return Range(f"({value}-{width})", f"({value}+{width})", places + 1, known)


def judged(statement: Statement, cells: ReviewCells) -> Verdict:
    """A statement on each line of a form."""
    held = _compared(statement.comparison, cells, statement.half_widths)
    known = [held.decided, *_blamed(statement, cells)]
    if statement.condition is not None:
        applies = _compared(statement.condition, cells, {})
        known += [applies.decided, f"(1-{applies.fails})"]
    return Verdict("*".join(dict.fromkeys(known)), held.fails)


def _compared(
    comparison: Comparison, cells: ReviewCells, half_widths: Mapping[str, Decimal]
) -> Verdict:
    form = cells.layout.form
    if is_word(comparison.left, form) or is_word(comparison.right, form):
        return Verdict(*words_compared(comparison, cells))

    def operand(name: str) -> Range:
        indicator = form[name]
        known = cells.known(indicator)
        reach = half_widths.get(name, Decimal(0))
        return around(cells.value(indicator), reach, indicator.decimals, known)

    def present(name: str) -> str:
        return f"({cells.known(form[name])}>0)*1"

    def said(node: OfId) -> Range:
        return _said(node, cells)

    left, right = (
        span(side, operand, present, said) for side in (comparison.left, comparison.right)
    )
    return compared(comparison.comparator, left, right)


def compared(comparator: Comparator, left: Range, right: Range) -> Verdict:
    """Whether a comparison of two ranges fails."""
    places = min(_PLACES, max(left.places, right.places))

    def room(more: str, less: str) -> str:
        return rounded(f"{more}-{less}", places)

    match comparator:
        case "<=" | ">=" | "<" | ">":
            more, less = (right.high, left.low) if "<" in comparator else (left.high, right.low)
            fails = f"({room(more, less)}<{'=' if len(comparator) == 1 else ''}0)"
        case "=":
            one, other = room(left.high, right.low), room(right.high, left.low)
            fails = f"({one}<0)" if one == other else f"(({one}<0)+({other}<0)>0)"
        case "!=":
            fails = f"({room(left.low, right.low)}=0)" if left.exact and right.exact else "0"
    return Verdict("*".join(dict.fromkeys((*left.known, *right.known))) or "1", fails)


def span(
    node: Node,
    operand: Callable[[str], Range],
    present: Callable[[str], str],
    said: Callable[[OfId], Range],
) -> Range:
    """What arithmetic may stand for; the functions say what its names and ID numbers are."""
    match node:
        case Number(value):
            return around(f"{value:f}", Decimal(0), _decimals(value))
        case Day(day):
            return around(str((day - EPOCH).days), Decimal(0), 0)
        case Name(name):
            return operand(name)
        case Present(name):
            return around(present(name), Decimal(0), 0)
        case OfId():
            return said(node)
        case Binary(operator, left, right):
            one, other = (span(side, operand, present, said) for side in (left, right))
            return _combined(operator, one, other)
        case Word(word) | OfPeriod(word):
            raise TypeError(f"no number in a workbook of a period: {word!r}")


def _said(node: OfId, cells: ReviewCells) -> Range:
    """What ID numbers say in numbers: a date of birth, an age."""
    number = cells.layout.form[node.name]
    born = f"({id_numbers.birth_date(cells.id_text(number))})"
    match node:
        case OfId("birth_date"):
            year, in_year = f"INT({born}/10000)", f"MOD({born},10000)"
            value = f"DATE({year},INT({in_year}/100),MOD({in_year},100))"
        case OfId("age", _, Day(day)):
            value = f"INT(({day:%Y%m%d}-{born})/10000)"
        case _:
            raise TypeError(f"no number in a workbook of a period: {node.said!r}")
    return Range(value, value, 0, (cells.is_id_number(number),))


def _combined(operator: expression.Operator, one: Range, other: Range) -> Range:
    known = tuple(dict.fromkeys((*one.known, *other.known)))
    places = max(one.places, other.places)
    match operator:
        case "+":
            low, high = f"({one.low}+{other.low})", f"({one.high}+{other.high})"
        case "-":
            low, high = f"({one.low}-{other.high})", f"({one.high}-{other.low})"
        case "*":
            low, high = _product(one, other)
            places = one.places + other.places
        case "/":
            low, high = _quotient(one, other)
            places = _PLACES
            apart = f"({other.low}<>0)"
            if not other.exact:
                apart = f"(({other.low}>0)+({other.high}<0)>0)"
            known = (*known, apart)
    return Range(low, high, places, known)


def _product(one: Range, other: Range) -> tuple[str, str]:
    if one.exact and other.exact:
        product = f"({one.low}*{other.low})"
        return product, product
    if one.exact:
        one, other = other, one
    if other.exact:
        factor = other.low
        low, high = f"{factor}*{one.low}", f"{factor}*{one.high}"
        return _either(f"{factor}<0", high, low), _either(f"{factor}<0", low, high)
    ends = [f"{a}*{b}" for a in (one.low, one.high) for b in (other.low, other.high)]
    return _extreme("<", *ends), _extreme(">", *ends)


def _quotient(one: Range, other: Range) -> tuple[str, str]:
    """The ends of a quotient whose divisor keeps to one side of zero."""
    if one.exact and other.exact:
        quotient = f"({one.low}/{other.low})"
        return quotient, quotient
    above = f"{other.low}>0"
    smaller = _either(f"{one.low}<0", f"{one.low}/{other.low}", f"{one.low}/{other.high}")
    larger = _either(f"{one.high}<0", f"{one.high}/{other.high}", f"{one.high}/{other.low}")
    # Below zero both are turned round: a/b is (-a)/(-b).
    turned_low = _either(f"{one.high}>0", f"{one.high}/{other.high}", f"{one.high}/{other.low}")
    turned_high = _either(f"{one.low}>0", f"{one.low}/{other.low}", f"{one.low}/{other.high}")
    return _either(above, smaller, turned_low), _either(above, larger, turned_high)


def _either(condition: str, yes: str, no: str) -> str:
    return f"IF({condition},{yes},{no})"


def _extreme(order: Literal["<", ">"], *ends: str) -> str:
    """The least or the greatest of some expressions, row by row."""
    found = ends[0]
    for end in ends[1:]:
        found = _either(f"{found}{order}{end}", found, end)
    return found


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), value
    return max(0, -exponent)


def _blamed(statement: Statement, cells: ReviewCells) -> list[str]:
    """A value that is there and cannot be read is not blamed for being absent."""
    columns = [cells.layout.form[name] for name in statement.presences]
    return [f"({cells.known(column)}+{cells.blank(column)}>0)" for column in columns]
