"""The first sheet of the municipal tables: what is in them, and how complete each one is."""

from typing import Any

from schemas.models import Form
from warehouse.consolidation.contents import ConsolidatedTable
from warehouse.publish.edition import Edition, lacking
from warehouse.publish.figures import display_lines
from warehouse.publish.sheets import LACKING, LINK, MUTED, Workbook, across, height

_HEADING_ROW = 5
_COLUMNS: dict[str, float] = {
    "serial_no": 6,
    "form_number": 16,
    "form_title": 42,
    "owing": 8,
    "reported": 8,
    "lacking": 40,
    "status": 12,
}


def sheet_name(edition: Edition, form: Form) -> str:
    """The name of a form's sheet, at most 31 characters."""
    return form.sheet_name_in(edition.language)


def draw_cover(book: Workbook) -> None:
    """Add the sheet."""
    edition, words = book.edition, book.edition.words
    contents = edition.contents
    sheet = book.page(words("contents"))
    municipality = edition.name(contents.scheme.municipality)
    title = f"{municipality}{words('title_joint')}{words('municipal_tables')}"
    across(sheet, 0, len(_COLUMNS), title, book.style(bold=True, font_size=20, align="center"))
    sheet.set_row(0, 40)
    scheme_line = f"{contents.scheme.title.in_(edition.language)}　{edition.period}"
    across(sheet, 1, len(_COLUMNS), scheme_line, book.style(font_size=13, align="center"))
    sheet.set_row(1, 24)
    issuer = words("issued_by", name=contents.scheme.issued_by.in_(edition.language))
    across(sheet, 2, len(_COLUMNS), issuer, book.style(align="center"))
    across(sheet, 3, len(_COLUMNS), edition.signature, book.style(align="center", font_color=MUTED))
    book.headings(sheet, _HEADING_ROW, _COLUMNS)
    for index, table in enumerate(contents.tables, start=1):
        _line(book, sheet, index, table)
    link = book.style(font_color=LINK, underline=1)
    for row, name in enumerate(
        ("reconciliation", "sources"), _HEADING_ROW + len(contents.tables) + 2
    ):
        sheet.write_url(row, 2, f"internal:'{words(name)}'!A1", link, words(name))
    sheet.freeze_panes(_HEADING_ROW + 1, 0)


def _line(book: Workbook, sheet: Any, number: int, table: ConsolidatedTable) -> None:
    edition, words, row = book.edition, book.edition.words, _HEADING_ROW + number
    names = words.listed([edition.name(unlisted.unit) for unlisted in lacking(table)])
    target = sheet_name(edition, table.form).replace("'", "''")
    centred, text = book.boxed(align="center"), book.boxed(text_wrap=True)
    sheet.write_number(row, 0, number, centred)
    sheet.write_string(row, 1, table.form.document_no, centred)
    link = book.boxed(text_wrap=True, font_color=LINK, underline=1)
    sheet.write_url(row, 2, f"internal:'{target}'!A1", link, table.form.title.in_(edition.language))
    sheet.write_number(row, 3, len(table.owing), centred)
    sheet.write_number(row, 4, len(table.reported), centred)
    sheet.write_string(row, 5, names, text)
    fill = {"bg_color": LACKING} if names else {}
    status = words("provisional" if names else "final")
    sheet.write_string(row, 6, status, book.boxed(align="center", **fill))
    sheet.set_row(row, height(display_lines(names, _COLUMNS["lacking"] - 2)))
