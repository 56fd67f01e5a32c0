"""The upload page as counties and their programs use it, served by a real server on loopback."""

import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path

import httpx
import pytest
import uvicorn

from flows import gate, process
from flows.channels.upload import app
from tests.flows.channels.taking import kept
from tests.flows.nights import NORTHSHORE, Desk
from tests.flows.processes import eventually, free_port


@dataclass(frozen=True)
class Gate:
    desk: Desk
    client: httpx.Client
    token: str
    secure: ssl.SSLContext

    def put(self, name: str, content: bytes, token: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.put(f"/returns/{name}", content=content, headers=headers)


@pytest.fixture(scope="module")
def opened(
    tmp_path_factory: pytest.TempPathFactory, authority: tuple[Path, ssl.SSLContext]
) -> Iterator[Gate]:
    known = authority[0]
    folder = tmp_path_factory.mktemp("gate") / "site"
    desk = Desk(folder)
    with (folder / "huizong.toml").open("a") as file:
        file.write("\n[upload]\n")
    desk.house.site.settings = type(desk.house.site)(folder).settings
    port = free_port()
    shown = known.with_name("server.pem")  # in front of it there is a proxy that does TLS
    settings = uvicorn.Config(app(desk.house), port=port, log_level="warning", ssl_certfile=shown)
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=server.run)
    thread.start()
    eventually(lambda: server.started)
    secure = ssl.create_default_context(cafile=known)
    address = f"https://127.0.0.1:{port}"
    with httpx.Client(base_url=address, timeout=60, verify=secure) as client:
        yield Gate(desk, client, gate.issue(folder, "Northshore"), secure)
    server.should_exit = True
    thread.join(60)
    desk.house.engine.dispose()


def school(desk: Desk, **numbers: int) -> bytes:
    """A return of Northshore for 2014."""
    desk.report("2014", **numbers, name="x.xlsx")
    path = desk.house.site.inbox / "x.xlsx"
    content = path.read_bytes()
    path.unlink()
    return content


def test_a_return_is_kept_and_answered_with_what_is_found_in_it(opened: Gate) -> None:
    content = school(opened.desk, pupils=300)
    answer = opened.put("2014.xlsx", content).raise_for_status().json()
    assert (answer["new"], answer["acceptable"], answer["county"]) == (True, False, NORTHSHORE)
    assert [told["severity"] for told in answer["findings"] if told["form"] == "school"] == [
        "warning"
    ]
    (ratio,) = [told for told in answer["findings"] if told["form"] == "school"]
    assert "300" in ratio["text"]
    assert ratio["cells"]
    county = opened.desk.house.scheme.county(NORTHSHORE).name.in_("en")
    assert ("upload", "2014.xlsx", county) in kept(opened.desk.house)
    assert opened.put("again.xlsx", content).json()["new"] is False


def test_what_is_no_workbook_is_kept_and_told(opened: Gate) -> None:
    answer = opened.put("letter.xlsx", b"dear office").json()
    assert (answer["new"], answer["acceptable"]) == (True, False)
    assert answer["findings"][0]["code"] == "file-not-workbook"


def test_a_wrong_token_keeps_nothing(opened: Gate) -> None:
    before = kept(opened.desk.house)
    assert opened.put("x.xlsx", b"anything", token="wrong").status_code == 401
    assert opened.client.put("/returns/x.xlsx", content=b"anything").status_code == 401
    form = {"data": {"token": "wrong"}, "files": {"file": ("x.xlsx", b"anything")}}
    assert opened.client.post("/", **form).status_code == 401  # type: ignore[arg-type]
    assert kept(opened.desk.house) == before


def test_what_is_too_large_is_refused_before_it_is_sent(opened: Gate) -> None:
    with beginning(opened, 1 << 40) as connection:
        assert connection.getresponse().status == 413


def test_an_upload_that_is_cut_keeps_nothing_and_holds_up_nobody(opened: Gate) -> None:
    before = kept(opened.desk.house)
    with beginning(opened, 1000) as connection:
        connection.send(b"the first half")
    assert opened.put("whole.xlsx", b"whole").json()["new"] is True
    county = opened.desk.house.scheme.county(NORTHSHORE).name.in_("en")
    assert [row for row in kept(opened.desk.house) if row not in before] == [
        ("upload", "whole.xlsx", county)
    ]


@contextmanager
def beginning(opened: Gate, length: int) -> Iterator[HTTPSConnection]:
    """A connection on which the head of a file of this length has been sent."""
    url = opened.client.base_url
    connection = HTTPSConnection(url.host, url.port, timeout=60, context=opened.secure)
    with closing(connection):
        connection.putrequest("PUT", "/returns/x.xlsx")
        connection.putheader("Authorization", f"Bearer {opened.token}")
        connection.putheader("Content-Length", str(length))
        connection.endheaders()
        yield connection


def test_a_clerk_sends_a_file_from_the_page(opened: Gate) -> None:
    page = opened.client.get("/").raise_for_status().text
    assert 'type="file"' in page
    form = {"data": {"token": opened.token}, "files": {"file": (r"C:\报表\信.xlsx", b"letter")}}
    answer = opened.client.post("/", **form).raise_for_status().text  # type: ignore[arg-type]
    assert "Received." in answer
    assert '<tr class="error">' in answer
    assert any(name == "信.xlsx" for _, name, _ in kept(opened.desk.house))


def test_a_new_token_ends_the_one_before(tmp_path: Path) -> None:
    from flows import tokens

    file = tmp_path / "tokens.json"
    first, second = tokens.issue(file, "1"), tokens.issue(file, "1")
    assert (tokens.county_of(file, first), tokens.county_of(file, second)) == (None, "1")
    assert second not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_uploads_during_a_night_are_read_by_it_or_by_the_next(opened: Gate) -> None:
    desk = opened.desk
    returns = [school(desk, pupils=40), school(desk, pupils=41)]
    returns += [f"letter {number}".encode() for number in range(8)]
    with ThreadPoolExecutor(10) as pool:
        night = pool.submit(desk.night)
        answers = [
            pool.submit(opened.put, f"{number}.xlsx", content)
            for number, content in enumerate(returns)
        ]
        assert all(answer.result().json()["new"] for answer in answers)
        night.result()
    desk.night()
    assert process.waiting(desk.house) == []
    uploaded = [name for channel, name, _ in kept(desk.house) if channel == "upload"]
    assert {f"{number}.xlsx" for number in range(10)} <= set(uploaded)
