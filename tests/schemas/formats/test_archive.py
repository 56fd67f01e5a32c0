"""Archives: what is in them, under which names, and what is said of those that cannot be opened."""

import gzip
import io
import tarfile
from ctypes.util import find_library
from zipfile import ZipFile

import pytest

from schemas.errors import WorkbookError
from schemas.formats import archive
from schemas.formats.archive import is_archive, unpack
from schemas.workbook import open_workbook
from tests.schemas.formats.given import rar
from tests.schemas.test_workbook import zipped


def names(content: bytes) -> list[str]:
    unpacked = unpack(content)
    assert unpacked.problem is None
    return [file.name for file in unpacked.files]


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(WorkbookError) as raised:
        open_workbook(content, "报表.zip")
    return raised.value.code, raised.value.detail.en if raised.value.detail else ""


def test_the_files_of_an_archive_have_its_folders_in_their_names() -> None:
    inner = zipped({"隰县.xlsx": "2"})
    target = io.BytesIO()
    with ZipFile(target, "w") as made:
        made.writestr("2015/汾西县.xlsx", b"1")
        made.writestr("2015/其他.zip", inner)
        made.writestr("__MACOSX/._汾西县.xlsx", b"x")
        made.writestr("2015/~$汾西县.xlsx", b"x")
    assert names(target.getvalue()) == ["2015/汾西县.xlsx", "2015/其他.zip/隰县.xlsx"]
    assert refusal(target.getvalue()) == ("file-archive", "2")


def test_names_from_chinese_windows_are_in_gbk() -> None:
    raw = zipped({"ab.xlsx": "1"}).replace(b"ab", "县".encode("gbk"))
    assert names(raw) == ["县.xlsx"]


def test_a_rar_archive_is_unpacked_where_the_library_for_it_is_installed() -> None:
    content = rar("隰县/报表.xls", b"1")
    assert is_archive(content)
    if find_library("archive") is None:
        assert refusal(content)[0] == "file-unreadable"
        return
    (file,) = unpack(content).files
    assert (file.name, file.content) == ("隰县/报表.xls", b"1")


def test_a_7z_archive_is_unpacked_where_the_library_for_it_is_installed() -> None:
    if find_library("archive") is None:
        assert is_archive(b"7z\xbc\xaf\x27\x1c")
        return
    import libarchive

    blocks: list[bytes] = []

    def keep(block: bytes) -> int:
        blocks.append(bytes(block))
        return len(block)

    with libarchive.custom_writer(keep, "7zip") as writer:
        writer.add_file_from_memory("隰县/报表.xls", 3, b"abc")
    content = b"".join(blocks)
    (file,) = unpack(content).files
    assert (file.name, file.content) == ("隰县/报表.xls", b"abc")
    assert refusal(content[:-8]) == ("file-unreadable", "the archive is damaged or incomplete")


def test_one_file_in_a_gz_is_what_it_is() -> None:
    table = "甲,乙\n1,2\n".encode()
    target = io.BytesIO()
    with gzip.GzipFile("xixian.csv", "wb", fileobj=target) as packed:
        packed.write(table)
    for content, name in ((target.getvalue(), "xixian.csv"), (gzip.compress(table), "gzip")):
        (file,) = unpack(content).files
        assert (file.name, file.content) == (name, table)
    assert refusal(content[:-9]) == ("file-unreadable", "the archive is damaged or incomplete")


def test_the_files_of_a_tar_gz_are_unpacked() -> None:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as made:
        entry = tarfile.TarInfo("2015/隰县.csv")
        entry.size = 4
        made.addfile(entry, io.BytesIO(b"1,2\n"))
    assert names(target.getvalue()) == ["2015/隰县.csv"]


def test_without_the_library_a_rar_archive_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive, "find_library", lambda _: None)
    code, told = refusal(rar("a.xls", b"1"))
    assert code == "file-unreadable"
    assert "rar or 7z" in told


def test_an_archive_with_a_password_is_told() -> None:
    content = bytearray(zipped({"汾西县.xlsx": "1"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(content)) == ("file-encrypted", "")


def test_a_damaged_archive_gives_what_it_still_has_and_says_so() -> None:
    content = zipped({"a.csv": "1,2\n3,4\n", "b.csv": "5,6\n7,8\n"}).replace(b"5,6", b"9,9")
    unpacked = unpack(content)
    assert [file.name for file in unpacked.files] == ["a.csv"]
    assert unpacked.problem is not None
    assert refusal(content) == ("file-unreadable", "the archive is damaged or incomplete")


def test_archives_in_archives_end_somewhere() -> None:
    content = zipped({"a.csv": "1,2"})
    for _ in range(4):
        target = io.BytesIO()
        with ZipFile(target, "w") as made:
            made.writestr("inner.zip", content)
        content = target.getvalue()
    assert refusal(content) == ("file-unreadable", "archives lie in archives too deep")


def test_a_workbook_is_no_archive() -> None:
    assert not is_archive(zipped({"xl/workbook.xml": "<workbook>"}))
    assert not is_archive(b"PK\x03\x04")
