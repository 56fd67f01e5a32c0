"""XML spreadsheets of Excel 2003, which many report systems still export as .xls."""

from collections.abc import Iterator

from lxml import etree

from schemas.formats.canvas import Canvas
from schemas.formats.limits import Room, require_sheets
from schemas.formats.markup import moment_of, number_of, text_of, walk
from schemas.formats.package import refuse_entities
from schemas.grid import CellError, RawCell, Sheet

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_SHEET, _COLUMN, _ROW = f"{_SS}Worksheet", f"{_SS}Column", f"{_SS}Row"
_CELL, _DATA = f"{_SS}Cell", f"{_SS}Data"
_VISIBLE = "{urn:schemas-microsoft-com:office:excel}Visible"


def read_spreadsheetml(xml: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XML spreadsheet."""
    refuse_entities(xml)
    return tuple(_Reader().sheets(xml))


class _Reader:
    """Takes the elements as they come, sheet by sheet, row by row; places count from 0."""

    def __init__(self) -> None:
        self._room = Room()
        self._canvas = Canvas("", self._room)
        self._row = 0
        self._column = 0

    def sheets(self, xml: bytes) -> Iterator[Sheet]:
        count = 0
        for event, element in walk(xml, _SHEET, _COLUMN, _ROW, _VISIBLE):
            match event, element.tag:
                case "start", str(tag) if tag == _SHEET:
                    count += 1
                    require_sheets(count)
                    self._canvas = Canvas(element.get(f"{_SS}Name", ""), self._room)
                    self._row = self._column = 0
                case "end", str(tag) if tag == _COLUMN:
                    self._columns(element)
                case "end", str(tag) if tag == _ROW:
                    self._put_row(element)
                case "end", str(tag) if tag == _VISIBLE:
                    self._canvas.hidden = element.text in ("SheetHidden", "SheetVeryHidden")
                case "end", str(tag) if tag == _SHEET:
                    yield self._canvas.sheet()

    def _columns(self, element: etree._Element) -> None:
        first = number_of(element.get(f"{_SS}Index"), self._column + 1) - 1
        self._column = first + 1 + number_of(element.get(f"{_SS}Span"))
        if element.get(f"{_SS}Hidden") == "1":
            self._canvas.require(0, self._column)
            self._canvas.hidden_columns |= set(range(first, self._column))

    def _put_row(self, element: etree._Element) -> None:
        row = number_of(element.get(f"{_SS}Index"), self._row + 1) - 1
        if element.get(f"{_SS}Hidden") == "1":
            self._canvas.hidden_rows.add(row)
        column = 0
        for cell in element.iterchildren(_CELL):
            column = number_of(cell.get(f"{_SS}Index"), column + 1) - 1
            self._canvas.put(row, column, _value(cell))
            down, across = (number_of(cell.get(f"{_SS}Merge{way}")) for way in ("Down", "Across"))
            if down or across:
                self._canvas.merge(row, column, down + 1, across + 1)
            column += across + 1
        self._row = row + 1 + number_of(element.get(f"{_SS}Span"))


def _value(cell: etree._Element) -> RawCell:
    data = cell.find(_DATA)
    if data is None:
        return CellError.NOT_CALCULATED if cell.get(f"{_SS}Formula") else ""
    text = text_of(data)
    match data.get(f"{_SS}Type"):
        case "Number":
            return float(text)
        case "Boolean":
            return text == "1"
        case "DateTime":
            return moment_of(text)
        case "Error":
            return CellError.ERROR
        case _:
            return text
