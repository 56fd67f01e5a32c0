import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import OperationalError

from schemas.errors import WarehouseError
from tests.databases import opened
from warehouse.engine import open_engine, open_kept, reading, require_writable


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


def test_a_damaged_warehouse_is_told_to_be_restored(tmp_path: Path) -> None:
    file = tmp_path / "w.db"
    file.write_bytes(b"SQLite format 3\0" + bytes(4096))
    with pytest.raises(WarehouseError, match="`huizong warehouse restore`"):
        open_engine(f"sqlite:///{file}")


def test_a_warehouse_that_is_lost_is_not_made_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'w.db'}"
    with pytest.raises(WarehouseError, match=r"w\.db is not there"):
        open_kept(url)
    assert list(tmp_path.iterdir()) == []
    open_engine(url).dispose()
    open_kept(url).dispose()


def test_a_warehouse_that_can_only_be_read_is_no_warehouse_for_a_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("warehouse.engine.BUSY_SECONDS", 0)
    with TemporaryDirectory() as folder:  # which is another user's, too
        Path(folder).chmod(0o777)
        file = Path(folder) / "w.db"
        with opened(f"sqlite:///{file}") as engine, engine.begin() as writer:
            writer.execute(text("CREATE TABLE kept (x INTEGER)"))
            require_writable(engine)  # somebody writes, so it can be written
        file.chmod(0o444)
        with anybody(), opened(f"sqlite:///{file}") as engine:
            with reading(engine) as reader:
                assert reader.scalar(text("SELECT count(*) FROM kept")) == 0
            with pytest.raises(OperationalError, match="readonly database"):
                require_writable(engine)


@contextmanager
def anybody() -> Iterator[None]:
    """Not root, whom no mode of a file keeps from writing it."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


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
