"""The summary sheet of a discrepancy list: findings by county, and what has been reported."""

from collections.abc import Sequence
from typing import Any

from schemas.findings import Severity
from schemas.models import OrgUnit
from warehouse.publish.sheets import (
    A3,
    A4,
    MUTED,
    SEVERITY_FILLS,
    STANDING_FILLS,
    Workbook,
    across,
    height,
)

_MOST_FORMS_ON_A4 = 6
_MOST_FORMS_ACROSS = 14
"""With more forms than this, their titles stand upright over narrow columns."""
_UPRIGHT = {"zh": 270, "en": 90}  # XlsxWriter: stacked characters, or turned to the left
_POINTS_A_CHARACTER = {"zh": 15, "en": 5.5}


def draw_summary(book: Workbook, county: OrgUnit | None) -> None:
    """Add the sheet, for one county or for all of them."""
    edition, words = book.edition, book.edition.words
    forms = len(edition.contents.tables)
    sheet = book.page(words("summary"), paper=A4 if forms <= _MOST_FORMS_ON_A4 else A3)
    counties = edition.contents.scheme.counties if county is None else (county,)
    columns = 1 + len(Severity) + 1 + forms
    title = f"{edition.period}　{words('summary')}"
    across(sheet, 0, columns, title, book.style(bold=True, font_size=18, align="center"))
    sheet.set_row(0, 34)
    across(sheet, 1, columns, edition.signature, book.style(font_size=9, font_color=MUTED))
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, len(Severity) + 1, 11)
    sheet.set_column(len(Severity) + 2, columns - 1, 14 if forms <= _MOST_FORMS_ACROSS else 6.5)
    heading = book.heading()
    sheet.merge_range(2, 0, 3, 0, words("county"), heading)
    sheet.merge_range(2, 1, 2, len(Severity) + 1, words("findings_count"), heading)
    for column, severity in enumerate(Severity, start=1):
        sheet.write_string(3, column, words.severity(severity), heading)
    sheet.write_string(3, len(Severity) + 1, words("total"), heading)
    _completeness(book, sheet, counties)
    rows: list[tuple[str, str | None]] = [(edition.name(unit), unit.code) for unit in counties]
    if county is None and any(filed.finding.county is None for filed in edition.findings):
        rows.append((words("all_files"), None))
    _counts(book, sheet, rows, total=county is None)
    sheet.freeze_panes(4, 1)


def _counts(
    book: Workbook, sheet: Any, rows: Sequence[tuple[str, str | None]], *, total: bool
) -> None:
    """Findings by county and severity, shaded by their number."""
    edition, centred = book.edition, book.boxed(align="center")
    sums = [0] * len(Severity)
    for row, (name, code) in enumerate(rows, start=4):
        sheet.write_string(row, 0, name, book.boxed(indent=1))
        counts = [edition.count(code, severity) for severity in Severity]
        sums = [one + other for one, other in zip(sums, counts, strict=True)]
        for column, count in enumerate([*counts, sum(counts)], start=1):
            sheet.write_number(row, column, count, centred)
        sheet.set_row(row, 19)
    last = 3 + len(rows)
    if total:
        bold = book.boxed(align="center", bold=True)
        sheet.write_string(last + 1, 0, edition.words("total"), bold)
        for column, count in enumerate([*sums, sum(sums)], start=1):
            sheet.write_number(last + 1, column, count, bold)
        sheet.set_row(last + 1, 19)
    for column, severity in enumerate(Severity, start=1):
        scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "min_type": "num", "min_value": 0}
        scale["max_color"] = SEVERITY_FILLS[severity]
        sheet.conditional_format(4, column, last, column, scale)


def _completeness(book: Workbook, sheet: Any, counties: Sequence[OrgUnit]) -> None:
    """What became of the return of every county and form."""
    edition, first = book.edition, len(Severity) + 2
    forms, codes = len(edition.contents.tables), {unit.code for unit in counties}
    title = edition.words("completeness")
    if forms == 1:
        sheet.write_string(2, first, title, book.heading())
    elif forms:
        sheet.merge_range(2, first, 2, first + forms - 1, title, book.heading())
    upright = forms > _MOST_FORMS_ACROSS
    heading = book.heading(rotation=_UPRIGHT[edition.language]) if upright else book.heading()
    for column, table in enumerate(edition.contents.tables, start=first):
        sheet.write_string(3, column, edition.form_title(table.form), heading)
        shown = [row for row in table.counties if row.unit.code in codes]
        for row, line in enumerate(shown, start=4):
            standing = edition.standing(table, line)
            size = 9 if upright else 10
            style = book.boxed(align="center", font_size=size, bg_color=STANDING_FILLS[standing])
            sheet.write_string(row, column, edition.words(standing), style)
        if len(counties) > 1:
            counted = f"{len(table.reported)}/{len(table.owing)}"
            unknown = any(filed.finding.county is None for filed in edition.findings)
            row = 4 + len(counties) + unknown
            sheet.write_string(row, column, counted, book.boxed(align="center", bold=True))
    longest = max((len(edition.form_title(t.form)) for t in edition.contents.tables), default=0)
    tall = longest * _POINTS_A_CHARACTER[edition.language]
    sheet.set_row(3, tall if upright else height(4))
