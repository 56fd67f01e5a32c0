"""A return as a workbook; where each value comes to stand is noted as the sheets are laid out."""

import io
from collections.abc import Iterator
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from tests.mess.page import Page, Return, Row


def workbook(made: Return) -> bytes:
    """The workbook of a return; notes in its `truth` where each value of each form stands."""
    book = Workbook()
    book.remove(book.worksheets[0])
    if "1904" in made.marks:
        book.epoch = CALENDAR_MAC_1904
    for name, page in made.pages:
        if name in book.sheetnames and "beside" in made.marks:
            page.left = book[name].max_column + 2
        elif name in book.sheetnames:
            page.top = book[name].max_row + 3
        else:
            book.create_sheet(name)
        _lay_out(page, book[name], made)
    if "lists" in made.marks:
        sheet = book.create_sheet("填表说明", 0)
        for row, text in enumerate(("填表说明", "数据取自《沼气池建设进度表》", "户数", "人数"), 1):
            sheet.append([text, row, "户"])
    for name in made.hidden:
        book[name].sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _lay_out(page: Page, sheet: Worksheet, made: Return) -> None:
    row = _headings(page, sheet, _over(page, sheet))
    row = _body(page, sheet, row, made)
    for text in page.notes:
        row += 1
        sheet.cell(row, page.left, text)
    for number, column in enumerate(page.columns):
        if column.hidden:
            sheet.column_dimensions[get_column_letter(page.left + number)].hidden = True


def _over(page: Page, sheet: Worksheet) -> int:
    """Write what stands over the headings; the row under it."""
    row = page.top
    for text in (page.title, *page.above):
        if text:
            sheet.cell(row, page.left, text)
            row += 1
    width = len(page.columns)
    head = (page.stated_county, page.stated_period, page.stated_unit)
    for text, column in zip(head, (0, width // 2, max(width - 1, width // 2 + 1)), strict=True):
        if text:
            sheet.cell(row, page.left + column, text)
    return row + 1


def _body(page: Page, sheet: Worksheet, row: int, made: Return) -> int:
    """Write the rows of the body; the row under them."""
    lines: dict[int, int] = {}
    for entry in page.rows:
        if entry.kind == "heading":
            row = _headings(page, sheet, row)
            continue
        if entry.kind == "line":
            lines[entry.line] = row
            _line(page, sheet, row, entry.line, made)
        elif entry.kind in ("total", "subtotal"):
            _sum(page, sheet, row, entry)
        else:
            for offset, text in enumerate(entry.texts):
                sheet.cell(row, page.left + offset, text)
        sheet.row_dimensions[row].hidden = entry.hidden
        row += 1
    for top, bottom, left, right in page.merges:
        sheet.merge_cells(
            start_row=lines[top],
            end_row=lines[bottom],
            start_column=page.left + left,
            end_column=page.left + right,
        )
    return row


def _headings(page: Page, sheet: Worksheet, top: int) -> int:
    depth = 1 + max(len(column.path) for column in page.columns)
    for number, column in enumerate(page.columns):
        words = (*column.path, column.heading)
        for level, word in enumerate(words):
            before = page.columns[number - 1] if number else None
            joined = before is not None and (*before.path, "")[: level + 1] == words[: level + 1]
            if level == len(words) - 1 or not joined:
                sheet.cell(top + level, page.left + number, word)
        if page.merge_headings and len(words) < depth:
            last = page.left + number
            sheet.merge_cells(
                start_row=top + len(words) - 1,
                end_row=top + depth - 1,
                start_column=last,
                end_column=last,
            )
    if page.merge_headings:
        for first, last, level in _groups(page):
            sheet.merge_cells(
                start_row=top + level,
                end_row=top + level,
                start_column=page.left + first,
                end_column=page.left + last,
            )
    row = top + depth
    for texts in _under(page):
        for number, text in enumerate(texts):
            if text:
                sheet.cell(row, page.left + number, int(text) if text.isdigit() else text)
        row += 1
    return row


def _under(page: Page) -> Iterator[list[str]]:
    if page.unit_row:
        yield [column.unit or "" for column in page.columns]
    if page.number_row:
        yield list(page.number_row) + [""] * (len(page.columns) - len(page.number_row))


def _groups(page: Page) -> Iterator[tuple[int, int, int]]:
    """The first and last column of each group of headings, and its level."""
    for level in range(max(len(column.path) for column in page.columns)):
        start = 0
        for end in range(1, len(page.columns) + 1):
            path = page.columns[start].path[: level + 1]
            same = end < len(page.columns) and page.columns[end].path[: level + 1] == path
            if not same:
                if len(path) == level + 1 and end - start > 1:
                    yield start, end - 1, level
                start = end


def _line(page: Page, sheet: Worksheet, row: int, line: int, whole: Return) -> None:
    for number, column in enumerate(page.columns):
        cell = column.cells[line]
        target = sheet.cell(row, page.left + number)
        target.value = cell.written  # type: ignore[assignment]
        if cell.format:
            target.number_format = cell.format
        if cell.comment:
            target.comment = Comment(cell.comment, "填表人")
        if column.indicator is not None:
            place = (sheet.title, f"{get_column_letter(page.left + number)}{row}")
            whole.truth[page.form.name, column.indicator.name, place] = cell.truth


def _sum(page: Page, sheet: Worksheet, row: int, entry: Row) -> None:
    sheet.cell(row, page.left, entry.texts[0])
    for number, column in enumerate(page.columns):
        indicator = column.indicator
        if indicator is None or indicator.aggregation != "sum" or number == 0:
            continue
        values = [column.cells[line].truth for line in entry.sums]
        numbers = [value for value in values if isinstance(value, Decimal)]
        sheet.cell(row, page.left + number, float(sum(numbers, Decimal(0))))
