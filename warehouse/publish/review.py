"""The sheet at the front of a marked copy that lists what was found in it."""

from collections.abc import Sequence
from typing import Literal

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from schemas.answers import ListStamp
from schemas.models import OrgUnit
from warehouse.contents import FiledFinding
from warehouse.publish.edition import Edition, quoted
from warehouse.publish.explained import stamp
from warehouse.publish.figures import display_lines, printable, shortened
from warehouse.publish.sheets import A3, FONTS, HEADING, LINE, LINK, MUTED, SEVERITY_FILLS, height
from warehouse.publish.told import Told

_WIDTHS = {
    "serial_no": 6,
    "severity": 11,
    "sheet": 26,
    "cell": 14,
    "column": 18,
    "fact": 44,
    "diagnosis": 40,
    "remedy": 34,
    "answer": 28,
}
_CENTRED = ("serial_no", "severity", "cell")
_HEADING_ROW = 5
_LONGEST_NAME = 45


def write_review(
    book: Workbook,
    edition: Edition,
    county: OrgUnit,
    file_name: str,
    findings: Sequence[FiledFinding],
) -> None:
    """Put the list in front of the other sheets and open the workbook on it."""
    sheet = book.create_sheet(edition.words("review"), 0)
    for other in book.worksheets:
        # Sheets selected together are edited together: only the new one may be.
        other.sheet_view.tabSelected = other is sheet
    book.active = 0
    title = edition.words(
        "review_title", county=edition.name(county), file=shortened(file_name, _LONGEST_NAME)
    )
    _heading(sheet, edition, title, findings)
    _references(sheet, stamp(edition, "copy", county), findings)
    for number, filed in enumerate(findings, start=1):
        _line(sheet, edition, number, filed)
        _link(sheet, edition, number, filed, book.sheetnames)
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A3  # on A4 so many columns are too small to be read
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _heading(
    sheet: Worksheet, edition: Edition, title: str, findings: Sequence[FiledFinding]
) -> None:
    lines = (
        (title, _font(edition, size=16, bold=True)),
        (edition.tally(findings), _font(edition, size=11)),
        (edition.words("review_help"), _font(edition, size=11)),
        (edition.signature, _font(edition, size=9, color=_rgb(MUTED))),
    )
    for row, (text, font) in enumerate(lines, start=1):
        cell = sheet.cell(row, 1, printable(text))
        cell.font = font
    sheet.row_dimensions[1].height = 28
    sheet.row_dimensions[_HEADING_ROW].height = 24
    for column, (name, width) in enumerate(_WIDTHS.items(), start=1):
        cell = sheet.cell(_HEADING_ROW, column, edition.words(name))
        cell.font = _font(edition, bold=True)
        cell.fill = PatternFill("solid", fgColor=_rgb(HEADING))
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _BOX
        sheet.column_dimensions[get_column_letter(column)].width = width


def _references(sheet: Worksheet, stamp: ListStamp, findings: Sequence[FiledFinding]) -> None:
    """What the sheet is matched by when it comes back, in a column out of sight."""
    column = len(_WIDTHS) + 1
    sheet.cell(_HEADING_ROW, column, stamp.written())
    for row, filed in enumerate(findings, start=_HEADING_ROW + 1):
        if (reference := filed.reference) is not None:
            sheet.cell(row, column, reference.written())
    sheet.column_dimensions[get_column_letter(column)].hidden = True


def _line(sheet: Worksheet, edition: Edition, number: int, filed: FiledFinding) -> None:
    finding, row = filed.finding, _HEADING_ROW + number
    told: dict[str, str | int] = {
        "serial_no": number,
        "severity": edition.words.severity(finding.severity),
        **Told(edition, filed).columns,
        "answer": "",
    }
    lines = 1
    for column, (name, value) in enumerate(told.items(), start=1):
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        if isinstance(value, str):
            lines = max(lines, display_lines(value, _WIDTHS[name] - 4))
            cell.value = printable(value)
            cell.data_type = "s"  # also where a county's text begins like a formula
        else:
            cell.value = value
        cell.font = _font(edition)
        centred = "center" if name in _CENTRED else None
        indent = 0 if centred else 1
        cell.alignment = Alignment(
            horizontal=centred or "left", vertical="center", wrap_text=True, indent=indent
        )
        cell.border = _BOX
    sheet.row_dimensions[row].height = height(lines)


def _link(
    sheet: Worksheet, edition: Edition, number: int, filed: FiledFinding, names: Sequence[str]
) -> None:
    """Colour the severity, and lead from the address to the cell where the workbook has it."""
    row, columns = _HEADING_ROW + number, list(_WIDTHS)
    colour = SEVERITY_FILLS[filed.finding.severity]
    severity = sheet.cell(row, columns.index("severity") + 1)
    severity.fill = PatternFill("solid", fgColor=_rgb(colour))
    if filed.finding.cells and filed.finding.cells[0].sheet in names:
        cell = sheet.cell(row, columns.index("cell") + 1)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=quoted(filed.finding.cells[0]))
        cell.font = _font(edition, color=_rgb(LINK), underline="single")


def _font(
    edition: Edition,
    *,
    size: int = 10,
    bold: bool = False,
    color: str | None = None,
    underline: Literal["single"] | None = None,
) -> Font:
    name = FONTS[edition.language]
    return Font(name=name, size=size, bold=bold, color=color, underline=underline)


def _rgb(colour: str) -> str:
    return colour.removeprefix("#")


_SIDE = Side(style="thin", color=_rgb(LINE))
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
