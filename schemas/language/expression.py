"""The arithmetic of a form, parsed once and compiled many times.

Statisticians write it as forms print it: `stock_now = stock_prev + built_ytd`,
`sealed ≤ built_ytd`, `built_ytd / plan_year * 100`. From one parsed expression come the workbook's
formula, the check, the sample value and the recomputed ratio of a total. In a rule between forms a
figure of a form stands where in a form a column does: `previous(biogas.stock_now)`. What is said
of the period itself (`days(period)`) is a constant in the scheme of a period:
`schemas.language.of_period`.
"""

import ast
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache
from typing import Literal

from schemas.language.id_number import SAID, Said, holder
from schemas.language.of_period import WORDS, PeriodWord
from schemas.language.references import reference_name

_KEPT = 8192  # texts that are kept parsed: a scheme states each for every period anew

Operator = Literal["+", "-", "*", "/"]
Comparator = Literal["=", "<=", ">=", "<", ">", "!="]
Value = Decimal | str | date | bool

Line = Mapping[str, Value | None]
"""The values of a line by the names of its columns; None where it has none."""

SIGNS: Mapping[Comparator, str] = {"=": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}
"""How a comparator is printed."""

OPPOSITES: Mapping[Comparator, Comparator] = {
    "=": "!=",
    "!=": "=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "<": ">=",
}
"""What is so where a comparison does not hold."""


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: Decimal


@dataclass(frozen=True)
class Word:
    """A constant code, in quotes."""

    value: str


@dataclass(frozen=True)
class Day:
    """A constant date."""

    value: date


@dataclass(frozen=True)
class OfPeriod:
    """Something of the period a rule is asked of, as long as it is not said which that is."""

    word: PeriodWord


@dataclass(frozen=True)
class Name:
    """An indicator of the form, or a reference to a figure of some form."""

    name: str


@dataclass(frozen=True)
class OfId:
    """What the ID number of an indicator says of its holder; an age is that `on` a day."""

    said: Said
    name: str
    on: Day | OfPeriod | None = None


@dataclass(frozen=True)
class Present:
    """True where the indicator has a value."""

    name: str


@dataclass(frozen=True)
class Binary:
    """Two operands and what is done with them."""

    operator: Operator
    left: "Node"
    right: "Node"


Node = Number | Word | Day | OfPeriod | Name | OfId | Present | Binary


@dataclass(frozen=True)
class Comparison:
    """A statement that holds or does not: left, comparator, right."""

    left: Node
    comparator: Comparator
    right: Node


_OPERATORS: dict[type[ast.operator], Operator] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
_COMPARATORS: dict[type[ast.cmpop], Comparator] = {
    ast.Eq: "=",
    ast.LtE: "<=",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.Gt: ">",
    ast.NotEq: "!=",
}
_SPELLINGS = {"≤": "<=", "≦": "<=", "≥": ">=", "≧": ">=", "≠": "!=", "×": "*", "÷": "/", "−": "-"}
_WHERE = re.compile(r"\s*\bwhere\b")


def _python(text: str) -> ast.expr:
    text = unicodedata.normalize("NFKC", text)  # full-width digits, brackets and signs
    for printed, plain in _SPELLINGS.items():
        text = text.replace(printed, plain)
    text = _WHERE.sub(",", text)
    for comparator in ("<=", ">=", "!=", "=="):
        text = text.replace(comparator, comparator.replace("=", "\0"))
    text = text.replace("=", "==").replace("\0", "=")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"cannot be read as arithmetic: {text!r} ({error.msg})") from None


def _node(tree: ast.expr) -> Node:
    match tree:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float()):
            return Number(Decimal(ast.unparse(tree)))
        case ast.Constant(value=str() as word):
            return Word(word)
        case ast.Name(id=name):
            return Name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Binary("-", Number(Decimal(0)), _node(operand))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return Binary(_OPERATORS[type(op)], _node(left), _node(right))
        case ast.Call(func=ast.Name(id=said), args=[ast.Name(id=name), *on], keywords=[]) if (
            said in SAID
        ):
            return _of_id(said, name, on)
        case ast.Call(func=ast.Name(id=function), args=[argument], keywords=[]):
            return _of_function(function, argument) or Name(reference_name(tree))
        case ast.Attribute() | ast.Call():
            return Name(reference_name(tree))
    raise ValueError(f"not allowed in a rule: {ast.unparse(tree)!r}")


def _of_function(function: str, argument: ast.expr) -> Node | None:
    """What is said by a function that is not of figures; None where it is another one."""
    match argument:
        case ast.Name(id=name) if function == "present":
            return Present(name)
        case ast.Constant(value=str(day)) if function == "day":
            return Day(_day(day))
        case ast.Name(id="period") if function in WORDS:
            return OfPeriod(function)
    return None


def _of_id(said: Said, name: str, on: list[ast.expr]) -> OfId:
    days = [_node(day) for day in on]
    match said, days:
        case "age", [Day() | OfPeriod("end") as day]:
            return OfId(said, name, day)
        case "sex" | "birth_date", []:
            return OfId(said, name)
    raise ValueError(f"write sex({name}), birth_date({name}) or age({name}, end(period))")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"no day such as 2015-12-31: {text!r}") from None


