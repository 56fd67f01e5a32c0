"""The one door from bytes to a book: every cell of every sheet with its address.

The kind of a file is told by its content, whatever it is called. What is not a readable workbook
raises WorkbookError with the code of the finding that says what to do.
"""

import io
from zipfile import BadZipFile, ZipFile

from python_calamine import PasswordError

from schemas.errors import WorkbookError
from schemas.formats.archive import ZIP, is_archive, unpack
from schemas.formats.compound import read_xls, without_password
from schemas.formats.decode import decode
from schemas.formats.delimited import delimiter_of, read_delimited
from schemas.formats.limits import MOST_UNPACKED, too_large
from schemas.formats.ole import MAGIC
from schemas.formats.ooxml import read_ooxml
from schemas.formats.opendocument import read_flat, read_ods
from schemas.formats.refused import POWERPOINT, TEXT, UNKNOWN, WEB_PAGE, WORD, named_by_magic
from schemas.formats.spreadsheetml import NAMESPACE, read_spreadsheetml
from schemas.formats.web_page import holds_table, read_web_archive, read_web_page
from schemas.formats.xlsb import read_xlsb
from schemas.grid import Book, CellError, MergedRange, PerCent, RawCell, Sheet, Shown
from schemas.text import Text

__all__ = [
    "Book",
    "CellError",
    "MergedRange",
    "PerCent",
    "RawCell",
    "Sheet",
    "Shown",
    "open_workbook",
]

_DAMAGED = Text(zh="文件内部结构已损坏", en="it is damaged inside")
_NO_SHEETS = Text(zh="工作簿中没有任何工作表", en="there is no worksheet in it")
_FLAT_ODS = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_HEAD = 4096


def open_workbook(content: bytes, name: str) -> Book:
    """The cells of a workbook of any kind given as bytes.

    Raises WorkbookError: file-empty, file-picture, file-truncated, file-not-workbook,
    file-encrypted, file-unreadable, or file-archive where it is an archive of files to be read one
    by one.
    """
    try:
        sheets = _sheets(content)
    except WorkbookError:
        raise
    except PasswordError as error:
        raise WorkbookError("file-encrypted") from error
    except MemoryError as error:
        raise too_large() from error
    except Exception as error:  # nobody vouches for these bytes, nor for what they do to a reader
        raise WorkbookError("file-unreadable", _DAMAGED) from error
    except BaseException as error:
        # A panic of the native reader is no Exception, and its class has no name to import.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise WorkbookError("file-unreadable", _DAMAGED) from None
    if not sheets:
        raise WorkbookError("file-unreadable", _NO_SHEETS)
    if all(cell == "" for sheet in sheets for row in sheet.rows for cell in row):
        raise WorkbookError("file-picture" if any(s.pictures for s in sheets) else "file-empty")
    return Book(name=name, sheets=sheets)


def _sheets(content: bytes) -> tuple[Sheet, ...]:
    if not content.strip(b"\0 \t\r\n"):
        raise WorkbookError("file-empty")
    if len(content) > MOST_UNPACKED:
        raise too_large()
    if is_archive(content):
        raise _archive(content)
    if content.startswith(ZIP):
        return _package(content)
    if content.startswith(MAGIC):
        opened = without_password(content)
        return read_xls(opened) if opened.startswith(MAGIC) else _package(opened)
    if kind := named_by_magic(content):
        raise WorkbookError("file-not-workbook", kind)
    return _text(content)


def _archive(content: bytes) -> WorkbookError:
    unpacked = unpack(content)
    if unpacked.problem is not None:
        return unpacked.problem
    count = str(len(unpacked.files))
    return WorkbookError("file-archive", Text(zh=count, en=count))


def _package(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of what is packed like an archive and is none."""
    try:
        with ZipFile(io.BytesIO(content)) as package:
            parts = package.namelist()
    except (BadZipFile, EOFError) as error:
        raise WorkbookError("file-truncated") from error
    if any(part.endswith("workbook.bin") for part in parts):
        return read_xlsb(content)
    if any(part.endswith("workbook.xml") for part in parts):
        return read_ooxml(content)
    if "word/document.xml" in parts:
        raise WorkbookError("file-not-workbook", WORD)
    if "ppt/presentation.xml" in parts:
        raise WorkbookError("file-not-workbook", POWERPOINT)
    return read_ods(content)


def _text(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of a file of text, which may be a table all the same."""
    text = decode(content)
    if text is None:
        raise WorkbookError("file-not-workbook", UNKNOWN)
    head = text[:_HEAD].lstrip().casefold()
    if NAMESPACE in head:
        return read_spreadsheetml(_as_utf8(text))
    if head.startswith("<?xml") and _FLAT_ODS in head:
        return read_flat(_as_utf8(text))
    if head.startswith("mime-version:"):
        return read_web_archive(content)
    if head.startswith("<"):
        if holds_table(text):
            return read_web_page(text)
        raise WorkbookError("file-not-workbook", WEB_PAGE)
    delimiter = delimiter_of(text)
    if delimiter is None:
        raise WorkbookError("file-not-workbook", TEXT)
    return read_delimited(text, delimiter)


def _as_utf8(xml: str) -> bytes:
    """XML in UTF-8 without the declaration, which may state another encoding."""
    declaration = xml.find("?>") + 2 if xml.lstrip().startswith("<?xml") else 0
    return xml[declaration:].strip().encode()
