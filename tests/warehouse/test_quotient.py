from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Engine,
    bindparam,
    literal,
    null,
    select,
    type_coerce,
)

from schemas.consolidated.measures import recompute
from schemas.language.expression import parse_value
from schemas.language.linear import linear, ratio_of
from warehouse.consolidation.quotient import Quotient, Term
from warehouse.types import ExactDecimal

PERCENT = ratio_of(parse_value("a / b * 100"))


def by_hand(numerator: Decimal, denominator: Decimal, factor: Decimal, decimals: int) -> Decimal:
    with localcontext(prec=60):
        exact = numerator * factor / denominator
        return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def quotient(engine: Engine, numerator: Decimal | None, denominator: Decimal | None) -> object:
    kind = ExactDecimal(18, 4)
    top = literal(numerator, kind) if numerator is not None else type_coerce(null(), kind)
    bottom = literal(denominator, kind)
    statement = select(
        Quotient(
            [Term(Decimal(1), top)],
            [Term(Decimal(1), bottom)],
            Decimal(100),
            ExactDecimal(18, 2),
        )
    )
    with engine.connect() as connection:
        return connection.execute(statement).scalar_one()


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        ("1", "3", "33.33"),
        ("2", "3", "66.67"),
        ("1", "800", "0.13"),  # 0.125 exactly
        ("-1", "800", "-0.13"),
        ("1", "-800", "-0.13"),
        ("-1", "-800", "0.13"),
        ("0.0001", "0.0003", "33.33"),
        ("0", "5", "0.00"),
        ("66669999.9999", "200000000", "33.33"),  # just below 33.335
    ],
)
def test_a_ratio_is_rounded_once_and_half_away_from_zero(
    engine: Engine, numerator: str, denominator: str, percent: str
) -> None:
    assert quotient(engine, Decimal(numerator), Decimal(denominator)) == Decimal(percent)


def test_a_zero_denominator_or_an_unknown_operand_gives_no_ratio(engine: Engine) -> None:
    assert quotient(engine, Decimal(5), Decimal(0)) is None
    assert quotient(engine, None, Decimal(5)) is None


totals = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(numerator=totals, denominator=totals.filter(bool))
def test_ratios_on_both_databases_equal_the_exact_computation(
    engine: Engine, numerator: Decimal, denominator: Decimal
) -> None:
    expected = by_hand(numerator, denominator, Decimal(100), 2)
    assert quotient(engine, numerator, denominator) == expected
    assert recompute(PERCENT, {"a": numerator, "b": denominator}, 2) == expected


counts = st.integers(min_value=-(10**9), max_value=10**9)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(a=counts, b=counts, c=totals, decimals=st.integers(0, 4))
def test_operands_of_different_scales_and_coefficients_are_exact(
    engine: Engine, a: int, b: int, c: Decimal, decimals: int
) -> None:
    made = ratio_of(parse_value("(a - 0.5 * b) / (c + a) * 1.5"))
    known: dict[str, ColumnElement[Any]] = {
        "a": bindparam("a", a, BigInteger()),
        "b": bindparam("b", b, BigInteger()),
        "c": bindparam("c", c, ExactDecimal(18, 4)),
    }
    statement = select(
        Quotient(
            [Term(factor, known[name]) for name, factor in linear(made.numerator).items()],
            [Term(factor, known[name]) for name, factor in linear(made.denominator).items()],
            made.factor,
            ExactDecimal(18, decimals),
        )
    )
    values = {"a": Decimal(a), "b": Decimal(b), "c": c}
    with engine.connect() as connection:
        assert connection.execute(statement).scalar_one() == recompute(made, values, decimals)
