"""Where the box of a comment lies on its sheet: the corners in columns, rows and parts of them."""

from collections.abc import Callable
from struct import pack, unpack_from

from schemas.grid import Place
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.cells import COLUMNS, ROWS
from warehouse.publish.marks.biff.records import SheetRecords

_KEEP_SIZE = 3
_OF_COLUMN, _OF_ROW = 1024, 256  # parts in which places inside are counted
_PIXELS, _PADDING = 7, 5  # of a character, and of a column besides
_TWIPS = 15  # of a pixel
_USUAL_WIDTH, _USUAL_HEIGHT = 64, 17
_GAP = 12  # pixels between a cell and its comment
_HIDDEN_COLUMN, _HIDDEN_ROW = 1, 0x20


class Boxes:
    """The widths of the columns and the heights of the rows of a sheet, in pixels."""

    def __init__(self, sheet: SheetRecords) -> None:
        self._widths: dict[int, int] = {}
        self._heights: dict[int, int] = {}
        for _, (kind, data) in sheet.own():
            if kind == kinds.COLUMNS:
                first, last, width, _, options = unpack_from("<5H", data)
                pixels = 0 if options & _HIDDEN_COLUMN else width * _PIXELS // 256 + _PADDING
                self._widths |= dict.fromkeys(range(first, min(last + 1, COLUMNS)), pixels)
            elif kind == kinds.ROW:
                row, height = unpack_from("<H4xH", data)
                hidden = data[12] & _HIDDEN_ROW
                self._heights[row] = 0 if hidden else (height & 0x7FFF) // _TWIPS

    def anchor(self, place: Place, width: int, height: int) -> bytes:
        """The anchor of a box beside a cell, of so many pixels."""
        row, column = max(place[0] - 1, 0), min(place[1] + 1, COLUMNS - 2)
        left = min(_GAP * _OF_COLUMN // max(self._width(column), 1), _OF_COLUMN - 1)
        right = _reach(self._width, column, _GAP + width, COLUMNS, _OF_COLUMN)
        down = _reach(self._height, row, height, ROWS, _OF_ROW)
        return pack("<9H", _KEEP_SIZE, column, left, row, 0, *right, *down)

    def _width(self, column: int) -> int:
        return self._widths.get(column, _USUAL_WIDTH)

    def _height(self, row: int) -> int:
        return self._heights.get(row, _USUAL_HEIGHT)


def _reach(
    size: Callable[[int], int], first: int, pixels: int, count: int, parts: int
) -> tuple[int, int]:
    """The column or row in which so many pixels end, and in which part of it."""
    while pixels > size(first) and first < count - 1:
        pixels -= size(first)
        first += 1
    return first, min(parts * pixels // max(size(first), 1), parts - 1)
