"""A warehouse that is lent again is as it was made, whatever was done to it."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, text

from schemas.models import Scheme
from tests.lent import Lender
from tests.warehouse.conftest import House

Spoil = Callable[[Engine, Scheme], None]


@pytest.fixture(params=["sqlite", "postgresql"])
def lender(request: pytest.FixtureRequest) -> Lender:
    found: Lender = request.getfixturevalue(f"{request.param}_lender")
    return found


def reported(engine: Engine, scheme: Scheme) -> None:
    house = House(engine, scheme)
    house.submit(house.filing("pv", "141031", {"station_no": "1", "capacity_kw": Decimal(9)}))
    house.publish()


def executed(statement: str) -> Spoil:
    def spoil(engine: Engine, _scheme: Scheme) -> None:
        with engine.begin() as connection:
            connection.execute(text(statement))

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        reported,
        executed("DELETE FROM owed"),
        executed("UPDATE published_views SET definition = ''"),
        executed("CREATE TABLE left_behind (n integer)"),
        executed("ALTER TABLE form_pv ADD COLUMN left_behind integer"),
    ],
)
def test_nothing_is_left_of_what_a_test_did(lender: Lender, few: Scheme, spoil: Spoil) -> None:
    with lender.lent() as engine:
        before = contents(engine)
    with lender.lent() as engine:
        spoil(engine, few)
        assert contents(engine) != before
    with lender.lent() as engine:
        assert contents(engine) == before
        house = House(engine, few)
        (outcome,) = house.submit(house.filing("pv", "141031"))
        assert outcome.version == 1


def contents(engine: Engine) -> dict[str, list[str]]:
    """The rows of every table, with the columns it has."""
    with engine.connect() as connection:
        return {name: rows(connection, name) for name in names(connection)}


def names(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        listed = "SELECT name FROM sqlite_master WHERE type = 'table'"
    else:
        listed = (
            "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
    return sorted(connection.scalars(text(listed)))


def rows(connection: Connection, name: str) -> list[str]:
    found = connection.execute(text(f"SELECT * FROM {name}"))
    return [str(list(found.keys())), *map(str, found)]
