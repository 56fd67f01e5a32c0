"""A statement as array expressions of a workbook: where it can be decided, and where it fails.

The same in a workbook's words as `expectations.rule`: a decimal stands for ± half its last digit,
a statement fails when no choice of values inside these intervals makes it true, and a line that
lacks an operand, or whose divisor may be zero, is left undecided.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas import expression
from schemas.dates import EPOCH
from schemas.expression import (
    Binary,
    Comparator,
    Comparison,
    Day,
    Name,
    Node,
    Number,
    OfPeriod,
    Present,
    Word,
)
from schemas.models import Form
from schemas.review_cells import ReviewCells, rounded
from schemas.statement import Statement

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
    if _is_word(comparison.left, form) or _is_word(comparison.right, form):
        return _words_compared(comparison, cells)

    def operand(name: str) -> Range:
        indicator = form[name]
        known = cells.known(indicator)
        reach = half_widths.get(name, Decimal(0))
        return around(cells.value(indicator), reach, indicator.decimals, known)

    def present(name: str) -> str:
        return f"({cells.known(form[name])}>0)*1"

    left, right = (span(side, operand, present) for side in (comparison.left, comparison.right))
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


def span(node: Node, operand: Callable[[str], Range], present: Callable[[str], str]) -> Range:
    """What arithmetic may stand for; `operand` and `present` say what its names are."""
    match node:
        case Number(value):
            return around(f"{value:f}", Decimal(0), _decimals(value))
        case Day(day):
            return around(str((day - EPOCH).days), Decimal(0), 0)
        case Name(name):
            return operand(name)
        case Present(name):
            return around(present(name), Decimal(0), 0)
        case Binary(operator, left, right):
            one, other = span(left, operand, present), span(right, operand, present)
            return _combined(operator, one, other)
        case Word(word) | OfPeriod(word):
            raise TypeError(f"no number in a workbook of a period: {word!r}")


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


# --- words ---------------------------------------------------------------------------------------


def _is_word(node: Node, form: Form) -> bool:
    return isinstance(node, Word) or (
        isinstance(node, Name) and form[node.name].kind in ("code", "text")
    )


def _words_compared(comparison: Comparison, cells: ReviewCells) -> Verdict:
    left, right = comparison.left, comparison.right
    if isinstance(left, Word):
        left, right = right, left
    form = cells.layout.form
    assert isinstance(left, Name), "words are compared with a column"
    one = form[left.name]
    known = [cells.known(one)]
    match right:
        case Word(word) if one.kind == "code":
            codes = [entry.code for entry in cells.scheme.codes(one).codes]
            same = f"({cells.code(one)}={codes.index(word) + 1 if word in codes else 0})"
        case Word(word):
            same = f"EXACT({cells.words(one)},{_quoted(word)})"
        case Name(name):
            other = form[name]
            known.append(cells.known(other))
            same = f"EXACT({cells.words(one)},{cells.words(other)})"
            if one.kind == "code":
                same = f"({cells.code(one)}={cells.code(other)})"
        case _:
            raise TypeError("words are compared with words")
    fails = f"(1-{same})" if comparison.comparator == "=" else same
    return Verdict("*".join(known), fails)


def _quoted(word: str) -> str:
    return '"{}"'.format(word.replace('"', '""'))


def _blamed(statement: Statement, cells: ReviewCells) -> list[str]:
    """A value that is there and cannot be read is not blamed for being absent."""
    columns = [cells.layout.form[name] for name in statement.presences]
    return [f"({cells.known(column)}+{cells.blank(column)}>0)" for column in columns]
