"""Marks in an OpenDocument spreadsheet, .ods or .fods.

What is changed: the contents, for colours, comments and the sheet in front; the styles, for the
page of that sheet; the settings, to open the document on it. All other parts stay byte by byte.
"""

from lxml import etree

from warehouse.publish.marks.marking import CannotMark, Marking
from warehouse.publish.marks.opendocument import looks, notes, review
from warehouse.publish.marks.opendocument.document import opened
from warehouse.publish.marks.opendocument.fills import Fills
from warehouse.publish.marks.opendocument.looks import Looks
from warehouse.publish.marks.opendocument.names import q
from warehouse.publish.marks.opendocument.review import ReviewTable, earlier
from warehouse.publish.marks.opendocument.tables import cells_at, merged
from warehouse.publish.marks.opendocument.views import add_page, open_on

_TABLE, _NAME = q("table:table"), q("table:name")


def was_marked(content: bytes, review: str) -> bool:
    """Whether a document has a review of that name, which is ours."""
    try:
        return earlier(_spreadsheet(opened(content).content), review) is not None
    except CannotMark:
        return False


def marked(content: bytes, marking: Marking) -> bytes:
    """The document with the marks of an earlier night taken out and these put in.

    Raises CannotMark where it is no spreadsheet, is damaged, encrypted, signed or too large, has a
    sheet of the review's name that is not ours, or tracks its changes: these go by the numbers of
    sheets, which the sheet in front would move.
    """
    document = opened(content)
    spreadsheet = _spreadsheet(document.content)
    fills = Fills(document.content, document.styles)
    before = earlier(spreadsheet, marking.review.name)
    fills.take_out(spreadsheet, marked=before is not None)
    if before is not None:
        review.take_out(spreadsheet, before)
    looks.take_out(document.content)
    notes.take_out(spreadsheet)
    tables = {table.get(_NAME, ""): table for table in spreadsheet.findall(_TABLE)}
    if not tables:
        raise CannotMark("it has no sheets")
    for name, table in tables.items():
        if name in marking.sheets:
            _mark(name, table, marking, fills)
    own = ReviewTable(marking, Looks(document.content, marking.font), frozenset(tables))
    own.put_in_front(spreadsheet)
    add_page(document.styles)
    open_on(document.settings, marking.review.name)
    return document.written()


def _spreadsheet(root: etree._Element) -> etree._Element:
    """The body of a document. Raises CannotMark where it is another kind, or tracks changes."""
    spreadsheet = root.find(f"{q('office:body')}/{q('office:spreadsheet')}")
    if spreadsheet is None:
        raise CannotMark("it is no spreadsheet")
    if spreadsheet.find(q("table:tracked-changes")) is not None:
        raise CannotMark("its changes are tracked")
    return spreadsheet


def _mark(name: str, table: etree._Element, marking: Marking, fills: Fills) -> None:
    """Colour the cells of a sheet and comment on them."""
    marks = marking.on(name, [*merged(table)])
    for place, cell, inherited in cells_at(table, marks):
        mark = marks[place]
        if mark.severity is not None:
            fills.fill(cell, inherited, mark.severity)
        if mark.comment:
            notes.comment(cell, mark.comment, marking.at)
