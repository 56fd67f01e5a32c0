"""The sheet in front of a marked copy."""

from lxml import etree

from schemas.answers import MARK
from schemas.findings import CellRef
from schemas.formats.markup import text_of
from schemas.layout import address
from warehouse.publish.marks.marking import (
    HEAD_SIZES,
    HEADING_HEIGHT,
    HEADING_ROW,
    TITLE_HEIGHT,
    CannotMark,
    Marking,
    Review,
    ReviewColumn,
    ReviewLine,
)
from warehouse.publish.marks.opendocument.looks import Look, Looks
from warehouse.publish.marks.opendocument.names import added, drop, made, q
from warehouse.publish.marks.opendocument.texts import add_text
from warehouse.publish.sheets import HEADING, INK, LINK, MUTED, SEVERITY_FILLS

_NAME, _RANGES = q("table:name"), q("table:database-ranges")
_UNNAMED = "__Anonymous_Sheet_DB__{}"  # what LibreOffice calls the filter of a sheet


class ReviewTable:
    """The review of a marking as a table; `sheets` are those that its lines may lead to."""

    def __init__(self, marking: Marking, looks: Looks, sheets: frozenset[str]) -> None:
        self._review, self._looks, self._sheets = marking.review, looks, sheets

    def put_in_front(self, spreadsheet: etree._Element) -> None:
        """Put it before all other tables, with a filter over its headings."""
        first = spreadsheet.find(q("table:table"))
        assert first is not None, "a spreadsheet has a table"
        style = {"table:name": self._review.name, "table:style-name": self._looks.sheet()}
        table = made("table:table", style)
        first.addprevious(table)
        for column in self._review.columns:
            look = self._looks.column(column.width)
            added(table, "table:table-column", {"table:style-name": look})
        added(table, "table:table-column", {"table:visibility": "collapse"})
        self._add_head(table)
        for line in self._review.lines:
            self._add_line(table, line)
        _add_filter(spreadsheet, self._review)

    def _add_head(self, table: etree._Element) -> None:
        review, looks = self._review, self._looks
        for number, (text, size) in enumerate(zip(review.heading, HEAD_SIZES, strict=True)):
            title, signature = number == 0, number == len(HEAD_SIZES) - 1
            look = looks.cell(Look(size, bold=title, colour=MUTED if signature else INK))
            _add_cell(self._row(table, TITLE_HEIGHT if title else None), text, look)
        row = self._row(table, HEADING_HEIGHT)
        look = looks.cell(Look(bold=True, fill=HEADING, boxed=True, centred=True))
        for column in review.columns:
            _add_cell(row, column.title, look)
        _add_cell(row, review.stamp)

    def _add_line(self, table: etree._Element, line: ReviewLine) -> None:
        row = self._row(table, self._review.height(line))
        for column, value in zip(self._review.columns, line.values, strict=True):
            leads = column.name == "cell" and self._leads(line)
            cell = _add_cell(row, value, self._looks.cell(_look(column, line, leads=leads)))
            if leads and line.target is not None:
                _link(cell, line.target)
        _add_cell(row, line.reference)

    def _leads(self, line: ReviewLine) -> bool:
        return line.target is not None and line.target.sheet in self._sheets

    def _row(self, table: etree._Element, height: float | None) -> etree._Element:
        style = {} if height is None else {"table:style-name": self._looks.row(height)}
        return added(table, "table:table-row", style)


def _look(column: ReviewColumn, line: ReviewLine, *, leads: bool) -> Look:
    if column.name == "severity":
        return Look(fill=SEVERITY_FILLS[line.severity], boxed=True, centred=True)
    colour = LINK if leads else INK
    return Look(colour=colour, underlined=leads, boxed=True, centred=column.centred)


def _add_cell(row: etree._Element, value: str | int, look: str = "") -> etree._Element:
    """Add a cell with a number or a text, which is none that is worked out."""
    cell = added(row, "table:table-cell", {"table:style-name": look} if look else None)
    if isinstance(value, int):
        cell.set(q("office:value-type"), "float")
        cell.set(q("office:value"), str(value))
    elif value:
        cell.set(q("office:value-type"), "string")
    if value != "":
        add_text(cell, str(value))
    return cell


def _link(cell: etree._Element, target: CellRef) -> None:
    """Let the text of a cell lead to another cell."""
    place = f"#{_quoted(target.sheet)}.{target.address}"
    for paragraph in cell:
        text, paragraph.text = paragraph.text, None
        link = added(paragraph, "text:a", {"xlink:type": "simple", "xlink:href": place})
        link.text = text
        link.extend([child for child in paragraph if child is not link])


def _quoted(sheet: str) -> str:
    return "'{}'".format(sheet.replace("'", "''"))


def _add_filter(spreadsheet: etree._Element, review: Review) -> None:
    """Let the list be filtered and sorted, with the hidden column that its lines are known by."""
    ranges = spreadsheet.find(_RANGES)
    if ranges is None:
        ranges = made("table:database-ranges")
        before = [*spreadsheet.iterchildren(q("table:table"), q("table:named-expressions"))]
        spreadsheet.insert(spreadsheet.index(before[-1]) + 1, ranges)
    taken = {each.get(_NAME) for each in ranges}
    name = next(n for n in map(_UNNAMED.format, range(len(taken) + 1)) if n not in taken)
    last = address(HEADING_ROW + len(review.lines) - 1, len(review.columns))
    sheet = _quoted(review.name)
    area = f"{sheet}.A{HEADING_ROW}:{sheet}.{last}"
    told = {"table:name": name, "table:target-range-address": area}
    added(ranges, "table:database-range", {**told, "table:display-filter-buttons": "true"})


def earlier(spreadsheet: etree._Element, name: str) -> etree._Element | None:
    """The sheet in front of an earlier night, by its name; None where there is none.

    Raises CannotMark where a sheet of that name is not ours.
    """
    for table in spreadsheet.findall(q("table:table")):
        if table.get(_NAME, "").casefold() == name.casefold():
            if not any(text_of(each).startswith(MARK) for each in table.iter(q("text:p"))):
                raise CannotMark(f"it has a sheet of its own that is called {name}")
            return table
    return None


def take_out(spreadsheet: etree._Element, table: etree._Element) -> None:
    """Take out the sheet in front, with its filter."""
    name = table.get(_NAME, "")
    drop(table)
    own = (f"{name}.", f"{_quoted(name)}.")
    for each in [*spreadsheet.iter(q("table:database-range"))]:
        if each.get(q("table:target-range-address"), "").startswith(own):
            drop(each)
