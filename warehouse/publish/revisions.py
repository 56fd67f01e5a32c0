"""The revisions sheet of a discrepancy list: figures that changed since the publication before."""

from decimal import Decimal
from typing import Any

from schemas.models import OrgUnit
from schemas.rules.formulas import rounded
from warehouse.consolidation.contents import Revision
from warehouse.publish.figures import display_lines, excel_format
from warehouse.publish.sheets import A3, MUTED, Workbook, across, height

_COLUMNS: dict[str, float] = {
    "form": 30,
    "measure": 36,
    "county": 12,
    "unit": 10,
    "before": 16,
    "after": 16,
    "difference": 14,
    "cause": 20,
    "version_before": 9,
    "version_after": 9,
    "file": 36,
}
_HEADING_ROW = 3


def draw_revisions(book: Workbook, county: OrgUnit | None) -> None:
    """Add the sheet, for the returns of one county or for all of them and the municipality."""
    edition, words = book.edition, book.edition.words
    revisions = edition.revised(county)
    sheet = book.page(words("revisions"), paper=A3)
    columns = len(_COLUMNS)
    title = f"{edition.period}　{words('revisions')}"
    across(sheet, 0, columns, title, book.style(bold=True, font_size=18, align="center"))
    sheet.set_row(0, 34)
    across(sheet, 1, columns, edition.signature, book.style(font_size=9, font_color=MUTED))
    note = edition.arrivals(county) + ("" if revisions else words("no_revisions"))
    across(sheet, 2, columns, note, book.style(text_wrap=True))
    sheet.set_row(2, height(display_lines(note, sum(_COLUMNS.values()))))
    book.headings(sheet, _HEADING_ROW, _COLUMNS)
    for row, revision in enumerate(revisions, start=_HEADING_ROW + 1):
        _revision(book, sheet, row, revision)
    last = _HEADING_ROW + max(1, len(revisions))
    sheet.autofilter(_HEADING_ROW, 0, last, columns - 1)
    sheet.freeze_panes(_HEADING_ROW + 1, 0)
    sheet.repeat_rows(_HEADING_ROW)


def _revision(book: Workbook, sheet: Any, row: int, revision: Revision) -> None:
    edition = book.edition
    decimals = revision.measure.decimals
    figure = book.boxed(num_format=excel_format(decimals), align="right")
    change = book.boxed(num_format="+" + excel_format(decimals) + ";-" + excel_format(decimals))
    text, centred = book.boxed(text_wrap=True), book.boxed(align="center")
    cells: tuple[tuple[str | int | Decimal | None, Any], ...] = (
        (edition.form_title(revision.form), text),
        (edition.measure_title(revision.measure), text),
        (edition.name(revision.unit), centred),
        (edition.unit(revision.measure.unit), centred),
        (revision.before, figure),
        (revision.after, figure),
        (revision.difference, change),
        (edition.cause(revision), text),
        (revision.version_before, centred),
        (revision.version_after, centred),
        (revision.file_name, text),
    )
    for column, (value, style) in enumerate(cells):
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, style)
        elif isinstance(value, Decimal):
            sheet.write_number(row, column, float(rounded(value, decimals)), style)
        else:
            sheet.write_number(row, column, value, style)
