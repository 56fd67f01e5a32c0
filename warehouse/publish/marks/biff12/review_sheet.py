"""The part of the sheet in front of a marked .xlsb that lists what was found in it."""

from collections.abc import Iterator
from struct import pack

from schemas.formats.biff12_records import joined
from warehouse.publish.marks.biff12 import kinds
from warehouse.publish.marks.biff12.cells import PLAIN, ROWS
from warehouse.publish.marks.biff12.records import NOTHING, Record, text
from warehouse.publish.marks.biff12.strings import Texts
from warehouse.publish.marks.marking import HEADING_ROW
from warehouse.publish.marks.review_rows import ReviewRow, ReviewRows
from warehouse.publish.sheets import A3

_FIT_TO_PAGE, _AUTOMATIC, _NOWHERE = 0x05C9, 64, -1
_SELECTED_WITHOUT_GRID = 0x03D8
_BELOW, _FROZEN = 2, 3
_TWIPS, _WIDTH_UNITS = 20, 256
_HIDDEN, _OWN_WIDTH, _OWN_HEIGHT = 0x1, 0x2, 0x20
_USUAL_WIDTH, _USUAL_HEIGHT = 8, 300
_MARGINS = (0.5, 0.5, 0.6, 0.6, 0.3, 0.3)  # inches: left, right, top, bottom, header, footer
_LANDSCAPE = 0x2
_DOTS = 600


class ReviewSheet:
    """A review as a part. Raises CannotMark where it has more rows than a sheet."""

    def __init__(self, told: ReviewRows, texts: Texts) -> None:
        self._told, self._texts = told, texts
        self._columns = told.review.columns
        told.require_room(ROWS)

    def part(self) -> bytes:
        """The bytes of the part."""
        return joined(
            (
                (kinds.WORKSHEET, b""),
                (kinds.PROPERTIES, _properties()),
                (kinds.EXTENT, pack("<4I", 0, *self._told.filtered[1:])),
                *_view(),
                (kinds.USUAL_SIZE, pack("<I4H", 0xFFFFFFFF, _USUAL_WIDTH, _USUAL_HEIGHT, 0, 0)),
                *self._widths(),
                (kinds.CELLS, b""),
                *(r for n, row in enumerate(self._told.rows) for r in self._row(n, row)),
                (kinds.CELLS_END, b""),
                (kinds.FILTER, pack("<4I", *self._told.filtered)),
                (kinds.FILTER_END, b""),
                *(_link(*link) for link in self._told.links),
                (kinds.MARGINS, pack("<6d", *_MARGINS)),
                # A3 across, as wide as one page and as high as it takes
                (kinds.PAGE, pack("<8IH", A3, 100, _DOTS, _DOTS, 1, 1, 1, 0, _LANDSCAPE) + NOTHING),
                (kinds.WORKSHEET_END, b""),
            )
        )

    def _widths(self) -> Iterator[Record]:
        yield kinds.COLUMNS, b""
        for number, column in enumerate(self._columns):
            yield kinds.COLUMN, _column(number, column.width, _OWN_WIDTH)
        yield kinds.COLUMN, _column(len(self._columns), _USUAL_WIDTH, _OWN_WIDTH | _HIDDEN)
        yield kinds.COLUMNS_END, b""

    def _row(self, number: int, row: ReviewRow) -> Iterator[Record]:
        reach = (0, len(row.cells) - 1)
        size = (round(row.height * _TWIPS), 0, _OWN_HEIGHT, 0)
        yield kinds.ROW, pack("<2IH3B3I", number, PLAIN, *size, 1, *reach)
        for column, (style, value) in enumerate(row.cells):
            place = pack("<2I", column, style)
            if isinstance(value, int):
                yield kinds.NUMBER, place + pack("<d", value)
            elif value:
                yield kinds.TEXT, place + pack("<I", self._texts.used(value))
            else:
                yield kinds.BLANK, place


def _properties() -> bytes:
    """The properties of a sheet that is printed as wide as a page: no colour of its tab, no name
    for macros.
    """
    flags = _FIT_TO_PAGE.to_bytes(2, "little") + b"\x02"
    return flags + pack("<2BH4B2i", 0, _AUTOMATIC, 0, 0, 0, 0, 0, _NOWHERE, _NOWHERE) + text("")


def _view() -> Iterator[Record]:
    """How the sheet is shown: alone selected, its head in view wherever people are."""
    yield kinds.VIEWS, b""
    shown = pack("<H3I2BH4HI", _SELECTED_WITHOUT_GRID, 0, 0, 0, _AUTOMATIC, 0, 0, 100, 0, 0, 0, 0)
    yield kinds.VIEW, shown
    yield kinds.PANE, pack("<2d3IB", 0, HEADING_ROW, HEADING_ROW, 0, _BELOW, _FROZEN)
    at = (HEADING_ROW, HEADING_ROW, 0, 0)
    yield kinds.SELECTION, pack("<5I4I", _BELOW, HEADING_ROW, 0, 0, 1, *at)
    yield kinds.VIEW_END, b""
    yield kinds.VIEWS_END, b""


def _column(number: int, width: int, options: int) -> bytes:
    return pack("<4IH", number, number, width * _WIDTH_UNITS, PLAIN, options)


def _link(row: int, column: int, place: str) -> Record:
    where = pack("<4I", row, row, column, column)
    return kinds.LINK, where + text("") + text(place) + text("") + text("")
