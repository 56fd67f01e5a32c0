"""The cells of an .xlsb: records that every program reads, and those that few do."""

from collections.abc import Iterator
from struct import pack, unpack_from

from schemas.formats.biff12_records import joined, records, spans, string_at
from schemas.grid import MergedRange

RICH, MERGED = 62, 176
PLACED = frozenset((*range(1, 12), RICH))
"""Cells that state their column and style."""
FOLLOWING = {12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6, 18: 7}
"""Cells in the column behind the one before, which they do not state, as cells that state it."""

_ROW, _TEXT = 0, 6
_RARE = frozenset((*FOLLOWING, RICH))
_PLACE = 8  # bytes: column and style
_FLAGS = 1  # a byte before a text of many fonts


def merged_area(data: bytes) -> MergedRange:
    """The area of a record of merged cells. Raises struct.error where it is cut off."""
    top, bottom, left, right = unpack_from("<4I", data)
    return (top, left), (bottom, right)


def plain_cells(sheet: bytes) -> bytes:
    """The part of a sheet in which every cell states its column, and no text is of many fonts.

    That is mostly the part as it is. Some programs write other cells, which the native reader
    takes for none. Raises IndexError or struct.error where a record is cut off.
    """
    if _RARE.isdisjoint(kind for kind, _, _, _ in spans(sheet)):
        return sheet
    return joined(_plain(sheet))


def _plain(sheet: bytes) -> Iterator[tuple[int, bytes]]:
    column = -1
    for kind, data in records(sheet):
        if kind == _ROW:
            column = -1
        elif kind in PLACED:
            (column,) = unpack_from("<I", data)
        if kind in FOLLOWING:
            column += 1
            yield FOLLOWING[kind], pack("<I", column) + data
        elif kind == RICH:
            _, end = string_at(data, _PLACE + _FLAGS)
            yield _TEXT, data[:_PLACE] + data[_PLACE + _FLAGS : end]
        else:
            yield kind, data
