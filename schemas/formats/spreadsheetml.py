"""XML spreadsheets of Excel 2003, which many report systems still export as .xls."""

import re
from collections.abc import Iterator

from lxml import etree

from schemas.dates import EPOCH_1904
from schemas.formats.canvas import Canvas, Canvases
from schemas.formats.markup import moment_of, number_of, text_of, walk
from schemas.formats.number_format import shows_per_cent, unit_shown
from schemas.formats.package import refuse_entities
from schemas.grid import CellError, PerCent, RawCell, Sheet, Shown

NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{NAMESPACE}}}"
_SHEET, _COLUMN, _ROW = f"{_SS}Worksheet", f"{_SS}Column", f"{_SS}Row"
_CELL, _DATA, _COMMENT = f"{_SS}Cell", f"{_SS}Data", f"{_SS}Comment"
_STYLE, _STYLE_ID, _FORMAT = f"{_SS}Style", f"{_SS}StyleID", f"{_SS}NumberFormat"
_VISIBLE, _FROM_1904 = (
    f"{{urn:schemas-microsoft-com:office:excel}}{name}" for name in ("Visible", "Date1904")
)
_OTHER_FILE = re.compile(r"\[[^\]]*\.\w+\]")  # [吉县.xls]Sheet1!R1C1, and not the [-1] of R[-1]C
_PER_CENT = "Percent"  # the name of the format 0.00%


def read_spreadsheetml(xml: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XML spreadsheet."""
    refuse_entities(xml)
    return tuple(_Reader().sheets(xml))


class _Reader:
    """Takes the elements as they come: styles, then sheet by sheet, row by row, from 0."""

    def __init__(self) -> None:
        self._canvases = Canvases()
        self._per_cent: set[str | None] = set()
        self._units: dict[str | None, str] = {}
        self._of_columns: dict[int, str | None] = {}

    @property
    def _canvas(self) -> Canvas:
        return self._canvases.current

    def sheets(self, xml: bytes) -> Iterator[Sheet]:
        for event, element in walk(xml, _FROM_1904, _STYLE, _SHEET, _COLUMN, _ROW, _VISIBLE):
            match event, element.tag:
                case "end", str(tag) if tag == _FROM_1904:
                    self._canvases.epoch = EPOCH_1904
                case "end", str(tag) if tag == _STYLE:
                    self._style(element)
                case "start", str(tag) if tag == _SHEET:
                    self._canvases.begin(element.get(f"{_SS}Name", ""))
                    self._of_columns = {}
                case "end", str(tag) if tag == _COLUMN:
                    self._columns(element)
                case "end", str(tag) if tag == _ROW:
                    self._put_row(element)
                case "end", str(tag) if tag == _VISIBLE:
                    self._canvas.hidden = element.text in ("SheetHidden", "SheetVeryHidden")
                case "end", str(tag) if tag == _SHEET:
                    yield self._canvas.sheet()

    def _style(self, element: etree._Element) -> None:
        of = element.find(_FORMAT)
        code = "" if of is None else of.get(f"{_SS}Format", "")
        if code == _PER_CENT or shows_per_cent(code):
            self._per_cent.add(element.get(f"{_SS}ID"))
        if unit := unit_shown(code):
            self._units[element.get(f"{_SS}ID")] = unit

    def _columns(self, element: etree._Element) -> None:
        first = number_of(element.get(f"{_SS}Index"), self._canvas.column + 1) - 1
        end = first + 1 + number_of(element.get(f"{_SS}Span"))
        self._canvas.column = end
        hidden, style = element.get(f"{_SS}Hidden") == "1", element.get(_STYLE_ID)
        says_how = style in self._per_cent or style in self._units
        if hidden or says_how:
            self._canvas.require(0, end)
        if hidden:
            self._canvas.hidden_columns |= set(range(first, end))
        if says_how:
            self._of_columns |= dict.fromkeys(range(first, end), style)

    def _put_row(self, element: etree._Element) -> None:
        row = number_of(element.get(f"{_SS}Index"), self._canvas.row + 1) - 1
        if element.get(f"{_SS}Hidden") == "1":
            self._canvas.hidden_rows.add(row)
        column = 0
        for cell in element.iterchildren(_CELL):
            column = number_of(cell.get(f"{_SS}Index"), column + 1) - 1
            style = cell.get(_STYLE_ID) or element.get(_STYLE_ID) or self._of_columns.get(column)
            self._canvas.put(row, column, self._shown(_value(cell), style))
            if _OTHER_FILE.search(cell.get(f"{_SS}Formula", "")):
                self._canvas.linked.add((row, column))
            if (comment := cell.find(_COMMENT)) is not None:
                author, said = comment.get(f"{_SS}Author", ""), text_of(comment)
                self._canvas.note(row, column, author, said)
            down, across = (number_of(cell.get(f"{_SS}Merge{way}")) for way in ("Down", "Across"))
            if down or across:
                self._canvas.merge(row, column, down + 1, across + 1)
            column += across + 1
        self._canvas.row = row + 1 + number_of(element.get(f"{_SS}Span"))

    def _shown(self, value: RawCell, style: str | None) -> RawCell:
        """A value as a style shows it."""
        if not isinstance(value, float):
            return value
        unit = self._units.get(style)
        if style in self._per_cent:
            return PerCent(value)
        return value if unit is None else Shown(value, unit)


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
