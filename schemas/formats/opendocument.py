"""OpenDocument spreadsheets: .ods, and .fods, which is the same in a single XML file."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from lxml import etree

from schemas.errors import WorkbookError
from schemas.formats.canvas import Canvas, Canvases
from schemas.formats.markup import moment_of, number_of, text_of, walk
from schemas.formats.package import open_package, part, refuse_entities
from schemas.grid import MOVED_POINT, CellError, PerCent, RawCell, Sheet, Shown

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE = f"{{{_NAMESPACE.format('table')}}}"
_OFFICE = f"{{{_NAMESPACE.format('office')}}}"
_TEXT = f"{{{_NAMESPACE.format('text')}}}"
_STYLE = f"{{{_NAMESPACE.format('style')}}}"
_ERROR_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_ROW, _COLUMN, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table-column", f"{_TABLE}table"
_STYLED, _EPOCH = f"{_STYLE}style", f"{_TABLE}null-date"
_PICTURE, _CHART = (f"{{{_NAMESPACE.format('drawing')}}}{name}" for name in ("image", "object"))
_BOOK = f"{_OFFICE}spreadsheet"
_OTHER_FILE = "'#"  # as in 'file:///home/a.ods'#Sheet1.A1
_COPY_OF_ANOTHER = "'"  # as in 'file:///home/a.ods'#Sheet1; no sheet's own name begins so
_COMMENT, _CREATOR = f"{_OFFICE}annotation", "{http://purl.org/dc/elements/1.1/}creator"
_HIDDEN = ("collapse", "filter")
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MOST_COLUMNS = 16_384
_NUMBER_AND_UNIT = re.compile(r"(?P<number>-?[\d,]*\.?\d+)\s*(?P<unit>[^\d\s]*)")
_MAGNITUDE = 9  # times as much is more than rounding makes of a number


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
        self._canvases = Canvases()
        self._hidden_styles: set[str | None] = set()
        self._others = 0  # tables that are no sheets, one in the other

    @property
    def _canvas(self) -> Canvas:
        return self._canvases.current

    def sheets(self, xml: bytes) -> Iterator[Sheet]:
        for event, element in walk(xml, _STYLED, _EPOCH, _SHEET, _COLUMN, _ROW, _PICTURE):
            match event, element.tag:
                case "end", str(tag) if tag == _STYLED:
                    self._style(element)
                case "end", str(tag) if tag == _EPOCH:
                    stated = element.get(f"{_TABLE}date-value", "")
                    self._canvases.epoch = date.fromisoformat(stated[: len("1904-01-01")])
                case "start", str(tag) if tag == _SHEET:
                    self._begin(element)
                case "end", str(tag) if tag == _SHEET:
                    yield from self._end()
                case "end", str() if not self._others:
                    self._put(element)

    def _begin(self, table: etree._Element) -> None:
        """Begin a sheet, or a table that is none: a chart's, or the copy of another workbook's."""
        name, parent = table.get(f"{_TABLE}name", ""), table.getparent()
        is_sheet = parent is not None and parent.tag == _BOOK
        if self._others or not is_sheet or name.startswith(_COPY_OF_ANOTHER):
            self._others += 1
        else:
            hidden = table.get(f"{_TABLE}style-name") in self._hidden_styles
            self._canvases.begin(name, hidden=hidden)

    def _end(self) -> Iterator[Sheet]:
        if self._others:
            self._others -= 1
        else:
            yield self._canvas.sheet()

    def _put(self, element: etree._Element) -> None:
        """Put what belongs to a sheet on it."""
        if element.tag == _COLUMN:
            self._columns(element)
        elif element.tag == _ROW:
            _put_row(self._canvas, element)
        else:
            before = element.getprevious()
            self._canvas.pictures += before is None or before.tag != _CHART

    def _style(self, style: etree._Element) -> None:
        if any(child.get(f"{_TABLE}display") == "false" for child in style):
            self._hidden_styles.add(style.get(f"{_STYLE}name"))

    def _columns(self, element: etree._Element) -> None:
        count = number_of(element.get(f"{_TABLE}number-columns-repeated"), 1)
        end = min(self._canvas.column + count, _MOST_COLUMNS)
        if element.get(f"{_TABLE}visibility") in _HIDDEN:
            self._canvas.hidden_columns |= set(range(self._canvas.column, end))
        self._canvas.column = end


def _put_row(canvas: Canvas, element: etree._Element) -> None:
    """Put a row on the canvas, and as many like it as it stands for."""
    row = canvas.row
    count = number_of(element.get(f"{_TABLE}number-rows-repeated"), 1)
    column = 0
    values: list[tuple[int, RawCell]] = []
    for cell in element.iterchildren(*_CELLS):
        repeated = number_of(cell.get(f"{_TABLE}number-columns-repeated"), 1)
        value = _value(cell) if cell.tag == _CELLS[0] else ""
        if _OTHER_FILE in cell.get(f"{_TABLE}formula", ""):
            canvas.linked.add((row, column))
        if value != "":
            canvas.require(row + count, column + repeated)
            values += [(column + ahead, value) for ahead in range(repeated)]
        for comment in cell.iterchildren(_COMMENT):
            author = comment.findtext(_CREATOR) or ""
            canvas.note(row, column, author, _text(comment))
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
    canvas.row = row + count


def _text(element: etree._Element) -> str:
    """The paragraphs of a cell or comment."""
    return "\n".join(text_of(p) for p in element.iterchildren(f"{_TEXT}p"))


def _value(cell: etree._Element) -> RawCell:
    text = _text(cell)
    if cell.get(_ERROR_TYPE) == "error":
        return CellError.ERROR
    match cell.get(f"{_OFFICE}value-type"):
        case "float" | "currency":
            return _as_shown(float(cell.get(f"{_OFFICE}value", "")), text)
        case "percentage":
            return PerCent(cell.get(f"{_OFFICE}value", ""))
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


def _as_shown(number: float, text: str) -> RawCell:
    """A number that its format shows with a unit, or as one of another magnitude."""
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        return number
    seen = float(match["number"].replace(",", ""))
    if seen and abs(number / seen) > _MAGNITUDE:
        return Shown(number, MOVED_POINT)
    return Shown(number, match["unit"]) if match["unit"] else number


def _duration(stated: str, text: str) -> RawCell:
    match = _DURATION.fullmatch(stated)
    if match is None:
        return text
    hours, minutes, seconds = map(int, match.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
