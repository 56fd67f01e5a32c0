"""Can statements hold together? Linear arithmetic over bounded columns, solved exactly enough.

Every column is a variable within its range; a coded column is one variable for each of its codes,
of which one is 1. What is not linear (a product or quotient of columns) is a variable of its own,
known only by its bounds, so that "cannot hold" is always true and "can hold" may be too kind.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from schemas.language.expression import (
    OPPOSITES,
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
from schemas.language.id_number import Said
from schemas.language.of_period import PeriodWord

Terms = Mapping[str, float]

_OF_ANY: Mapping[PeriodWord | Said, tuple[float, float]] = {
    "days": (28, 366),
    "end": (date.min.toordinal(), date.max.toordinal()),
    "year": (date.min.year, date.max.year),
    "birth_date": (date.min.toordinal(), date.max.toordinal()),
    "age": (-math.inf, math.inf),
}
"""Between what something of a period, or of the holder of an ID number, lies."""

_NEAR = 1e-6  # closer than the last decimal of any column, wider than the solver's tolerance


@dataclass(frozen=True)
class Linear:
    """A sum of variables with coefficients, and a constant."""

    terms: Terms
    constant: float = 0.0

    def plus(self, other: "Linear", factor: float = 1.0) -> "Linear":
        """The sum with a multiple of another one."""
        terms = dict(self.terms)
        for name, coefficient in other.terms.items():
            terms[name] = terms.get(name, 0.0) + factor * coefficient
        return Linear(terms, self.constant + factor * other.constant)

    def at(self, point: Mapping[str, float]) -> float:
        """The value at a point."""
        return self.constant + sum(c * point[name] for name, c in self.terms.items())


@dataclass(frozen=True)
class Limit:
    """`sum` is at most 0, or is 0 (`equal`), or is below 0 (`strict`)."""

    sum: Linear
    equal: bool = False
    strict: bool = False

    def holds_at(self, point: Mapping[str, float]) -> bool:
        """Whether it holds at a point."""
        value = self.sum.at(point)
        if self.equal:
            return abs(value) <= _NEAR
        return value <= (-_NEAR if self.strict else _NEAR)


Way = Sequence[Limit]
"""Limits that hold together: one way in which a statement can be satisfied."""

Clause = Sequence[Way]
"""The ways in which a statement can be satisfied; one of them has to be taken."""


@dataclass
class Space:
    """The variables and the range of each; `whole` ones are whole numbers.

    `reaches` says how far a stated value may lie from the true one, where it is not exact.
    """

    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    facts: list[Limit] = field(default_factory=list)
    reaches: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, low: float, high: float, *, whole: bool) -> None:
        """Add a variable."""
        self.ranges[name] = (low, high)
        if whole:
            self.whole.add(name)

    def add_codes(self, name: str, codes: Sequence[str], *, required: bool) -> None:
        """Add a coded column: of its codes one is said, or none where it may be blank."""
        self.codes[name] = {code: f"{name}={code}" for code in codes}
        for variable in self.codes[name].values():
            self.add(variable, 0, 1, whole=True)
        one_of = Linear(dict.fromkeys(self.codes[name].values(), 1.0), -1.0)
        self.facts.append(Limit(one_of, equal=required))

    # --- statements ------------------------------------------------------------------------------

    def clause(self, statement: Comparison, *, holds: bool = True) -> Clause:
        """The ways in which a statement holds, or fails; none at all where it is impossible."""
        comparator = statement.comparator if holds else OPPOSITES[statement.comparator]
        for one, other in ((statement.left, statement.right), (statement.right, statement.left)):
            if isinstance(one, Name) and isinstance(other, Word):
                return self._said(one.name, other.value, equal=comparator == "=")
            if isinstance(one, Name) and one.name in self.codes:
                return [[]]  # two coded columns: anything may be
        left, right = self.linear(statement.left), self.linear(statement.right)
        below, above = left.plus(right, -1.0), right.plus(left, -1.0)
        match comparator:
            case "<=":
                return [[Limit(below)]]
            case ">=":
                return [[Limit(above)]]
            case "<":
                return [[Limit(below, strict=True)]]
            case ">":
                return [[Limit(above, strict=True)]]
            case "=":
                return [[Limit(below, equal=True)]]
            case "!=":
                return [[Limit(below, strict=True)], [Limit(above, strict=True)]]

    def failure(self, statement: Comparison) -> Clause:
        """The ways in which a statement fails: by more than its decimals leave open."""
        found: list[Way] = []
        for way in self.clause(statement, holds=False):
            reaches = [self._reach(limit.sum) for limit in way]
            if any(limit.equal and reach for limit, reach in zip(way, reaches, strict=True)):
                continue  # that two rounded numbers are the same cannot be told
            found.append(
                [
                    replace(limit, sum=limit.sum.plus(Linear({}, reach)))
                    for limit, reach in zip(way, reaches, strict=True)
                ]
            )
        return found

    def _reach(self, found: Linear) -> float:
        return sum(abs(c) * self.reaches.get(name, 0.0) for name, c in found.terms.items())

    def _said(self, name: str, word: str, *, equal: bool) -> Clause:
        variable = self.codes.get(name, {}).get(word)
        if variable is None:
            return [[]] if name not in self.codes or not equal else []
        return [[Limit(Linear({variable: 1.0}, -1.0 if equal else 0.0), equal=True)]]

    def linear(self, node: Node) -> Linear:
        """Arithmetic as a sum of variables; what is not linear becomes a variable."""
        match node:
            case Number(value):
                return Linear({}, float(value))
            case Day(day):
                return Linear({}, day.toordinal())
            case OfPeriod(word) | OfId("birth_date" | "age" as word):
                name = render(node, str)
                self.add(name, *_OF_ANY[word], whole=True)
                return Linear({name: 1.0})
            case Name(name):
                return Linear({name: 1.0})
            case Present(name):
                return Linear({f"present({name})": 1.0})
            case Binary("+" | "-" as operator, left, right):
                return self.linear(left).plus(self.linear(right), 1.0 if operator == "+" else -1.0)
            case Binary("*" | "/" as operator, left, right):
                one, other = self.linear(left), self.linear(right)
                if operator == "*" and not one.terms:
                    one, other = other, one
                if not other.terms and (operator == "*" or other.constant):
                    factor = other.constant if operator == "*" else 1 / other.constant
                    return Linear({}, 0.0).plus(one, factor)
                return self._of_its_own(node, one, other)
        raise ValueError(f"words have no arithmetic: {node}")

    def _of_its_own(self, node: Binary, one: Linear, other: Linear) -> Linear:
        name = repr(node)
        positive = self._least(one) >= 0 and self._least(other) >= 0
        self.add(name, 0.0 if positive else -math.inf, math.inf, whole=False)
        return Linear({name: 1.0})

    def _least(self, found: Linear) -> float:
        terms = ((c, self.ranges[name]) for name, c in found.terms.items() if c)
        return found.constant + sum(min(c * low, c * high) for c, (low, high) in terms)

    # --- solving ---------------------------------------------------------------------------------

    def satisfiable(self, clauses: Sequence[Clause]) -> bool:
        """Whether one way of each clause can be taken together with the facts."""
        settled = [limit for clause in clauses if len(clause) == 1 for limit in clause[0]]
        return self._search([*self.facts, *settled], [c for c in clauses if len(c) != 1])

    def _search(self, settled: Sequence[Limit], open_: Sequence[Clause]) -> bool:
        point = self._point(settled)
        if point is None:
            return False
        for number, clause in enumerate(open_):
            if not any(all(limit.holds_at(point) for limit in way) for way in clause):
                rest = [*open_[:number], *open_[number + 1 :]]
                return any(self._search([*settled, *way], rest) for way in clause)
        return True

    def _point(self, limits: Sequence[Limit]) -> dict[str, float] | None:
        """A point where all limits hold, strict ones with as much room as there is, up to 1."""
        # Only the thorough check of a scheme needs a solver; loading one does not wait for it.
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp  # type: ignore[import-untyped]

        names = list(self.ranges)
        column = {name: number for number, name in enumerate(names)}
        room = len(names)
        rows = np.zeros((len(limits), room + 1))
        highs = np.zeros(len(limits))
        lows = np.full(len(limits), -math.inf)
        for number, limit in enumerate(limits):
            for name, coefficient in limit.sum.terms.items():
                rows[number, column[name]] = coefficient
            rows[number, room] = 1.0 if limit.strict else 0.0
            highs[number] = -limit.sum.constant
            if limit.equal:
                lows[number] = highs[number]
        ranges = [*self.ranges.values(), (0.0, 1.0)]
        found: Any = milp(
            c=np.append(np.zeros(room), -1.0),
            integrality=[*(int(name in self.whole) for name in names), 0],
            bounds=Bounds([low for low, _ in ranges], [high for _, high in ranges]),
            constraints=LinearConstraint(rows, lows, highs) if limits else None,
        )
        if found.x is None or (any(lim.strict for lim in limits) and found.x[room] <= _NEAR):
            return None
        return dict(zip(names, map(float, found.x), strict=False))
