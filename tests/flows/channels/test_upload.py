"""The upload page as counties and their programs use it, served by a real server on loopback."""

import json
import signal
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import uvicorn
from sqlalchemy.exc import OperationalError

from flows import gate, process
from flows.channels.upload import app
from flows.server import free_port
from tests.flows.channels.taking import kept
from tests.flows.nights import NORTHSHORE, Desk
from tests.flows.processes import eventually, start, wait_until


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


@pytest.mark.parametrize(("method", "path"), [("PUT", "/returns/x.xlsx"), ("POST", "/")])
def test_what_is_too_large_is_refused_before_it_is_sent(
    opened: Gate, method: str, path: str
) -> None:
    with beginning(opened, 1 << 40, method, path) as connection:
        assert connection.getresponse().status == 413


def test_a_clerk_reads_on_the_page_why_nothing_was_taken(opened: Gate) -> None:
    before = kept(opened.desk.house)
    known, wrong = {"token": opened.token}, {"token": "wrong"}
    file = {"file": ("x.xlsx", b"anything")}
    for answer, status, why in (
        (opened.client.post("/", data=wrong, files=file), 401, "This token is not known."),
        (opened.client.post("/", data=known, files={"file": ("", b"")}), 400, "No file was chosen"),
        (opened.client.post("/", data=known), 400, "No file was chosen"),
        (opened.client.delete("/"), 405, "Method Not Allowed"),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (
            status,
            "text/html; charset=utf-8",
        )
        assert "Not received." in answer.text
        assert why in answer.text
        assert 'type="file"' in answer.text
    assert opened.client.get("/returns/x.xlsx").json() == {"detail": "Method Not Allowed"}
    assert kept(opened.desk.house) == before


def test_a_page_says_what_was_read_out_of_a_file(opened: Gate) -> None:
    content = school(opened.desk, pupils=60)
    form = {"data": {"token": opened.token}, "files": {"file": ("<b>.xlsx", content)}}
    answer = opened.client.post("/", **form).raise_for_status().text  # type: ignore[arg-type]
    assert "Northshore: &lt;b&gt;.xlsx" in answer
    assert "Forms of 2014 that were read: 3." in answer


def test_a_name_may_be_in_the_encoding_of_chinese_windows(opened: Gate) -> None:
    opened.put(quote("沼气.xlsx".encode("gb18030")), b"as curl sends it there")
    assert any(name == "沼气.xlsx" for _, name, _ in kept(opened.desk.house))


def test_what_cannot_be_kept_is_told_as_that_and_may_be_sent_again(
    opened: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(process, "keep", full)
        answer = opened.put("late.xlsx", b"late")
    assert answer.status_code == 503
    assert "Send it again later" in answer.json()["detail"]
    assert opened.put("late.xlsx", b"late").json()["new"] is True


def test_the_log_of_the_page_is_for_machines_where_that_is_set_and_names_nobody(
    tmp_path: Path,
) -> None:
    site, port = tmp_path / "site", free_port()
    Desk(site).house.engine.dispose()
    with (site / "huizong.toml").open("a") as file:
        file.write(f'\nlog_format = "json"\n\n[upload]\nport = {port}\n')
    token = gate.issue(site, "Northshore")
    log = tmp_path / "log.txt"
    page = start("upload", "--site", site, output=log)
    headers = {"Authorization": f"Bearer {token}"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            wait_until(lambda: answers(client), page)
            client.put("/returns/张三.xlsx", content=b"letter", headers=headers).raise_for_status()
            assert client.put("/returns/张三.xlsx", content=b"letter").status_code == 401
    finally:
        page.send_signal(signal.SIGTERM)
        page.wait(60)
    opening, *lines = log.read_text().splitlines()
    assert opening.startswith("upload page ")
    taken, refused = map(json.loads, lines)
    assert taken["sha256"] == sha256(b"letter").hexdigest()
    assert (taken["county"], taken["bytes"], taken["findings"]) == (NORTHSHORE, 6, 1)
    assert (refused["level"], refused["status"]) == ("WARNING", 401)
    for secret in (token, "张三", "Northshore", "letter"):
        assert secret not in "".join(lines)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/").is_success
    except httpx.TransportError:
        return False


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
def beginning(
    opened: Gate, length: int, method: str = "PUT", path: str = "/returns/x.xlsx"
) -> Iterator[HTTPSConnection]:
    """A connection on which the head of a file of this length has been sent."""
    url = opened.client.base_url
    connection = HTTPSConnection(url.host, url.port, timeout=60, context=opened.secure)
    with closing(connection):
        connection.putrequest(method, path)
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
