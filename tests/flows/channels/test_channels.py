"""Places that returns come to, each a real one: kept first, then moved, and known again."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from flows import process
from flows.arrivals import take_in_all
from flows.configuration.settings import Site
from flows.house import House
from flows.inbox import collect
from schemas.errors import ChannelError
from tests.flows.channels.servers import USER, sftp_server, webdav_server, wire_cut_after
from tests.flows.channels.taking import kept, take, take_in_vain

_OTHER_KEY = (
    "127.0.0.1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0vqMHVCPBRNIyLQHZCTDTy3KpG0sB6EHHrnO0bXb0p\n"
)


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The folder on the server, with two returns in it and some that are none."""
    folder = tmp_path / "there"
    (folder / "2021").mkdir(parents=True)
    (folder / "2021" / "北岸.xlsx").write_bytes(b"first")
    (folder / "south.xlsx").write_bytes(b"second")
    for deleted in ("$RECYCLE.BIN", "#recycle", ".Trash-1000"):
        (folder / deleted).mkdir()
        (folder / deleted / "old.xlsx").write_bytes(b"no return")
    for name in ("~$south.xlsx", ".~south.xlsx", ".hidden", "half.xlsx.filepart", "Thumbs.db"):
        (folder / name).write_bytes(b"no return")
    return folder


def of_folder(house: House, there: Path) -> Iterator[dict[str, object]]:
    yield {"kind": "folder", "path": there}


def of_sftp(house: House, there: Path) -> Iterator[dict[str, object]]:
    known = house.site.folder / "known_hosts"
    with sftp_server(there, known) as port:
        yield {
            "kind": "sftp",
            "host": "127.0.0.1",
            "port": port,
            "user": USER,
            "password_file": "password",
            "known_hosts": "known_hosts",
        }


def of_webdav(house: House, there: Path) -> Iterator[dict[str, object]]:
    with webdav_server(there) as port:
        url = f"http://127.0.0.1:{port}/"
        yield {"kind": "webdav", "url": url, "user": USER, "password_file": "password"}


def of_store(house: House, there: Path) -> Iterator[dict[str, object]]:
    yield {"kind": "store", "url": f"file://{there}"}


@pytest.fixture(params=[of_folder, of_sftp, of_webdav, of_store])
def place(request: pytest.FixtureRequest, house: House, there: Path) -> Iterator[dict[str, object]]:
    """The settings of a place of each kind."""
    kind: Callable[[House, Path], Iterator[dict[str, object]]] = request.param
    for way in kind(house, there):
        yield {"name": "place", **way}


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_stands_in_a_place_is_kept_with_its_folder_and_known_the_next_time(
    house: House, place: dict[str, object]
) -> None:
    first = take(house, **place, sender="Northshore")
    assert (first.received, first.new, first.left) == (2, 2, [])
    sender = house.scheme.county("990102").name.en
    assert kept(house) == [("place", "2021/北岸.xlsx", sender), ("place", "south.xlsx", sender)]
    again = take(house, **place)
    assert (again.received, again.new) == (2, 0)


def test_what_is_kept_is_moved_under_a_name_of_its_own(
    house: House, place: dict[str, object], there: Path
) -> None:
    others = names(there) - {"2021/北岸.xlsx", "south.xlsx"}
    take(house, **place, moved_to="taken")
    moved = {"taken/2021/北岸.a7937b64.xlsx", "taken/south.16367aac.xlsx"}
    assert names(there) == others | moved
    (there / "south.xlsx").write_bytes(b"third")
    third = take(house, **place, moved_to="taken")
    assert (third.received, third.new) == (1, 1)
    assert names(there) == others | moved | {"taken/south.b1e99324.xlsx"}


def test_what_comes_again_by_another_way_is_known(
    house: House, place: dict[str, object], there: Path
) -> None:
    (house.site.inbox / "again.xlsx").write_bytes(b"first")
    process.keep(house, collect(house).received, house.moment())
    taken = take(house, **place)
    assert (taken.received, taken.new) == (2, 1)


