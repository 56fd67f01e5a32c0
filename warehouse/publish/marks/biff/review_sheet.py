"""The sheet in front of a marked .xls that lists what was found in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.cells import ROWS
from warehouse.publish.marks.biff.records import Record, SheetRecords
from warehouse.publish.marks.biff.strings import Texts
from warehouse.publish.marks.biff.styles import PLAIN
from warehouse.publish.marks.marking import HEADING_ROW
from warehouse.publish.marks.review_rows import ReviewRows
from warehouse.publish.sheets import A3

_VERSION, _WORKSHEET, _BUILD, _YEAR = 0x0600, 0x0010, 0x0DBB, 0x07CC
_TWIPS, _WIDTH_UNITS, _HIDDEN = 20, 256, 1
_ROW_OF_OWN_HEIGHT = 0x0140
_FIT_TO_WIDTH, _MARGIN = 0x05C1, 0.5
_FROZEN_WITHOUT_GRID, _HEADER_COLOUR = 0x07BC, 64
_TOP, _BELOW = 3, 2  # the halves of a sheet whose first rows are frozen
_LINK_CLASS = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b")
_LINK_VERSION, _TO_A_CELL = 2, 8
_USUAL_WIDTH, _MARGINS, _SETUP, _SHEET_OPTIONS, _LINK = 0x55, range(0x26, 0x2A), 0xA1, 0x81, 0x1B8
_BLOCK = 32

_PRINTING: tuple[Record, ...] = (
    (_SHEET_OPTIONS, pack("<H", _FIT_TO_WIDTH)),
    *((side, pack("<d", _MARGIN)) for side in _MARGINS),
    # A3 across, as wide as one page and as high as it takes
    (_SETUP, pack("<8H2dH", A3, 100, 1, 1, 0, 0, 600, 600, _MARGIN, _MARGIN, 1)),
)
_VIEW: tuple[Record, ...] = (
    (kinds.SHEET_WINDOW, pack("<4H5H", _FROZEN_WITHOUT_GRID, 0, 0, _HEADER_COLOUR, *[0] * 5)),
    (kinds.PANE, pack("<4HBB", 0, HEADING_ROW, HEADING_ROW, 0, _BELOW, 0)),
    *(
        (kinds.SELECTION, pack("<B6HBB", half, row, 0, 0, 1, row, row, 0, 0))
        for half, row in ((_TOP, 0), (_BELOW, HEADING_ROW))
    ),
)


@dataclass(frozen=True)
class ReviewSheet:
    """A review, whose texts are added to those of the workbook."""

    told: ReviewRows
    texts: Texts

    def made(self, windows: int) -> SheetRecords:
        """The sheet, with a view of it for each window of the workbook.

        Raises CannotMark where it has more rows than a sheet.
        """
        self.told.require_room(ROWS)
        name, (_, bottom, _, right) = self.told.review.name, self.told.filtered
        records = [
            (kinds.BOF, pack("<4H2I", _VERSION, _WORKSHEET, _BUILD, _YEAR, 0, 6)),
            *_PRINTING,
            (_USUAL_WIDTH, pack("<H", 8)),
            *self._widths(),
            (kinds.DIMENSIONS, pack("<2I3H", 0, bottom + 1, 0, right + 1, 0)),
            *self._rows(),
            *(_VIEW * windows),
            *self._links(),
            (kinds.EOF, b""),
        ]
        return SheetRecords(pack("<4B", 0, 0, len(name), 1) + name.encode("utf-16-le"), records)

    def _widths(self) -> Iterator[Record]:
        for number, column in enumerate(self.told.review.columns):
            yield kinds.COLUMNS, _columns(number, column.width, 0)
        yield kinds.COLUMNS, _columns(len(self.told.review.columns), 8, _HIDDEN)

    def _rows(self) -> Iterator[Record]:
        """Rows and cells by turns, of so many rows each, as Excel writes them."""
        rows = list(self.told.rows)
        for first in range(0, len(rows), _BLOCK):
            block = range(first, min(first + _BLOCK, len(rows)))
            for row in block:
                size = (0, len(self.told.review.columns) + 1, round(rows[row].height * _TWIPS))
                yield kinds.ROW, pack("<8H", row, *size, 0, 0, _ROW_OF_OWN_HEIGHT, PLAIN)
            for row in block:
                for column, (style, value) in enumerate(rows[row].cells):
                    yield self._cell(row, column, style, value)

    def _cell(self, row: int, column: int, style: int, value: str | int) -> Record:
        place = pack("<3H", row, column, style)
        if isinstance(value, int):
            return kinds.NUMBER, place + pack("<d", value)
        if not value:
            return kinds.BLANK, place
        return kinds.SHARED_TEXT, place + pack("<I", self.texts.used(value))

    def _links(self) -> Iterator[Record]:
        for row, column, leads_to in self.told.links:
            place = f"{leads_to}\0"
            data = pack("<4H", row, row, column, column) + _LINK_CLASS
            data += pack("<3I", _LINK_VERSION, _TO_A_CELL, len(place))
            yield _LINK, data + place.encode("utf-16-le")


def _columns(number: int, width: int, options: int) -> bytes:
    return pack("<6H", number, number, width * _WIDTH_UNITS, PLAIN, options, 0)
