"""Cells of an .xls or .et whose formula begins with a look into another workbook."""

from collections.abc import Iterator
from struct import unpack_from

from schemas.formats.biff_records import records
from schemas.grid import Place

_BOOK, _SHEETS, _FORMULA = 0x1AE, 0x17, 0x06
_OWN = (0x0401, 0x3A01)  # this workbook, and functions that were added to Excel
_REFERENCES = (0x3A, 0x5A, 0x7A, 0x3B, 0x5B, 0x7B)  # to a cell or an area of a named sheet
_TOKENS = 22  # where a formula begins in its record


def linked_cells(stream: bytes, start: int) -> Iterator[Place]:
    """The cells of the sheet that starts at a place; none before Excel 97."""
    elsewhere = frozenset(_sheets_elsewhere(stream))
    for kind, at, length in records(stream, start) if elsewhere else ():
        if kind != _FORMULA or length < _TOKENS + 3 or stream[at + _TOKENS] not in _REFERENCES:
            continue
        if unpack_from("<H", stream, at + _TOKENS + 1)[0] in elsewhere:
            row, column = unpack_from("<2H", stream, at)
            yield row, column


def _sheets_elsewhere(stream: bytes) -> Iterator[int]:
    """The numbers by which formulas name sheets of other workbooks."""
    others: list[bool] = []
    for kind, at, length in records(stream, 0):
        if kind == _BOOK and length >= 4:
            others.append(unpack_from("<H", stream, at + 2)[0] not in _OWN)
        elif kind == _SHEETS and length >= 2:
            for number in range((length - 2) // 6):
                book = unpack_from("<H", stream, at + 2 + 6 * number)[0]
                if book < len(others) and others[book]:
                    yield number
