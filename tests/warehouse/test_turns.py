from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, select

from schemas.errors import WarehouseError
from tests.warehouse.conftest import House
from warehouse.engine import open_engine
from warehouse.tables import filings
from warehouse.upkeep.turns import turn

XI = "141031"
WRITERS = 6


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_a_warehouse_on_postgresql_is_held_by_one_and_given_back(fresh_postgres_url: str) -> None:
    with opened(fresh_postgres_url) as here, opened(fresh_postgres_url) as there:
        with turn(here):
            with pytest.raises(WarehouseError, match="already running"), turn(there):
                pass
            there.connect().close()  # whoever only looks or keeps a file does not wait
        with turn(there):
            pass


def test_it_is_given_back_also_by_one_that_fails_and_where_the_server_went(
    fresh_postgres_url: str,
) -> None:
    with opened(fresh_postgres_url) as engine, opened(fresh_postgres_url) as other:
        with pytest.raises(KeyError), turn(engine):
            raise KeyError
        with turn(engine), other.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with turn(other):
            pass


def test_returns_of_one_county_accepted_at_once_become_versions_of_which_the_last_counts(
    house: House,
) -> None:
    def sent(number: int) -> str:
        filing = house.filing("reduction", XI, {"task": number})
        (outcome,) = house.submit(filing, name=f"{number}.xlsx")
        return f"{outcome.version} {outcome.status}"

    with ThreadPoolExecutor(WRITERS) as threads:
        became = list(threads.map(sent, range(WRITERS)))
    assert sorted(became) == [f"{version} accepted" for version in range(1, WRITERS + 1)]
    with house.engine.connect() as connection:
        live = select(filings.c.version).where(filings.c.accepted_to.is_(None))
        assert connection.scalars(live).all() == [WRITERS]
        last = became.index(f"{WRITERS} accepted")
    assert house.table("reduction").municipality.values["task"] == last
