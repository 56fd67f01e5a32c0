"""Web pages under a workbook's name, as report systems and "save as web page" make them."""

import email
import email.policy
from collections.abc import Iterator

from lxml import html

from schemas.formats.canvas import Canvas
from schemas.formats.decode import decode
from schemas.formats.limits import Room
from schemas.formats.markup import number_of
from schemas.formats.typed import as_typed
from schemas.grid import RawCell, Sheet

_SHEET = "Sheet1"
_NUMBER = "x:num"
_MOST_COLUMNS, _MOST_ROWS = 16_384, 65_536  # that a cell may span
_NOT_SEEN = ("script", "style", "head", "title", "xml")
_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "li", "pre")


def read_web_page(text: str) -> tuple[Sheet, ...]:
    """The tables of a page, below each other on one sheet as a spreadsheet program opens them."""
    return (_sheet(text, _SHEET, Room()),)


def holds_table(text: str) -> bool:
    """Whether a page has a table at all."""
    return "<table" in text.casefold()


def read_web_archive(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of a web page saved as a single file (.mht), those of its parts with tables."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    room = Room()
    pages = [
        text
        for part in message.walk()
        if part.get_content_type() == "text/html"
        and isinstance(payload := part.get_payload(decode=True), bytes)
        and (text := decode(payload)) is not None
        and holds_table(text)
    ]
    return tuple(_sheet(text, f"Sheet{n}", room) for n, text in enumerate(pages, start=1))


def _sheet(text: str, name: str, room: Room) -> Sheet:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    page = html.document_fromstring(text.encode(), parser=parser)
    canvas = Canvas(name, room)
    canvas.pictures = len(list(page.iter("img")))
    row = 0
    for block in _blocks(page):
        if block.tag == "table":
            row = _put_table(canvas, row, block)
        elif said := _said(block):
            canvas.put(row, 0, said)
            row += 1
    return canvas.sheet()


def _blocks(page: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The tables that stand in no other table, and the paragraphs between them."""
    for element in page.iter("table", *_BLOCKS):
        inside = {ancestor.tag for ancestor in element.iterancestors()}
        if "table" in inside or inside & set(_NOT_SEEN):
            continue
        if element.tag == "table" or not (inside & set(_BLOCKS) or _holds_block(element)):
            yield element


def _holds_block(element: html.HtmlElement) -> bool:
    return next(element.iterdescendants("table", *_BLOCKS), None) is not None


def _put_table(canvas: Canvas, row: int, table: html.HtmlElement) -> int:
    """Put a table on the canvas from a row on; the row below it."""
    covered: dict[int, int] = {}  # column → how many rows below are covered from above
    for line in table.iter("tr"):
        if next(line.iterancestors("table")) is not table:
            continue
        column = 0
        below: dict[int, int] = {}
        for cell in line.iterchildren("td", "th"):
            while covered.get(column):
                column += 1
            rows = max(1, min(number_of(cell.get("rowspan"), 1), _MOST_ROWS))
            columns = max(1, min(number_of(cell.get("colspan"), 1), _MOST_COLUMNS))
            canvas.put(row, column, _value(cell))
            if rows > 1 or columns > 1:
                canvas.merge(row, column, rows, columns)
            if rows > 1:
                below |= dict.fromkeys(range(column, column + columns), rows)
            column += columns
        covered = {c: left - 1 for c, left in (covered | below).items() if left > 1}
        row += 1
    return row


def _value(cell: html.HtmlElement) -> RawCell:
    """A cell; of a number Excel says beside what it shows what it is."""
    shown = as_typed(_said(cell))
    stated = as_typed(cell.get(_NUMBER) or "")
    return stated if isinstance(shown, float) and isinstance(stated, float) else shown


def _said(element: html.HtmlElement) -> str:
    """The text of an element as a person reads it: its line breaks only."""
    words: list[str] = []
    for node in element.iter():
        if node.tag == "br":
            words.append("\n")
        if isinstance(node.tag, str) and node.tag not in _NOT_SEEN:
            words.append(_squeezed(node.text))
        if node is not element:
            words.append(_squeezed(node.tail))
    return "".join(words).strip(" \n\xa0")


def _squeezed(text: str | None) -> str:
    return "" if text is None else " ".join(f"|{text}|".split())[1:-1]
