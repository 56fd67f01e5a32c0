from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, MetaData, Table, func, insert, select
from sqlalchemy.exc import StatementError

from warehouse.types import ExactDecimal, UtcDateTime

values = Table("tested", MetaData(), Column("n", ExactDecimal(18, 4)), Column("t", UtcDateTime()))


@pytest.fixture
def table(engine: Engine) -> Table:
    values.create(engine)
    return values


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.decimals(-(10**10), 10**10, places=4), min_size=1, max_size=30))
def test_sums_of_decimals_are_exact(engine: Engine, table: Table, numbers: list[Decimal]) -> None:
    with engine.connect() as connection:
        connection.execute(insert(table), [{"n": number} for number in numbers])
        assert connection.execute(select(func.sum(table.c.n))).scalar_one() == sum(numbers)
        stored = connection.scalars(select(table.c.n)).all()
    assert sorted(map(str, stored)) == sorted(f"{number:.4f}" for number in numbers)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2100, 1, 1)),
    st.integers(-12, 14),
)
def test_moments_come_back_in_utc_to_the_microsecond(
    engine: Engine, table: Table, naive: datetime, hours: int
) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    with engine.connect() as connection:
        connection.execute(insert(table).values(t=moment))
        stored = connection.execute(select(table.c.t)).scalar_one()
        later = moment + timedelta(microseconds=1)
        assert connection.scalar(select(func.count()).where(table.c.t < later)) == 1
        assert connection.scalar(select(func.count()).where(table.c.t < moment)) == 0
    assert stored == moment
    assert stored.tzinfo is UTC


def test_a_moment_without_zone_is_refused(engine: Engine, table: Table) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="time zone"):
        connection.execute(insert(table).values(t=datetime(2015, 1, 1)))
