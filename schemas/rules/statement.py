"""What must hold on a line of a form, and how precisely its operands are stated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

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
)
from schemas.models import Form, Indicator, Relation, Rule


@dataclass(frozen=True)
class Statement:
    """What must hold on a line, under which condition, and how precisely its operands are stated.

    `half_widths` has the indicators that are not exact, each in its own unit. A condition is about
    what is written, so it is decided without tolerance.
    """

    comparison: Comparison
    condition: Comparison | None = None
    half_widths: Mapping[str, Decimal] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Statement":
        """The statement that a text is, of exact operands. Raises ValueError."""
        check, _, when = text.partition("\n")
        condition = expression.parse_comparison(when) if when else None
        return cls(expression.parse_comparison(check), condition)

    @property
    def written(self) -> str:
        """It as text, without its half widths: what must hold, on a second line under what."""
        sides = (self.comparison, *([] if self.condition is None else [self.condition]))
        return "\n".join(map(expression.written, sides))

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The indicators it speaks of: left side first, those of the condition last."""
        condition = () if self.condition is None else expression.names(self.condition)
        return tuple(dict.fromkeys((*expression.names(self.comparison), *condition)))

    @property
    def presences(self) -> tuple[str, ...]:
        """The indicators whose blanks make it fail, instead of leaving it undetermined."""
        sides = (self.comparison.left, self.comparison.right)
        return tuple(name for side in sides for name in _presences(side))


def rule_statement(form: Form, rule: Rule) -> Statement:
    """The statement of a rule of a form."""
    return Statement(rule.comparison, rule.condition, _half_widths(form, rule.comparison))


def relation_statement(relation: Relation) -> Statement:
    """The statement of a relation, of figures as precise as their lines, which differ."""
    return Statement(relation.comparison, relation.condition)


def formula_statement(form: Form, indicator: Indicator) -> Statement:
    """The statement that a computed column is what its formula gives."""
    assert indicator.formula is not None, f"{form.name}.{indicator.name} has no formula"
    comparison = Comparison(Name(indicator.name), "=", indicator.formula)
    return Statement(comparison, None, _half_widths(form, comparison))


def present_statement(indicator: Indicator) -> Statement:
    """The statement that a column is filled in."""
    return Statement(Comparison(Present(indicator.name), "=", Number(Decimal(1))))


def limit_statement(indicator: Indicator, comparator: Comparator, limit: Decimal) -> Statement:
    """The statement that a column, as it is written, keeps to a limit."""
    return Statement(Comparison(Name(indicator.name), comparator, Number(limit)))


def in_id_statement(form: Form, indicator: Indicator) -> Statement:
    """The statement that a column is what the ID number on its line says."""
    assert indicator.in_id is not None, f"{form.name}.{indicator.name} is in no ID number"
    on: Day | OfPeriod | None = None
    if indicator.in_id.says == "age":
        on = OfPeriod("end") if form.asked_on is None else Day(form.asked_on)
    said = OfId(indicator.in_id.says, indicator.in_id.column, on)
    return Statement(Comparison(Name(indicator.name), "=", said))


def _half_widths(form: Form, comparison: Comparison) -> dict[str, Decimal]:
    widths = {name: form[name].half_width for name in expression.names(comparison)}
    return {name: width for name, width in widths.items() if width}


def _presences(node: Node) -> Iterator[str]:
    match node:
        case Present(name):
            yield name
        case Binary(_, left, right):
            yield from _presences(left)
            yield from _presences(right)
