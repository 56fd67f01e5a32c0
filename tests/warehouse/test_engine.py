from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from schemas.errors import WarehouseError
from warehouse.engine import open_engine, reading


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("warehouse.db", "sqlite:///path/to/warehouse.db"),
        ("mysql://localhost/x", "cannot be kept in mysql"),
        ("sqlite:////no/such/folder/w.db", "Check that the folder or server exists"),
        ("postgresql://u:secret@127.0.0.1:1/x", "Check that the folder or server exists"),
    ],
)
def test_a_warehouse_that_cannot_be_opened_says_what_to_do(url: str, told: str) -> None:
    with pytest.raises(WarehouseError, match=told) as error:
        open_engine(url)
    assert "secret" not in str(error.value)


def test_a_transaction_that_fails_leaves_nothing_not_even_a_table(engine: Engine) -> None:
    def killed() -> None:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE half (x INTEGER)"))
            connection.execute(text("INSERT INTO half VALUES (1)"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert not inspect(engine).has_table("half")


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_of_it(engine: Engine) -> None:
    with engine.begin() as writer:
        writer.execute(text("CREATE TABLE counted (x INTEGER)"))
    with reading(engine) as reader:
        assert reader.scalar(text("SELECT count(*) FROM counted")) == 0
        with engine.begin() as writer:
            writer.execute(text("INSERT INTO counted VALUES (1)"))
            assert reader.scalar(text("SELECT count(*) FROM counted")) == 0
        assert reader.scalar(text("SELECT count(*) FROM counted")) == 0
    with reading(engine) as reader:
        assert reader.scalar(text("SELECT count(*) FROM counted")) == 1


def test_sqlite_enforces_foreign_keys_on_every_connection(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'w.db'}")
    with reading(engine) as one, reading(engine) as other:
        for connection in (one, other):
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()
