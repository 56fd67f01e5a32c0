import pytest

from schemas.errors import WarehouseError
from warehouse.engine import open_engine
from warehouse.turns import turn


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
