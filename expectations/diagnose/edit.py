"""Statements as sums: what the mechanisms work on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from schemas.language.expression import Binary, Comparison, Node, Number
from schemas.language.linear import linear

Record = Mapping[str, Decimal | None]
"""The values of a record by name, all in one unit; None is blank."""


@dataclass(frozen=True)
class Edit:
    """A sum of values with coefficients that equals `bound`, or is at most it.

    `tolerance` is how far the stated values may miss it because they are rounded. A `strict` sum is
    below its bound.
    """

    id: str
    terms: Mapping[str, Decimal]
    bound: Decimal = Decimal(0)
    equal: bool = True
    strict: bool = False
    tolerance: Decimal = Decimal(0)

    @classmethod
    def of(cls, name: str, comparison: Comparison, tolerance: Decimal = Decimal(0)) -> "Edit":
        """The edit that a comparison of sums states.

        Raises ValueError for `!=` and for arithmetic that is no sum.
        """
        if comparison.comparator == "!=":
            raise ValueError("a value that is not another one is no sum")
        left, right = _Sum.of(comparison.left), _Sum.of(comparison.right)
        low, high = (right, left) if comparison.comparator in (">=", ">") else (left, right)
        terms = low.plus(high, -1)
        return cls(
            id=name,
            terms={name: factor for name, factor in terms.terms.items() if factor},
            bound=-terms.constant,
            equal=comparison.comparator == "=",
            strict=comparison.comparator in ("<", ">"),
            tolerance=tolerance,
        )

    def gap(self, record: Record) -> Decimal | None:
        """How far the sum is above its bound; None where a value is blank."""
        total = -self.bound
        for name, factor in self.terms.items():
            value = record[name]
            if value is None:
                return None
            total += factor * value
        return total

    def holds(self, record: Record) -> bool | None:
        """Whether it holds within its tolerance; None where a value is blank."""
        gap = self.gap(record)
        if gap is None:
            return None
        if self.equal:
            return abs(gap) <= self.tolerance
        return gap < self.tolerance or (gap == self.tolerance and not self.strict)

    def solved_for(self, name: str, record: Record) -> Decimal | None:
        """The value of one variable that makes the sum equal its bound, the others being right."""
        gap, value = self.gap(record), record[name]
        return None if gap is None or value is None else value - gap / self.terms[name]


def violated(edits: Iterable[Edit], record: Record) -> list[Edit]:
    """The edits that do not hold; what cannot be decided is not violated."""
    return [edit for edit in edits if edit.holds(record) is False]


def satisfied(edits: Iterable[Edit], record: Record) -> list[Edit]:
    """The edits that hold."""
    return [edit for edit in edits if edit.holds(record)]


def changed(record: Record, changes: Mapping[str, Decimal]) -> Record:
    """The record with some other values."""
    return {**record, **changes}


@dataclass(frozen=True)
class _Sum:
    terms: Mapping[str, Decimal]
    constant: Decimal

    @classmethod
    def of(cls, node: Node) -> "_Sum":
        match node:
            case Number(value):
                return cls({}, value)
            case Binary("+" | "-" as operator, left, right):
                return cls.of(left).plus(cls.of(right), 1 if operator == "+" else -1)
            case _:
                return cls(linear(node), Decimal(0))

    def plus(self, other: "_Sum", factor: int) -> "_Sum":
        terms = dict(self.terms)
        for name, coefficient in other.terms.items():
            terms[name] = terms.get(name, Decimal(0)) + factor * coefficient
        return _Sum(terms, self.constant + factor * other.constant)
