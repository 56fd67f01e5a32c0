"""OpenDocument spreadsheets: .ods, and .fods, which is the same in a single XML file."""

import re
from collections.abc import Iterator
from datetime import timedelta

from lxml import etree

from schemas.errors import WorkbookError
from schemas.formats.canvas import Canvas
from schemas.formats.limits import Room, require_sheets
from schemas.formats.markup import moment_of, number_of, text_of, walk
from schemas.formats.package import open_package, part, refuse_entities
from schemas.grid import CellError, RawCell, Sheet

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE = f"{{{_NAMESPACE.format('table')}}}"
_OFFICE = f"{{{_NAMESPACE.format('office')}}}"
_TEXT = f"{{{_NAMESPACE.format('text')}}}"
_STYLE = f"{{{_NAMESPACE.format('style')}}}"
_ERROR_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW, _COLUMN, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table-column", f"{_TABLE}table"
_STYLED = f"{_STYLE}style"
_HIDDEN = ("collapse", "filter")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MOST_COLUMNS = 16_384


def read_ods(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an .ods."""
    with open_package(content) as package:
        try:
            manifest = part(package, "META-INF/manifest.xml")
        except KeyError:
            manifest = b""
        if b"encryption-data" in manifest:
            raise WorkbookError("file-encrypted")
        return read_flat(part(package, "content.xml"))


def read_flat(xml: bytes) -> tuple[Sheet, ...]:
    """The sheets of a document's contents."""
    refuse_entities(xml)
    return tuple(_Reader().sheets(xml))


class _Reader:
    """Takes the elements of a document as they come: styles, then sheet by sheet its rows."""

    def __init__(self) -> None:
        self._room = Room()
        self._hidden_styles: set[str | None] = set()
        self._canvas = Canvas("", self._room)
        self._row = 0
        self._column = 0

    def sheets(self, xml: bytes) -> Iterator[Sheet]:
        count = 0
        for event, element in walk(xml, _STYLED, _SHEET, _COLUMN, _ROW):
            match event, element.tag:
                case "end", str(tag) if tag == _STYLED:
                    self._style(element)
                case "start", str(tag) if tag == _SHEET:
                    count += 1
                    require_sheets(count)
                    self._begin(element)
                case "end", str(tag) if tag == _COLUMN:
                    self._columns(element)
                case "end", str(tag) if tag == _ROW:
                    self._row += _put_row(self._canvas, self._row, element)
                case "end", str(tag) if tag == _SHEET:
                    yield self._canvas.sheet()

    def _style(self, style: etree._Element) -> None:
        if any(child.get(f"{_TABLE}display") == "false" for child in style):
            self._hidden_styles.add(style.get(f"{_STYLE}name"))

    def _begin(self, table: etree._Element) -> None:
        hidden = table.get(f"{_TABLE}style-name") in self._hidden_styles
        self._canvas = Canvas(table.get(f"{_TABLE}name", ""), self._room, hidden=hidden)
        self._row = self._column = 0

    def _columns(self, element: etree._Element) -> None:
        count = number_of(element.get(f"{_TABLE}number-columns-repeated"), 1)
        end = min(self._column + count, _MOST_COLUMNS)
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            self._canvas.hidden_columns |= set(range(self._column, end))
        self._column = end


def _put_row(canvas: Canvas, row: int, element: etree._Element) -> int:
    """Put a row on the canvas; how many rows it stands for."""
    count = number_of(element.get(f"{_TABLE}number-rows-repeated"), 1)
    column = 0
    values: list[tuple[int, RawCell]] = []
    for cell in element.iterchildren(*_CELLS):
        repeated = number_of(cell.get(f"{_TABLE}number-columns-repeated"), 1)
        value = _value(cell) if cell.tag == _CELLS[0] else ""
        if value != "":
            canvas.require(row + count, column + repeated)
            values += [(column + ahead, value) for ahead in range(repeated)]
        rows = number_of(cell.get(f"{_TABLE}number-rows-spanned"), 1)
        columns = number_of(cell.get(f"{_TABLE}number-columns-spanned"), 1)
        if rows > 1 or columns > 1:
            canvas.merge(row, column, rows, columns)
        column += repeated
    for repeated_row in range(row, row + count if values else row):
        for place, value in values:
            canvas.put(repeated_row, place, value)
    if values and element.get(f"{_TABLE}visibility") in _HIDDEN:
        canvas.hidden_rows |= set(range(row, row + count))
    return count


def _value(cell: etree._Element) -> RawCell:
    text = "\n".join(text_of(p) for p in cell.iterchildren(f"{_TEXT}p"))
    if cell.get(_ERROR_TYPE) == "error":
        return CellError.ERROR
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            return float(cell.get(f"{_OFFICE}value", ""))
        case "boolean":
            return cell.get(f"{_OFFICE}boolean-value") == "true"
        case "date":
            return moment_of(cell.get(f"{_OFFICE}date-value", ""))
        case "time":
            return _duration(cell.get(f"{_OFFICE}time-value", ""), text)
        case None if cell.get(f"{_TABLE}formula") and not text:
            return CellError.NOT_CALCULATED
        case _:
            return text


def _duration(stated: str, text: str) -> RawCell:
    match = _DURATION.fullmatch(stated)
    if match is None:
        return text
    hours, minutes, seconds = map(int, match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
