"""What kind of thing a side of a statement is, and what must not be added or compared.

Persons, households and person-times are different units: they are never added, and comparing them
needs a number that says how many of the one there are to each of the other (8 * households). A
constant has no unit of its own, so a product with one fits any unit, and so does a quotient.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

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
    render,
)
from schemas.language.id_number import SEXES
from schemas.models import Form, Indicator, Scheme


@dataclass(frozen=True)
class Quantity:
    """A number, a date or a word. `unit` is None where a number fits any unit.

    `codes` are the words that there are, None where there is no list of them.
    """

    kind: Literal["number", "date", "word"]
    unit: str | None = None
    codes: frozenset[str] | None = None


NUMBER = Quantity("number")

Describe = Callable[[str], Quantity]
"""What the operand of a name is."""


def of_indicator(indicator: Indicator, scheme: Scheme) -> Quantity:
    """What a column of a form holds."""
    match indicator.kind:
        case "date":
            return Quantity("date")
        case "integer" | "decimal":
            unit = indicator.unit or f"the unit in {indicator.unit_from}"
            return Quantity("number", unit)
    listed = scheme.code_lists.get(indicator.code_list or "")
    codes = None if listed is None else frozenset(code.code for code in listed.codes)
    return Quantity("word", codes=codes)


def in_form(form: Form, scheme: Scheme) -> Describe:
    """What the columns of a form hold, by name."""
    return lambda name: of_indicator(form[name], scheme)


def mismatches(statement: Comparison, describe: Describe) -> Iterator[str]:
    """What a statement adds or compares that cannot be added or compared."""
    problems: list[str] = []
    left, right = (_quantity(s, describe, problems) for s in (statement.left, statement.right))
    yield from problems
    shown = f"{text(statement.left)} {statement.comparator} {text(statement.right)}"
    if left.kind != right.kind:
        yield f"compares a {left.kind} with a {right.kind}: {shown}"
    elif left.kind == "word":
        if statement.comparator not in ("=", "!="):
            yield f"words are only equal or not: {shown}"
        yield from _unknown_codes(statement, left, right)
    elif left.unit and right.unit and left.unit != right.unit:
        yield (
            f"compares {left.unit} with {right.unit}: {shown}; "
            f"write how many there are to one, such as 1 * {text(statement.right)}"
        )


def formula_mismatches(indicator: Indicator, unit: str | None, describe: Describe) -> Iterator[str]:
    """What the formula of a computed column adds that cannot be added, or gives instead of it."""
    assert indicator.formula is not None, indicator.name
    problems: list[str] = []
    found = _quantity(indicator.formula, describe, problems)
    yield from problems
    if found.kind != "number":
        yield f"the formula gives a {found.kind}: {indicator.computed}"
    elif found.unit and unit and found.unit != unit:
        yield f"the formula gives {found.unit} and the column is in {unit}: {indicator.computed}"


def text(node: Node) -> str:
    """Arithmetic as it is written in a rule, words in quotes."""
    return f"'{node.value}'" if isinstance(node, Word) else render(node, lambda name: name)


def _quantity(node: Node, describe: Describe, problems: list[str]) -> Quantity:
    match node:
        case Day() | OfPeriod("end") | OfId("birth_date"):
            return Quantity("date")
        case Number() | OfPeriod() | Present() | OfId("age"):
            return NUMBER
        case Word(word):
            return Quantity("word", codes=frozenset({word}))
        case OfId():
            return Quantity("word", codes=frozenset(SEXES))
        case Name(name):
            return describe(name)
        case Binary(operator, left, right):
            one, other = (_quantity(side, describe, problems) for side in (left, right))
            if "word" in (one.kind, other.kind):
                problems.append(f"calculates with words: {text(node)}")
                return NUMBER
            if operator in "*/":
                return _multiplied(node, one, other, problems)
            return _added(node, one, other, problems)


def _multiplied(node: Binary, one: Quantity, other: Quantity, problems: list[str]) -> Quantity:
    if "date" in (one.kind, other.kind):
        problems.append(f"multiplies or divides dates: {text(node)}")
    return NUMBER


def _added(node: Binary, one: Quantity, other: Quantity, problems: list[str]) -> Quantity:
    if one.kind == other.kind == "date":
        if node.operator == "+":
            problems.append(f"adds dates: {text(node)}")
        return NUMBER
    if "date" in (one.kind, other.kind):
        return Quantity("date")
    if one.unit and other.unit and one.unit != other.unit:
        verb = "adds" if node.operator == "+" else "subtracts"
        problems.append(f"{verb} {one.unit} and {other.unit}: {text(node)}")
    return Quantity("number", one.unit or other.unit)


def _unknown_codes(statement: Comparison, left: Quantity, right: Quantity) -> Iterator[str]:
    if left.codes is not None and right.codes is not None and not left.codes & right.codes:
        word = next((s.value for s in (statement.left, statement.right) if isinstance(s, Word)), "")
        yield (
            f"there is no such code: {word!r}" if word else "the two code lists have no code alike"
        )
