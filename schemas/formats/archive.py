"""Archives in which several workbooks are sent at once.

.zip, .gz and .tar.gz are read by Python, .rar and .7z by libarchive. That is a library of the
operating system; where it is missing, such an archive is refused by name and all else works.
"""

import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from schemas.errors import WorkbookError
from schemas.formats.decode import decode
from schemas.formats.limits import MOST_UNPACKED, too_large
from schemas.text import Text

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_GZIP = b"\x1f\x8b\x08"
_BY_LIBARCHIVE = {
    b"Rar!\x1a\x07\x00": "rar",
    b"Rar!\x1a\x07\x01": "rar5",
    b"7z\xbc\xaf\x27\x1c": "7zip",
}
_GZIP_HEAD, _GZIP_NAMED = 10, 0x08
_MOST_FILES = 1_000
_DEEPEST = 3
_NO_FILES_OF_PEOPLE = (".", "~$", "__MACOSX", "Thumbs.db", "desktop.ini")
_PARTS = ("[Content_Types].xml", "_rels/", "xl/", "word/", "ppt/", "META-INF/", "mimetype")

_TOO_MANY = Text(zh="压缩包中的文件超过1000个", en="the archive holds more than 1000 files")
_TOO_DEEP = Text(zh="压缩包层层嵌套过深", en="archives lie in archives too deep")
_DAMAGED = Text(zh="压缩包已损坏或不完整", en="the archive is damaged or incomplete")
_METHOD = Text(
    zh="压缩包用了不常见的压缩方法；请用普通的zip方式重新压缩",
    en="the archive is packed by an unusual method; pack it as a plain .zip",
)
_NOT_HERE = Text(
    zh="这是rar或7z压缩包，本机不能解压；请改发.zip或直接发送工作簿",
    en="it is a rar or 7z archive, which cannot be unpacked here; send a .zip or the workbooks",
)


@dataclass(frozen=True)
class Packed:
    """A file of an archive; `name` has its folders, and the archives that it lies in."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Unpacked:
    """What could be taken out of an archive, and why not all of it could."""

    files: tuple[Packed, ...]
    problem: WorkbookError | None = None


def is_archive(content: bytes) -> bool:
    """Whether a file is an archive and not a document that is packed like one."""
    if not content.startswith(ZIP):
        return content.startswith((_GZIP, *_BY_LIBARCHIVE))
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return not any(name.startswith(_PARTS) for name in archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return False


def unpack(content: bytes) -> Unpacked:
    """The files in an archive, those of archives within it too; none if it is no archive."""
    files: list[Packed] = []
    try:
        for packed in _walk(content, "", 1, [MOST_UNPACKED]):
            files.append(packed)
            if len(files) > _MOST_FILES:
                raise WorkbookError("file-unreadable", _TOO_MANY)
    except WorkbookError as error:
        return Unpacked(tuple(files), error)
    return Unpacked(tuple(files))


def _walk(content: bytes, folder: str, depth: int, room: list[int]) -> Iterator[Packed]:
    """The files of an archive and of those in it; `room` is how many bytes may still come."""
    if depth > _DEEPEST:
        raise WorkbookError("file-unreadable", _TOO_DEEP)
    for name, packed in _entries(content)(content, room):
        if any(part.startswith(_NO_FILES_OF_PEOPLE) for part in PurePosixPath(name).parts):
            continue
        if is_archive(packed):
            yield from _walk(packed, f"{folder}{name}/", depth + 1, room)
        else:
            yield Packed(f"{folder}{name}", packed)


_Entries = Callable[[bytes, list[int]], Iterator[tuple[str, bytes]]]


def _entries(content: bytes) -> _Entries:
    if content.startswith(ZIP):
        return _zipped
    return _gzipped if content.startswith(_GZIP) else _by_libarchive


def _zipped(content: bytes, room: list[int]) -> Iterator[tuple[str, bytes]]:
    try:
        with _zip_with_names(content) as archive:
            for entry in archive.infolist():
                if entry.is_dir():
                    continue
                if entry.flag_bits & 1:
                    raise WorkbookError("file-encrypted")
                _take(room, entry.file_size)
                with archive.open(entry) as opened:
                    yield entry.filename, opened.read(entry.file_size)
    except NotImplementedError as error:
        raise WorkbookError("file-unreadable", _METHOD) from error
    except (BadZipFile, OSError, EOFError, ValueError, zlib.error) as error:
        raise WorkbookError("file-unreadable", _DAMAGED) from error


def _zip_with_names(content: bytes) -> ZipFile:
    """An archive whose names are in the encoding that they are in: Windows writes GBK."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return ZipFile(io.BytesIO(content), metadata_encoding=encoding)
        except UnicodeDecodeError:
            continue
    return ZipFile(io.BytesIO(content))


def _gzipped(content: bytes, room: list[int]) -> Iterator[tuple[str, bytes]]:
    """The one file in a .gz, or the files of a .tar.gz."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(content, room[0] + 1)
        _take(room, len(unpacked))
        if not unpacker.eof:
            raise WorkbookError("file-unreadable", _DAMAGED)
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            for entry in archive:
                if (opened := archive.extractfile(entry)) is not None:
                    yield entry.name, opened.read()
    except tarfile.ReadError:
        yield _gzip_name(content), unpacked
    except (zlib.error, tarfile.TarError, OSError, ValueError) as error:
        raise WorkbookError("file-unreadable", _DAMAGED) from error


def _gzip_name(content: bytes) -> str:
    """The name of the one file in a .gz; without one, what program packed it."""
    if not content[3] & _GZIP_NAMED:
        return "gzip"
    raw = content[_GZIP_HEAD:].partition(b"\0")[0]
    return decode(raw) or "gzip"


def _by_libarchive(content: bytes, room: list[int]) -> Iterator[tuple[str, bytes]]:
    if find_library("archive") is None:
        raise WorkbookError("file-unreadable", _NOT_HERE)
    import libarchive  # needs the library to be imported

    try:
        kind = next(name for magic, name in _BY_LIBARCHIVE.items() if content.startswith(magic))
        with libarchive.memory_reader(content, kind) as archive:
            for entry in archive:
                if entry.isfile:
                    blocks = []
                    for block in entry.get_blocks():
                        _take(room, len(block))
                        blocks.append(block)
                    yield entry.pathname, b"".join(blocks)
    except libarchive.exception.ArchiveError as error:
        encrypted = "ncrypt" in str(error) or "assphrase" in str(error)
        told = ("file-encrypted",) if encrypted else ("file-unreadable", _DAMAGED)
        raise WorkbookError(*told) from error


def _take(room: list[int], size: int) -> None:
    room[0] -= size
    if room[0] < 0:
        raise too_large()
