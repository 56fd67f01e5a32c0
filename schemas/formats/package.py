"""Packages: workbooks that are a ZIP file with parts inside (.xlsx, .xlsb, .ods)."""

import io
from collections.abc import Container, Mapping
from zipfile import BadZipFile, ZipFile

from schemas.errors import WorkbookError
from schemas.formats.limits import MOST_UNPACKED, too_large
from schemas.text import Text

_DECLARES = Text(
    zh="其中有XML实体声明，正常的工作簿没有这种内容",
    en="it declares XML entities, which no proper workbook does",
)


def open_package(content: bytes) -> ZipFile:
    """The parts of a package, none of which unpacks to more than it says.

    Raises WorkbookError where it is cut off, encrypted or too large.
    """
    try:
        package = ZipFile(io.BytesIO(content))
    except (BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        raise WorkbookError("file-truncated") from error
    if sum(entry.file_size for entry in package.infolist()) > MOST_UNPACKED:
        raise too_large()
    if any(entry.flag_bits & 1 for entry in package.infolist()):
        raise WorkbookError("file-encrypted")
    return package


def part(package: ZipFile, name: str) -> bytes:
    """The bytes of a part, no more than it says to have. Raises BadZipFile if there are others."""
    with package.open(name) as opened:
        return opened.read(package.getinfo(name).file_size)


def with_parts(package: ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """The package with other bytes in some of its parts, and nothing compressed: it is not kept."""
    target = io.BytesIO()
    with ZipFile(target, "w") as copy:
        for name in dict.fromkeys(package.namelist()):
            copy.writestr(name, changed[name] if name in changed else part(package, name))
    return target.getvalue()


def require_sound(package: ZipFile, but: Container[str]) -> None:
    """Refuse a package if any part, besides those named, is not what it says or has entities.

    Raises BadZipFile or WorkbookError.
    """
    for name in package.namelist():
        if name.endswith((".xml", ".bin", ".rels")) and name not in but:
            refuse_entities(part(package, name))


def refuse_entities(xml: bytes) -> None:
    """Raise WorkbookError where a part declares entities, which are for bombs and for spying."""
    if b"<!" in xml and (b"<!ENTITY" in xml or b"<!DOCTYPE" in xml):
        raise WorkbookError("file-unreadable", _DECLARES)
