import os
from contextlib import nullcontext
from pathlib import Path

from fsspec.implementations.local import LocalFileSystem

from flows.channels.arrival import Item
from flows.channels.folder import channel
from flows.channels.place import Folder, Habits, Place
from schemas.filing import Received


def collect(folder: Path) -> list[Received]:
    arrivals = channel("folder", folder, Habits(0, same_clock=True)).arrivals()
    return [file for item in arrivals if isinstance(item, Item) for file in item.received]


def put(path: Path, content: bytes, seconds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (seconds, seconds))


def test_returns_come_oldest_first_then_by_name(tmp_path: Path) -> None:
    put(tmp_path / "2015" / "b.xlsx", b"b", 100)
    put(tmp_path / "a.xlsx", b"a", 200)
    put(tmp_path / "2015" / "a.xlsx", b"c", 100)
    assert [item.name for item in collect(tmp_path)] == ["2015/a.xlsx", "2015/b.xlsx", "a.xlsx"]


def test_lock_files_and_hidden_files_are_no_returns(tmp_path: Path) -> None:
    put(tmp_path / "~$汾西.xlsx", b"lock", 1)
    put(tmp_path / ".DS_Store", b"", 1)
    put(tmp_path / "汾西.xlsx", b"return", 1)
    assert [item.name for item in collect(tmp_path)] == ["汾西.xlsx"]


def test_a_name_from_a_chinese_archive_is_read_as_chinese(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "隰县.xlsx".encode("gb18030")
    with open(raw, "wb") as file:
        file.write(b"return")
    assert [item.name for item in collect(tmp_path)] == ["隰县.xlsx"]


def test_an_empty_file_is_kept_too(tmp_path: Path) -> None:
    put(tmp_path / "空.xlsx", b"", 1)
    (item,) = collect(tmp_path)
    assert (item.content, len(item.sha256)) == (b"", 64)


def test_what_windows_and_shares_put_there_is_no_return(tmp_path: Path) -> None:
    for name in ("Thumbs.db", "desktop.ini", "@eaDir/a.xlsx/thumb.jpg", "#recycle/b.xlsx"):
        put(tmp_path / name, b"none", 1)
    put(tmp_path / "@汇总" / "汾西.xlsx", b"return", 1)
    assert [item.name for item in collect(tmp_path)] == ["@汇总/汾西.xlsx"]


class _Guarded(LocalFileSystem):  # type: ignore[misc]
    """Root, as whom tests may run, reads everything: here the files of somebody else are closed."""

    def ls(self, path: str, *args: object, **kwargs: object) -> list[object]:
        if path.endswith("lost+found"):
            raise PermissionError(path)
        listed: list[object] = super().ls(path, *args, **kwargs)
        return listed

    def cat_file(self, path: str, *args: object, **kwargs: object) -> bytes:
        if path.endswith("locked.xlsx"):
            raise PermissionError(path)
        content: bytes = super().cat_file(path, *args, **kwargs)
        return content


def test_the_lost_and_found_of_a_disk_which_only_root_may_list_holds_up_nothing(
    tmp_path: Path,
) -> None:
    put(tmp_path / "lost+found" / "x", b"lost", 1)
    put(tmp_path / "open.xlsx", b"open", 2)
    folder = Folder(_Guarded(), tmp_path.as_posix())
    (item,) = Place("folder", lambda: nullcontext(folder), Habits(0, same_clock=True)).arrivals()
    assert isinstance(item, Item)
    assert item.received[0].content == b"open"


def test_a_file_that_may_not_be_read_holds_back_no_other(tmp_path: Path) -> None:
    put(tmp_path / "locked.xlsx", b"locked", 1)
    put(tmp_path / "open.xlsx", b"open", 2)
    folder = Folder(_Guarded(), tmp_path.as_posix())
    place = Place("folder", lambda: nullcontext(folder), Habits(0, same_clock=True))
    left, item = place.arrivals()
    assert str(left).startswith("locked.xlsx: it may not be read; let the user who runs huizong")
    assert isinstance(item, Item)
    assert item.received[0].content == b"open"
