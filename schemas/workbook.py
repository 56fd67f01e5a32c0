"""Bytes to a book: every cell of every sheet with its address, whatever the file is called.

The kind of a file is told by its content. What is not a readable workbook raises WorkbookError
with the code of the finding that says what to do.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from schemas.errors import WorkbookError
from schemas.ole import MAGIC, CompoundFile, DamagedError
from schemas.ooxml import SheetFacts, sheet_facts
from schemas.text import Text


class CellError(Enum):
    """A cell whose formula gives an error, such as #REF! or #DIV/0!."""

    ERROR = "error"


RawCell = int | float | str | bool | date | datetime | time | timedelta | CellError
"""A cell as stored; "" is blank. Numbers come as floats."""

MergedRange = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range, each (row, column) from 0."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells from A1 on, rows and columns counted from 0."""

    name: str
    hidden: bool
    rows: Sequence[Sequence[RawCell]]
    merged: Sequence[MergedRange] = field(repr=False)

    def cell(self, row: int, column: int) -> RawCell:
        """A cell, blank outside of what is filled."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order."""

    name: str
    sheets: tuple[Sheet, ...]


_MAX_UNPACKED = 300_000_000
_MAX_CELLS = 5_000_000
_ZIP = b"PK\x03\x04"

_WORD = Text(zh="Word文档", en="a Word document")
_POWERPOINT = Text(zh="PowerPoint演示文稿", en="a PowerPoint presentation")
_ARCHIVE = Text(zh="压缩包", en="a ZIP archive")
_OTHER_ARCHIVE = Text(zh="压缩包(rar、7z或gz)", en="an archive (rar, 7z or gz)")
_PDF = Text(zh="PDF文件", en="a PDF file")
_WEB_PAGE = Text(zh="网页", en="a web page")
_TEXT = Text(zh="文本文件", en="a text file")
_PICTURE = Text(zh="图片", en="a picture")
_UNKNOWN = Text(zh="无法识别的文件", en="a file of unknown kind")
_OTHER_OLE = Text(zh="其他Office文件", en="another Office file")

_BINARY = Text(zh="这是.xlsb格式的工作簿", en="it is a workbook in the .xlsb format")
_OPEN_DOCUMENT = Text(zh="这是.ods格式的工作簿", en="it is a workbook in the .ods format")
_TOO_LARGE = Text(zh="展开后过大", en="it is too large when unpacked")
_TOO_FAR = Text(
    zh="工作表“{sheet}”的内容延伸到第{row}行、第{column}列",
    en="the sheet {sheet} reaches to row {row}, column {column}",
)
_DAMAGED = Text(zh="文件内部结构已损坏", en="it is damaged inside")

_MAGICS = (
    (b"%PDF", _PDF),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"Rar!", _OTHER_ARCHIVE),
    (b"7z\xbc\xaf", _OTHER_ARCHIVE),
    (b"\x1f\x8b", _OTHER_ARCHIVE),
)
_HTML = re.compile(rb"\s*<(!doctype|html|head|body|table|meta|\?xml)", re.IGNORECASE)


def open_workbook(content: bytes, name: str) -> Book:
    """The cells of a workbook (.xlsx, .xlsm, .xls, .et) given as bytes.

    Raises WorkbookError: file-empty, file-truncated, file-not-workbook, file-encrypted or
    file-unreadable.
    """
    facts: dict[str, SheetFacts] = {}
    if not content.strip(b"\0 \t\r\n"):
        raise WorkbookError("file-empty")
    if content.startswith(_ZIP):
        facts = _examine_zip(content)
    elif content.startswith(MAGIC):
        _examine_ole(content)
    else:
        raise WorkbookError("file-not-workbook", _other_kind(content))
    return Book(name=name, sheets=_read(content, facts))


def _examine_zip(content: bytes) -> dict[str, SheetFacts]:
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            _refuse_other_packages(set(archive.namelist()))
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED:
                raise WorkbookError("file-unreadable", _TOO_LARGE)
            facts = sheet_facts(archive)
    except (BadZipFile, EOFError) as error:
        raise WorkbookError("file-truncated") from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted or oddly compressed parts
        raise WorkbookError("file-encrypted") from error
    except (OSError, ValueError) as error:
        raise WorkbookError("file-unreadable", _DAMAGED) from error
    for sheet, fact in facts.items():
        if fact.rows * fact.columns > _MAX_CELLS:
            where = {"sheet": sheet, "row": fact.rows, "column": fact.columns}
            told = Text(zh=_TOO_FAR.zh.format(**where), en=_TOO_FAR.en.format(**where))
            raise WorkbookError("file-unreadable", told)
    return facts


def _refuse_other_packages(parts: set[str]) -> None:
    if any(part.endswith("workbook.xml") for part in parts):
        return
    if any(part.endswith("workbook.bin") for part in parts):
        raise WorkbookError("file-unreadable", _BINARY)
    if "word/document.xml" in parts:
        raise WorkbookError("file-not-workbook", _WORD)
    if "ppt/presentation.xml" in parts:
        raise WorkbookError("file-not-workbook", _POWERPOINT)
    if "mimetype" in parts and "content.xml" in parts:
        raise WorkbookError("file-unreadable", _OPEN_DOCUMENT)
    raise WorkbookError("file-not-workbook", _ARCHIVE)


def _examine_ole(content: bytes) -> None:
    try:
        file = CompoundFile(content)
        streams = {name.casefold(): name for name in file.entries}
        if "encryptedpackage" in streams:
            raise WorkbookError("file-encrypted")
        for stream in ("workbook", "book"):
            if stream in streams:
                _refuse_password(file.stream(streams[stream]))
                return
    except DamagedError as error:
        raise WorkbookError("file-truncated") from error
    what = _OTHER_OLE
    if "worddocument" in streams:
        what = _WORD
    elif "powerpoint document" in streams:
        what = _POWERPOINT
    raise WorkbookError("file-not-workbook", what)


def _refuse_password(stream: bytes) -> None:
    """A FILEPASS record right behind the first one says that the rest is encrypted."""
    first_length = int.from_bytes(stream[2:4], "little")
    if stream[4 + first_length : 6 + first_length] == b"\x2f\x00":
        raise WorkbookError("file-encrypted")


def _other_kind(content: bytes) -> Text:
    for magic, kind in _MAGICS:
        if content.startswith(magic):
            return kind
    if _HTML.match(content.removeprefix(b"\xef\xbb\xbf")):
        return _WEB_PAGE
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(ord(character) < 32 and character not in "\t\r\n\f" for character in text):
            return _TEXT
    return _UNKNOWN


def _read(content: bytes, facts: dict[str, SheetFacts]) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return tuple(
                _sheet(book, meta.name, meta.visible is not SheetVisibleEnum.Visible, facts)
                for meta in book.sheets_metadata
            )
    except PasswordError as error:
        raise WorkbookError("file-encrypted") from error
    except (CalamineError, OSError, ValueError) as error:
        raise WorkbookError("file-unreadable", _DAMAGED) from error
    except BaseException as error:
        # A panic of the native reader is no Exception, and its class has no name to import.
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise WorkbookError("file-unreadable", _DAMAGED) from None


def _sheet(book: CalamineWorkbook, name: str, hidden: bool, facts: dict[str, SheetFacts]) -> Sheet:
    source = book.get_sheet_by_name(name)
    rows: list[list[RawCell]] = [list(row) for row in source.to_python(skip_empty_area=False)]
    for row, column in facts[name].errors if name in facts else ():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = CellError.ERROR
    return Sheet(name=name, hidden=hidden, rows=rows, merged=source.merged_cell_ranges or ())