@lru_cache(maxsize=_KEPT)
def parse_value(text: str) -> Node:
    """Parse arithmetic without a comparison. Raises ValueError with the part that is wrong."""
    return _node(_python(text))


@lru_cache(maxsize=_KEPT)
def parse_comparison(text: str) -> Comparison:
    """Parse a statement; `present(x)` alone means that x must be filled in. Raises ValueError."""
    tree = _python(text)
    match tree:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARATORS:
            return Comparison(_node(left), _COMPARATORS[type(op)], _node(right))
        case ast.Call(func=ast.Name(id="present")):
            return Comparison(_node(tree), "=", Number(Decimal(1)))
    raise ValueError(f"not one comparison: {text!r}")


def names(node: Node | Comparison) -> tuple[str, ...]:
    """The indicators an expression speaks of, in order of appearance, each once."""
    return tuple(dict.fromkeys(_walk(node)))


def _walk(node: Node | Comparison) -> Iterator[str]:
    match node:
        case Name(name) | Present(name) | OfId(_, name):
            yield name
        case Binary(_, left, right) | Comparison(left, _, right):
            yield from _walk(left)
            yield from _walk(right)


def of_ids(node: Node | Comparison) -> Iterator[OfId]:
    """What an expression takes from ID numbers."""
    match node:
        case OfId():
            yield node
        case Binary(_, left, right) | Comparison(left, _, right):
            yield from of_ids(left)
            yield from of_ids(right)


def number(value: Value | None) -> Decimal | None:
    """A value as a number: a date as its day count, a boolean as 1 or 0."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, date):
        return Decimal(value.toordinal())
    if isinstance(value, str):
        raise TypeError(f"a word is not a number: {value!r}")
    return value


def evaluate(node: Node, values: Mapping[str, Value | None]) -> Value | None:
    """The exact value of an expression; None where an operand is unknown or a divisor is zero."""
    match node:
        case Number(value):
            return value
        case Word(value) | Day(value):
            return value
        case OfPeriod(word):
            raise TypeError(f"{word}(period) is known in the scheme of a period only")
        case Name(name):
            return values[name]
        case Present(name):
            return values[name] is not None
        case OfId(_, name):
            return _said(node, values[name])
        case Binary(operator, left, right):
            one, other = number(evaluate(left, values)), number(evaluate(right, values))
            if one is None or other is None:
                return None
            return _ARITHMETIC[operator](one, other)


def _said(node: OfId, number: Value | None) -> Value | None:
    """What a number says; None where it is missing or no ID number."""
    of = holder(number) if isinstance(number, str) else None
    if of is None:
        return None
    match node.said:
        case "sex":
            return of.sex
        case "birth_date":
            return of.birth_date
        case "age":
            assert isinstance(node.on, Day), "the last day is known in the scheme of a period only"
            return Decimal(of.age(node.on.value))


def _divide(one: Decimal, other: Decimal) -> Decimal | None:
    try:
        return one / other
    except (DivisionByZero, InvalidOperation):
        return None


_ARITHMETIC: dict[Operator, Callable[[Decimal, Decimal], Decimal | None]] = {
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "/": _divide,
}


def bare(node: Node) -> Node:
    """The column in `1 * column`, where the 1 only says that there is one for each; else all."""
    match node:
        case Binary("*", Number(value), Name() as named) if value == 1:
            return named
    return node


def render(node: Node, operand: Callable[[str], str]) -> str:
    """An expression as text, each indicator shown by `operand`: its label, value or cell."""
    match bare(node):
        case Number(value):
            return f"{value}"
        case Word(word):
            return word
        case Day(day):
            return day.isoformat()
        case OfPeriod(word):
            return f"{word}(period)"
        case Name(name) | Present(name):
            return operand(name)
        case OfId(said, name, on):
            of = operand(name)
            return f"{said}({of})" if on is None else f"{said}({of}, {render(on, operand)})"
        case Binary("-", Number(value), right) if value == 0:
            return f"-{_part(right, operand, _is_sum(right))}"
        case Binary(operator, left, right):
            spread = " " if operator in "+-" else ""
            nested = operator == "/" and isinstance(right, Binary)
            first = _part(left, operand, _is_sum(left) and operator in "*/")
            second = _part(right, operand, nested or (_is_sum(right) and operator in "*/-"))
            return f"{first}{spread}{operator}{spread}{second}"


def _part(node: Node, operand: Callable[[str], str], in_brackets: bool) -> str:
    shown = render(node, operand)
    return f"({shown})" if in_brackets else shown


def _is_sum(node: Node) -> bool:
    return isinstance(node, Binary) and node.operator in "+-"


def written(comparison: Comparison) -> str:
    """A statement as text that `parse_comparison` reads as the same statement."""
    left, right = _written(comparison.left), _written(comparison.right)
    return f"{left} {comparison.comparator} {right}"


def _written(node: Node) -> str:
    match node:
        case Number(value):
            return f"{value:f}"
        case Word(word):
            return repr(word)
        case Day(day):
            return f"day({day.isoformat()!r})"
        case OfPeriod(word):
            return f"{word}(period)"
        case Name(name):
            return name
        case Present(name):
            return f"present({name})"
        case OfId(said, name, day):
            return f"{said}({name})" if day is None else f"{said}({name}, {_written(day)})"
        case Binary(operator, left, right):
            return f"({_written(left)} {operator} {_written(right)})"
