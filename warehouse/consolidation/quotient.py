"""An exact ratio in SQL, rounded alike on every database.

Floating point and PostgreSQL's own division both round before the last rounding; a ratio that ends
in a 5 would then go either way. Here both databases divide whole numbers and keep the remainder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import InternalTraversal

from warehouse.types import ExactDecimal


@dataclass(frozen=True)
class Term:
    """A total in a numerator or denominator, and the factor it is taken with."""

    coefficient: Decimal
    total: ColumnElement[Any]


_IN_KEY = ("coefficients", "scales", "numerator_terms", "factor", "decimals")
"""What tells quotients of the same totals apart."""


class Quotient(FunctionElement[Decimal]):
    """numerator / denominator × factor, rounded half away from zero to `decimals`.

    NULL where the denominator is zero or an operand is unknown. Exact on SQLite as long as the
    denominator, in units of its last decimal, times factor × 10^decimals stays below 2^61.
    """

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy declares it so
        *FunctionElement._traverse_internals,
        *((name, InternalTraversal.dp_plain_obj) for name in _IN_KEY),
    ]

    def __init__(
        self,
        numerator: Sequence[Term],
        denominator: Sequence[Term],
        factor: Decimal,
        type_: ExactDecimal,
    ) -> None:
        super().__init__(*(term.total for term in (*numerator, *denominator)))
        self.coefficients = tuple(term.coefficient for term in (*numerator, *denominator))
        self.scales = tuple(_scale(term.total) for term in (*numerator, *denominator))
        self.numerator_terms = len(numerator)
        self.factor = factor
        self.type = type_
        self.decimals = type_.scale


def _scale(total: ColumnElement[Any]) -> int:
    return total.type.scale if isinstance(total.type, ExactDecimal) else 0


def _ten(exponent: int) -> Decimal:
    return Decimal(1).scaleb(exponent)


def _whole(numbers: Sequence[Decimal]) -> tuple[int, ...]:
    """The smallest power of ten makes all the numbers whole; ratios between them stay."""
    places = max(0, *(-int(number.normalize().as_tuple().exponent) for number in numbers))
    return tuple(int(number.scaleb(places)) for number in numbers)


def _operands(
    element: Quotient, stored: Sequence[str], weights: Sequence[Decimal], multiplier: Decimal
) -> tuple[str, str, int]:
    """The numerator and the denominator as SQL, and the whole number their ratio is taken times."""
    # Numerator and denominator may be multiplied by the same power of ten; the multiplier may be
    # made whole by multiplying the denominator as well.
    factor, one = _whole([multiplier, Decimal(1)])
    split = element.numerator_terms
    scaled = [*weights[:split], *(weight * one for weight in weights[split:])]
    products = [
        sql if weight == 1 else f"{weight} * {sql}"
        for weight, sql in zip(_whole(scaled), stored, strict=True)
    ]
    return _added(products[:split]), _added(products[split:]), factor


def _added(products: Sequence[str]) -> str:
    return products[0] if len(products) == 1 else f"({' + '.join(products)})"


@compiles(Quotient)
def _numeric(element: Quotient, compiler: SQLCompiler, **kw: Any) -> str:
    stored = [f"CAST({compiler.process(clause, **kw)} AS NUMERIC)" for clause in element.clauses]
    multiplier = element.factor * _ten(element.decimals)
    top, bottom, factor = _operands(element, stored, element.coefficients, multiplier)
    rounded = (
        f"div(2 * {factor} * abs({top}) + abs({bottom}), 2 * nullif(abs({bottom}), 0))"
        f" * {_ten(-element.decimals):f}"
    )
    return f"(CASE WHEN ({top} < 0) <> ({bottom} < 0) THEN -{rounded} ELSE {rounded} END)"


@compiles(Quotient, "sqlite")
def _scaled(element: Quotient, compiler: SQLCompiler, **kw: Any) -> str:
    stored = [compiler.process(clause, **kw) for clause in element.clauses]
    weights = [
        coefficient * _ten(-scale)
        for coefficient, scale in zip(element.coefficients, element.scales, strict=True)
    ]
    multiplier = element.factor * _ten(element.decimals)
    top, bottom, factor = _operands(element, stored, weights, multiplier)
    positive, divisor = f"abs({top})", f"nullif(abs({bottom}), 0)"
    # The whole part first and then the remainder: the products stay small.
    rounded = (
        f"({positive} / {divisor} * {factor}"
        f" + (2 * {factor} * ({positive} % {divisor}) + {divisor}) / (2 * {divisor}))"
    )
    return f"(CASE WHEN ({top} < 0) <> ({bottom} < 0) THEN -{rounded} ELSE {rounded} END)"
