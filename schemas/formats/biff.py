"""What stands in the records of an .xls or .et that the native reader does not tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from struct import unpack_from

from schemas.formats.facts import SheetFacts
from schemas.grid import Place

_BOUND_SHEET, _EOF, _FILE_PASS, _BOF = 0x85, 0x0A, 0x2F, 0x809
_FORMULA, _BOOLEAN_OR_ERROR, _ROW, _COLUMNS = 0x06, 0x205, 0x208, 0x7D
_CODE_PAGE = 0x42
_BIFF8 = 0x600
WESTERN = "cp1252"
WESTERN_PAGE = 1252
_ENCODINGS = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "big5hkscs", 1251: "cp1251"}
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x1
_ERROR_RESULT = 2


def is_encrypted(stream: bytes) -> bool:
    """Whether what stands behind the head of a workbook is encrypted."""
    return any(kind == _FILE_PASS for kind, _, _ in _records(stream, 0))


@dataclass(frozen=True)
class CodePage:
    """The encoding of the texts of a workbook before Excel 97, and where the stream states it."""

    at: int
    encoding: str


def code_page(stream: bytes) -> CodePage | None:
    """The code page of a workbook; None from Excel 97 on, when texts are in Unicode."""
    for kind, start, _ in _records(stream, 0):
        if kind == _BOF and unpack_from("<H", stream, start)[0] == _BIFF8:
            return None
        if kind == _CODE_PAGE:
            return CodePage(start, _ENCODINGS.get(unpack_from("<H", stream, start)[0], WESTERN))
    return None


def sheet_facts(stream: bytes) -> Mapping[str, SheetFacts]:
    """The facts of each sheet by its name. Raises struct.error where records are cut off."""
    page = code_page(stream)
    found: dict[str, SheetFacts] = {}
    for kind, start, length in _records(stream, 0):
        if kind == _BOUND_SHEET:
            name = _sheet_name(stream[start + 6 : start + length], page)
            found[name] = _facts(stream, unpack_from("<I", stream, start)[0])
    return found


def _sheet_name(raw: bytes, page: CodePage | None) -> str:
    if page is not None:
        return raw[1 : 1 + raw[0]].decode(page.encoding, "replace")
    wide = raw[1] & 1
    return raw[2 : 2 + raw[0] * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """The records of a substream up to its end: kind, where its data starts, and their length."""
    while start + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, start)
        yield kind, start + 4, length
        if kind == _EOF:
            return
        start += 4 + length


@dataclass
class _Found:
    errors: set[Place] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def _facts(stream: bytes, start: int) -> SheetFacts:
    found = _Found()
    for kind, at, length in _records(stream, start):
        if kind == _BOOLEAN_OR_ERROR and length >= 8:
            if stream[at + 7]:
                found.errors.add(unpack_from("<HH", stream, at))
        elif kind == _FORMULA and length >= 14:
            # A result that is no number has FFFF at its end and its kind at its beginning.
            if stream[at + 12 : at + 14] == b"\xff\xff" and stream[at + 6] == _ERROR_RESULT:
                found.errors.add(unpack_from("<HH", stream, at))
        elif kind == _ROW and length >= 16:
            if unpack_from("<H", stream, at + 12)[0] & _HIDDEN_ROW:
                found.rows.add(unpack_from("<H", stream, at)[0])
        elif kind == _COLUMNS and length >= 10:
            first, last, _, _, options = unpack_from("<5H", stream, at)
            if options & _HIDDEN_COLUMN:
                found.columns |= set(range(first, last + 1))
    return SheetFacts(
        errors=frozenset(found.errors),
        hidden_rows=frozenset(found.rows),
        hidden_columns=frozenset(found.columns),
    )
