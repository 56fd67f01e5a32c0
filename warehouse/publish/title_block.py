"""What stands above the header of a consolidated table, on each of its pages."""

from collections.abc import Sequence
from typing import Any

from warehouse.consolidation.contents import ConsolidatedTable
from warehouse.publish.edition import lacking
from warehouse.publish.sheets import Workbook, across

HEADER_ROW = 4  # title, period, two lines of marks, then the header


def draw_title_block(
    book: Workbook, sheet: Any, table: ConsolidatedTable, pages: Sequence[range]
) -> None:
    """Title, period and marks over the columns of each page, counted from 0 after the stub."""
    sheet.set_row(0, 34)
    sheet.set_row(1, 21)
    words, scheme = book.edition.words, book.edition.contents.scheme
    title = table.form.title.in_(book.edition.language)
    for number, page in enumerate(pages):
        first = page.start + 1 if number else 0
        _titles(
            book,
            sheet,
            range(first, page.stop + 1),
            words("continued_title", title=title) if number else title,
            words("provisional_period", period=book.edition.period)
            if lacking(table)
            else book.edition.period,
        )
        _right_marks(book, sheet, table, page.stop)
    issuer = words("issued_by", name=scheme.issued_by.in_(book.edition.language))
    scope = words("scope", name=book.edition.name(scheme.municipality))
    for row, mark in ((2, issuer), (3, scope)):
        sheet.write_string(row, 0, mark, book.style())


def _titles(book: Workbook, sheet: Any, columns: range, title: str, period: str) -> None:
    large = book.style(bold=True, font_size=18, align="center")
    across(sheet, 0, len(columns), title, large, first=columns.start)
    middle = book.style(font_size=12, align="center")
    across(sheet, 1, len(columns), period, middle, first=columns.start)


def _right_marks(book: Workbook, sheet: Any, table: ConsolidatedTable, column: int) -> None:
    """The number of the form and the unit of its figures, ending in this column."""
    words, units = book.edition.words, {measure.unit for measure in table.measures}
    unit = words("many_units")
    if len(units) == 1:
        unit = words("one_unit", unit=book.edition.unit(units.pop()))
    document = words("document_no", number=table.form.document_no)
    for row, mark in ((2, document), (3, unit)):
        sheet.write_string(row, column, mark, book.style(align="right"))
