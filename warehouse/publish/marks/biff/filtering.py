"""A filter on the headings of a sheet: its arrows, and the hidden name by which Excel knows it."""

from struct import pack, unpack_from

from warehouse.publish.marks.biff import escher, kinds
from warehouse.publish.marks.biff.cells import behind_cells
from warehouse.publish.marks.biff.drawing import Drawing, Sort
from warehouse.publish.marks.biff.drawing_group import DrawingGroup
from warehouse.publish.marks.biff.records import Record, SheetRecords, Stream
from warehouse.publish.marks.biff.references import References
from warehouse.publish.marks.review_rows import Area

_LOOKS = (
    (0x7F, 0x01040104),  # it cannot be taken hold of
    (0xBF, 0x80008),
    (0x1BF, 0x10000),
    (0x1FF, 0x80000),
    (0x3BF, 0xA0000),  # it is not printed
)
_SCROLLING = pack("<2H4x8H", 0x0C, 20, 0, 0, 100, 1, 10, 0, 16, 1)
# A list that a filter fills, and which drops down: eight lines high, and wider than its arrow.
_LIST = pack("<2H8H", 0x13, 0x1FEE, 0, 0, 1, 0x0301, 0, 2, 8, 87)
_ARROW = Sort(201, escher.options(_LOOKS), 0x14, 0x2101, _SCROLLING + _LIST)
_MOVES_WITH_ITS_CELL = 1

_HIDDEN_AND_BUILT_IN, _OF_FILTER, _AREA = 0x21, 0x0D, 0x3B


def put_filter(stream: Stream, sheet: SheetRecords, area: Area, group: DrawingGroup) -> None:
    """Put a filter on a sheet in front that has none; the first row of the area has the arrows.

    Raises UnusualError where nothing can be drawn.
    """
    columns = range(area.left, area.right + 1)
    extent = next(n for n, (kind, _) in sheet.own() if kind == kinds.DIMENSIONS)
    sheet.records.insert(extent, (kinds.FILTERED, pack("<H", len(columns))))
    drawing = Drawing(sheet, behind_cells(sheet), group)
    for column in columns:
        corners = (column, 0, area.top, 0, column + 1, 0, area.top + 1, 0)
        drawing.add(_ARROW, pack("<9H", _MOVES_WITH_ITS_CELL, *corners), [])
    sheet.records[drawing.start : drawing.end] = drawing.records()
    _name(stream, area)


def _name(stream: Stream, area: Area) -> None:
    """Let the name of the filter of the first sheet stand for an area; formulas count names."""
    sheets = References(stream).number_of(0)
    formula = pack("<B5H", _AREA, sheets, *area)
    own = (_HIDDEN_AND_BUILT_IN, 0, 1, len(formula), 0, 1)
    record: Record = (kinds.NAME, pack("<H2B3H4x2B", *own, 0, _OF_FILTER) + formula)
    for number, (kind, data) in enumerate(stream.head):
        if kind == kinds.NAME and _is_of_filter(data):
            stream.head[number] = record
            return
    place = stream.last(*kinds.NAMES) or stream.last(kinds.EXTERN_SHEET)
    while stream.head[place][0] == kinds.CONTINUE:
        place += 1
    stream.head.insert(place, record)


def _is_of_filter(name: bytes) -> bool:
    """Whether a name is that of the filter of the first sheet."""
    options, _, length, _, _, sheet = unpack_from("<H2B3H", name)
    return (length, sheet, name[15]) == (1, 1, _OF_FILTER) and options & 0x20 != 0
