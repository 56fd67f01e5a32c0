"""Uploads while a night runs; `make kills` runs it, pytest does not find it by itself."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from flows import gate
from flows.channels.upload import app
from flows.house import closing_houses, open_house
from flows.server import free_port
from schemas.models import Scheme
from tests.flows.kills.again import run_again
from tests.flows.kills.ground import Ground
from tests.flows.kills.strike import Asked, Nights
from tests.flows.kills.test_kills import BOTH
from tests.flows.processes import eventually

UPLOADED = ("141025", "141027", "141029", "141032", "141033", "141034", "141081", "141082")


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


@BOTH
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