def test_a_file_that_cannot_be_kept_stays_where_it_is(
    house: House, place: dict[str, object], there: Path
) -> None:
    before = names(there)
    take_in_vain(house, **place, moved_to="taken")
    assert names(there) == before


def test_a_file_that_is_being_written_is_left_and_taken_whole_the_next_time(
    house: House, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.site.settings = house.site.settings.model_copy(update={"quiet_seconds": 60})
    growing = there / "south.xlsx"
    monkeypatch.setattr("time.sleep", lambda _: growing.write_bytes(b"second half"))
    settings = {"name": "share", "kind": "folder", "path": there}
    first = take(house, **settings)
    assert [str(left) for left in first.left] == [
        "south.xlsx: it is still being written; the next time takes it"
    ]
    assert (first.received, first.new) == (1, 1)
    house.site.settings = house.site.settings.model_copy(update={"quiet_seconds": 0})
    second = take(house, **settings)
    assert (second.received, second.new, second.left) == (2, 1, [])


def test_what_somebody_has_to_put_right_is_told_with_what_to_do(
    house: House, there: Path, place: dict[str, object]
) -> None:
    (house.site.folder / "password").write_text("wrong")
    (house.site.folder / "known_hosts").write_text(_OTHER_KEY)
    told = {
        "folder": None,
        "store": None,
        "webdav": "check url, user and password",
        "sftp": "if the server was renewed, put its new key there",
    }[str(place["kind"])]
    if told is None:
        shutil.rmtree(there)
        told = "make or mount it, or correct its path"
    with pytest.raises(ChannelError, match=told):
        take(house, **place)
    assert kept(house) == []


def test_a_wrong_sftp_password_is_told_with_what_to_do(house: House, there: Path) -> None:
    (house.site.folder / "password").write_text("wrong")
    for settings in of_sftp(house, there):
        with pytest.raises(ChannelError, match="check user, password and key"):
            take(house, name="place", **settings)


@pytest.mark.parametrize("kind", [of_sftp, of_webdav])
def test_a_connection_that_is_cut_loses_nothing_and_may_be_tried_again(
    house: House, there: Path, kind: Callable[[House, Path], Iterator[dict[str, object]]]
) -> None:
    (there / "large.xlsx").write_bytes(bytes(1_000_000))
    os.utime(there / "large.xlsx", (2e9, 2e9))  # it is the last one
    known = house.site.folder / "known_hosts"
    known.touch()
    for settings in kind(house, there):
        own = int(str(settings.get("port") or urlsplit(str(settings["url"])).port))
        with wire_cut_after(50_000, own) as port:
            known.write_text(known.read_text().replace(str(own), str(port)))
            other = {"port": port} if "port" in settings else {"url": f"http://127.0.0.1:{port}/"}
            with pytest.raises(ConnectionError, match=r"127\.0\.0\.1"):
                take(house, **settings | other, name="place", moved_to="taken")
        assert [name for _, name, _ in kept(house)] == ["2021/北岸.xlsx", "south.xlsx"]
        assert "large.xlsx" in names(there)
        known.write_text(known.read_text().replace(str(port), str(own)))
        assert take(house, **settings, name="place", moved_to="taken").new == 1


def test_one_broken_channel_does_not_stop_the_others(house: House, there: Path) -> None:
    broken = {"name": "gone", "kind": "folder", "path": "/nowhere"}
    works = {"name": "share", "kind": "folder", "path": str(there)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIZONG_CHANNELS", json.dumps([broken, works]))
        settings = Site(house.site.folder).settings
    house.site.settings = settings
    inbox, gone, share = take_in_all(house, house.moment())
    assert (inbox.received, share.new) == (0, 2)
    assert gone.failure == (
        "there is no folder '/nowhere'; make or mount it, or correct its path in huizong.toml"
    )
