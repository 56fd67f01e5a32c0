"""Binary workbooks (.xlsb): which cells hold an error and what is hidden, from their records."""

from collections.abc import Iterator
from struct import unpack_from
from zipfile import ZipFile

from schemas.formats.facts import SheetFacts
from schemas.formats.native import read_native
from schemas.formats.package import open_package, part, require_sound
from schemas.formats.relations import targets, workbook_part
from schemas.grid import Place, Sheet

_ROW, _CELL_ERROR, _FORMULA_ERROR, _COLUMNS, _SHEET = 0, 3, 11, 60, 156
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01
_MOST_COLUMNS = 16_384


def read_xlsb(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .xlsb."""
    with open_package(content) as package:
        parts = dict(_sheet_parts(package))
        require_sound(package, but=parts.values())
        facts = {name: _facts(part(package, path)) for name, path in parts.items()}
    return read_native(content, facts)


def _sheet_parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    workbook = workbook_part(package)
    if workbook not in package.namelist():
        return
    parts = targets(package, workbook)
    for kind, data in _records(part(package, workbook)):
        if kind == _SHEET:
            relation, after = _string(data, 8)
            name, _ = _string(data, after)
            if parts.get(relation) in package.namelist():
                yield name, parts[relation]


def _string(data: bytes, at: int) -> tuple[str, int]:
    """A counted string of UTF-16 and where it ends."""
    end = at + 4 + 2 * int(unpack_from("<I", data, at)[0])
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and data, both after numbers of seven bits a byte."""
    at = 0
    while at < len(stream):
        kind = stream[at]
        if kind & 0x80:
            kind, at = (kind & 0x7F) | (stream[at + 1] & 0x7F) << 7, at + 1
        length = shift = 0
        while True:
            at += 1
            length |= (stream[at] & 0x7F) << shift
            shift += 7
            if not stream[at] & 0x80 or shift >= 28:
                break
        yield kind, stream[at + 1 : at + 1 + length]
        at += 1 + length


def _facts(stream: bytes) -> SheetFacts:
    row = 0
    errors: set[Place] = set()
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    for kind, data in _records(stream):
        if kind == _ROW and len(data) >= 12:
            row = unpack_from("<I", data)[0]
            if data[11] & _HIDDEN_ROW:
                hidden_rows.add(row)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR) and len(data) >= 4:
            errors.add((row, unpack_from("<I", data)[0]))
        elif kind == _COLUMNS and len(data) > 16 and data[16] & _HIDDEN_COLUMN:
            first, last = unpack_from("<II", data)
            hidden_columns |= set(range(first, min(last + 1, _MOST_COLUMNS)))
    return SheetFacts(
        errors=frozenset(errors),
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )
