"""discrepancies.xlsx: the findings as people work through them, a summary, the revisions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from schemas.models import OrgUnit
from warehouse.consolidation.contents import FiledFinding
from warehouse.publish.edition import Edition, quoted
from warehouse.publish.explained import explained, stamp
from warehouse.publish.figures import (
    as_number,
    decimals_of,
    display_lines,
    excel_format,
    shortened,
)
from warehouse.publish.revisions import draw_revisions
from warehouse.publish.sheets import (
    A3,
    LINK,
    MUTED,
    SEVERITY_FILLS,
    Workbook,
    across,
    height,
)
from warehouse.publish.summary import draw_summary
from warehouse.publish.told import Told

HEADING_ROW = 3

_COLUMNS: dict[str, float] = {
    "serial_no": 5,
    "severity": 8,
    "county": 9,
    "period": 8,
    "form": 17,
    "cell": 14,
    "column": 14,
    "fact": 38,
    "diagnosis": 30,
    "remedy": 30,
    "effect": 11,
    "effect_pct": 8,
    "state": 8,
    "age": 7,
    "explained": 22,
    "answer": 22,
    "observed": 10,
    "expected": 10,
    "difference": 10,
    "tolerance": 10,
    "rule": 24,
    "all_cells": 24,
    "sheet": 18,
    "file": 24,
}
_LAST_PRINTED = "answer"  # what stands behind it is in the text, too, and would make all small
_ON_ONE_LINE = "all_cells"  # there may be thousands
_CENTRED = ("serial_no", "severity", "county", "period", "cell", "state", "age")
_LONGEST_NAME = 45  # characters of a file name that are shown; data/findings.csv has all of it
_DECIMALS = 6  # those that amounts are kept with
_MOST_LINKS = 65_000  # Excel keeps no more on one sheet


def discrepancies(
    edition: Edition, unmarked: Sequence[str], county: OrgUnit | None = None
) -> bytes:
    """The list of one county, or of the municipality, as an .xlsx.

    `unmarked` names the files whose copies could not be marked.
    """
    book = Workbook(edition, edition.words("discrepancies"))
    findings = edition.findings if county is None else edition.findings_of(county)
    _findings(book, findings, unmarked, county)
    draw_summary(book, county)
    draw_revisions(book, county)
    return book.close()


def _findings(
    book: Workbook,
    findings: Sequence[FiledFinding],
    unmarked: Sequence[str],
    county: OrgUnit | None,
) -> None:
    edition, words = book.edition, book.edition.words
    sheet = book.page(words("discrepancies"), paper=A3)
    columns = _columns(edition, findings, county)
    unit = county or edition.contents.scheme.municipality
    title = f"{edition.name(unit)}　{edition.period}　{words('discrepancies')}"
    printed = columns.index(_LAST_PRINTED) + 1
    across(sheet, 0, printed, title, book.style(bold=True, font_size=18, align="center"))
    sheet.set_row(0, 34)
    tally = edition.tally(findings)
    if unmarked:
        tally += "　" + words("unmarked", names=words.listed(list(unmarked)))
    if county is not None and (names := edition.lacking_forms(county)):
        tally += "　" + words("lacking_forms", names=words.listed(names))
    across(sheet, 1, printed, f"{tally}　{words('list_help')}", book.style(text_wrap=True))
    sheet.set_row(1, 32)
    across(sheet, 2, printed, edition.signature, book.style(font_size=9, font_color=MUTED))
    book.headings(sheet, HEADING_ROW, {name: _COLUMNS[name] for name in columns})
    # What a list that comes back is matched by: out of sight, and on the row wherever it is moved.
    sheet.set_column(len(columns), len(columns), None, None, {"hidden": True})
    sheet.write_string(HEADING_ROW, len(columns), stamp(edition, "list", unit).written())
    # A county's list lies beside its copies, the municipal one two folders above them.
    base = "" if county is None else f"{edition.folder(county)}/"
    for number, filed in enumerate(findings, start=1):
        _finding(book, sheet, columns, number, filed, base)
    last = HEADING_ROW + max(1, len(findings))
    sheet.autofilter(HEADING_ROW, 0, last, len(columns))
    sheet.freeze_panes(HEADING_ROW + 1, columns.index("form") + 1)
    sheet.repeat_rows(HEADING_ROW)
    sheet.print_area(0, 0, last, printed - 1)


def _columns(
    edition: Edition, findings: Sequence[FiledFinding], county: OrgUnit | None
) -> list[str]:
    """Those that tell something: one county and one period stand in the title.

    All cells of a finding are listed where any is of more lines than it names cells of, and what
    differences are allowed where any may differ at all.
    """
    own = edition.contents.period.id
    untold = {"county"} if county is not None else set()
    if all(filed.finding.period in (None, own) for filed in findings):
        untold.add("period")
    if not any(filed.finding.areas for filed in findings):
        untold.add("all_cells")
    if not any(filed.finding.tolerance for filed in findings):
        untold.add("tolerance")
    return [name for name in _COLUMNS if name not in untold]


def _finding(
    book: Workbook,
    sheet: Any,
    columns: Sequence[str],
    number: int,
    filed: FiledFinding,
    base: str,
) -> None:
    row = HEADING_ROW + number
    lines = 1
    told = _told(book.edition, number, filed)
    for column, name in enumerate(columns):
        value = told[name]
        properties: dict[str, object] = {"text_wrap": name != _ON_ONE_LINE}
        if name in _CENTRED:
            properties["align"] = "center"
        if name == "severity":
            properties["bg_color"] = SEVERITY_FILLS[filed.finding.severity]
        if isinstance(value, Decimal):
            properties |= {"num_format": excel_format(decimals_of(value)), "align": "right"}
            sheet.write_number(row, column, float(value), book.boxed(**properties))
        elif not value:
            sheet.write_blank(row, column, None, book.boxed(**properties))
        else:
            indent = 0 if name in _CENTRED else 1
            sheet.write_string(row, column, value, book.boxed(indent=indent, **properties))
            if name != _ON_ONE_LINE:
                lines = max(lines, display_lines(value, _COLUMNS[name] - 1 - 2 * indent))
    if (reference := filed.reference) is not None:
        sheet.write_string(row, len(columns), reference.written())
    sheet.write_number(row, 0, number, book.boxed(align="center"))
    if number <= _MOST_LINKS and (path := Told(book.edition, filed).copy_path) is not None:
        _link(book, sheet, columns, row, filed, path.removeprefix(base))
    sheet.set_row(row, height(lines))


def _link(
    book: Workbook,
    sheet: Any,
    columns: Sequence[str],
    row: int,
    filed: FiledFinding,
    path: str,
) -> None:
    """Lead from the address to the cell of the marked copy; to the copy where no cell is."""
    edition, cells, target = book.edition, filed.finding.cells, f"external:{path}"
    text = edition.words("open_copy")
    if cells:
        target, text = f"{target}#{quoted(cells[0])}", Told(edition, filed).cells
    style = book.boxed(align="center", text_wrap=True, font_color=LINK, underline=1)
    sheet.write_url(row, columns.index("cell"), target, style, text)


def _told(edition: Edition, number: int, filed: FiledFinding) -> dict[str, str | Decimal | None]:
    """What the columns of the list say of a finding."""
    finding, told = filed.finding, Told(edition, filed)
    return {
        "serial_no": Decimal(number),
        "severity": told.gravity,
        "county": told.county,
        "form": "" if told.form is None else edition.form_title(told.form),
        "period": finding.period or "",
        "file": shortened(filed.file_name or "", _LONGEST_NAME),
        **told.columns,
        "observed": _number_or_text(finding.observed),
        "expected": _number_or_text(finding.expected),
        "difference": _shown(finding.difference),
        "tolerance": _shown(finding.tolerance),
        "effect": _shown(finding.effect),
        "effect_pct": edition.weights.percent(finding),
        "rule": told.rule,
        "all_cells": told.all_cells,
        "state": edition.words.state(filed.state),
        "age": told.age,
        "explained": explained(edition, filed),
        "answer": None,
    }


def _shown(number: Decimal | None) -> Decimal | None:
    """A number without the decimals that a quotient has no end of."""
    return None if number is None else round(number, _DECIMALS)


def _number_or_text(text: str | None) -> str | Decimal | None:
    number = as_number(text)
    return text if number is None else number
