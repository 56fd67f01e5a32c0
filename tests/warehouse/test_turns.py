from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from schemas.errors import WarehouseError
from tests.warehouse.conftest import House
from warehouse.engine import open_engine
from warehouse.tables import filings
from warehouse.upkeep.turns import turn

XI = "141031"
WRITERS = 6


def test_a_warehouse_on_postgresql_is_held_by_one_and_given_back(fresh_postgres_url: str) -> None:
    here, there = open_engine(fresh_postgres_url), open_engine(fresh_postgres_url)
    with turn(here):
        with pytest.raises(WarehouseError, match="already running"), turn(there):
            pass
        there.connect().close()  # whoever only looks or keeps a file does not wait
    with turn(there):
        pass
    for engine in (here, there):
        engine.dispose()


def test_it_is_given_back_also_by_one_that_fails_and_where_the_server_went(
    fresh_postgres_url: str,
) -> None:
    engine, other = open_engine(fresh_postgres_url), open_engine(fresh_postgres_url)
    with pytest.raises(KeyError), turn(engine):
        raise KeyError
    with turn(engine), other.connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with turn(other):
        pass
    engine.dispose()
    other.dispose()


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
