"""The codebook drawn: a page that needs nothing else, and a workbook to filter and sort."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from threading import Lock
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from schemas.models import Scheme
from schemas.text import Text
from warehouse.publish.codebook import Codebook, codebook
from warehouse.publish.codebook_words import Cell, Table, words
from warehouse.publish.figures import display_lines, display_width
from warehouse.publish.file_names import CODEBOOK_PAGE, CODEBOOK_WORKBOOK
from warehouse.publish.pages import page
from warehouse.publish.sheets import A3, FONTS, HEADING, LINE, height

_CREATED = datetime(2000, 1, 1)  # a fixed date, so that equal schemes give equal bytes
_NARROWEST, _WIDEST = 8, 34


def codebook_files(scheme: Scheme) -> dict[str, bytes]:
    """The codebook of a scheme by file name; the same scheme gives the same bytes."""
    whole = scheme.whole
    with _drawing:
        if not _last or _last[0][0] is not whole:
            _last[:] = [(whole, _drawn(whole))]
        return dict(_last[0][1])


_drawing = Lock()
_last: list[tuple[Scheme, Mapping[str, bytes]]] = []
"""The scheme drawn last: a night publishes several periods of one, side by side."""


def _drawn(scheme: Scheme) -> Mapping[str, bytes]:
    book = codebook(scheme)
    return {CODEBOOK_PAGE: page(CODEBOOK_PAGE, _values(book)), CODEBOOK_WORKBOOK: _workbook(book)}


def _values(book: Codebook) -> dict[str, Any]:
    scheme = book.scheme
    return {
        "book": book,
        "lang": "zh-CN" if scheme.language == "zh" else "en",
        "title": words("codebook"),
        "version": words("codebook_version", version=scheme.version),
        "forms": words("codebook_forms"),
    }


# --- the workbook --------------------------------------------------------------------------------


def _workbook(book: Codebook) -> bytes:
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    scheme = book.scheme
    about = {"title": scheme.title.zh, "author": scheme.issued_by.zh, "created": _CREATED}
    workbook.set_properties(about)
    boxed = {"font_name": FONTS["zh"], "border": 1, "border_color": LINE, "font_size": 10}
    body = workbook.add_format({**boxed, "valign": "top", "text_wrap": True})
    heading = workbook.add_format(
        {**boxed, "bold": True, "bg_color": HEADING, "align": "center", "text_wrap": True}
    )
    for table in _sheets(book):
        _draw(workbook, table, heading, body)
    workbook.close()
    return buffer.getvalue()


def _sheets(book: Codebook) -> Iterable[Table]:
    """The tables of all forms as one each, with the form in front, and the common ones."""
    entries = book.forms
    for tables in zip(
        *(entry.tables for entry in entries),
        strict=True,
    ):
        rows = (
            (entry.form.code, *row)
            for entry, table in zip(entries, tables, strict=True)
            for row in table.rows
        )
        yield Table(tables[0].title, (words("head_form"), *tables[0].headings), tuple(rows))
    yield from book.common


def _draw(workbook: Any, table: Table, heading: Any, body: Any) -> None:
    sheet = workbook.add_worksheet(f"{table.title.zh} {table.title.en}")
    heads, *lines = _spread(table)
    widths = []
    for column, head in enumerate(heads):
        widest = max(map(display_width, (head, *(line[column] for line in lines))))
        widths.append(min(max(widest + 2, _NARROWEST), _WIDEST))
        sheet.set_column(column, column, widths[-1])
    sheet.write_row(0, 0, heads, heading)
    for row, line in enumerate(lines, start=1):
        sheet.set_row(row, height(max(map(display_lines, line, (w - 2 for w in widths)))))
        for column, text in enumerate(line):
            sheet.write_string(row, column, text, body)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(lines), len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _spread(table: Table) -> Iterator[list[str]]:
    """The headings and rows as texts; what is in both languages takes two columns."""
    count = len(table.headings)
    double = [any(isinstance(row[i], Text) for row in table.rows) for i in range(count)]
    heads = [
        head if two else f"{head.zh} {head.en}"
        for head, two in zip(table.headings, double, strict=True)
    ]
    for row in (heads, *table.rows):
        yield [text for cell, two in zip(row, double, strict=True) for text in _texts(cell, two)]


def _texts(cell: Cell, two: bool) -> tuple[str, ...]:
    if isinstance(cell, Text):
        return cell.zh, cell.en
    return (cell, cell) if two else (cell,)
