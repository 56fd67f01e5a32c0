"""The sheet of differences: what is reported against what it should equal, by county and cause."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from warehouse.consolidation.comparisons import Against, ComparedFigure, DifferenceCause
from warehouse.publish.edition import Edition
from warehouse.publish.figures import decimals_of, display_lines, excel_format
from warehouse.publish.sheets import A3, MUTED, TOTAL, Workbook, across, height

_COLUMNS: dict[str, float] = {
    "against": 12,
    "form": 26,
    "measure": 34,
    "against_form": 26,
    "county": 10,
    "stated": 13,
    "expected_sum": 13,
    "difference": 12,
    "cause": 12,
}
_BY_CAUSE = (
    DifferenceCause.LATE,
    DifferenceCause.REFUSED,
    DifferenceCause.COVERAGE,
    DifferenceCause.ROUNDING,
    DifferenceCause.REVISED,
    DifferenceCause.SCHEME,
    DifferenceCause.DIFFERS,
)
_AGAINST: Mapping[Against, str] = {
    Against.PLAN: "against_plan",
    Against.EARLIER: "against_earlier",
    Against.FORM: "another_form",
    Against.LINES: "against_lines",
    Against.COUNTIES: "against_counties",
    Against.PUBLICATION: "against_publication",
}
_AMOUNT_WIDTH = 10.0
_HEADING_ROW = 3


def draw_reconciliation(book: Workbook) -> None:
    """Add the sheet: each comparison with the counties that make its difference under it."""
    edition, words = book.edition, book.edition.words
    sheet = book.page(words("reconciliation"), paper=A3)
    columns = {**_COLUMNS, **{f"differs_{cause}": _AMOUNT_WIDTH for cause in _BY_CAUSE}}
    title = f"{edition.period}　{words('reconciliation')}"
    across(sheet, 0, len(columns), title, book.style(bold=True, font_size=18, align="center"))
    sheet.set_row(0, 34)
    across(sheet, 1, len(columns), edition.signature, book.style(font_size=9, font_color=MUTED))
    across(sheet, 2, len(columns), words("reconciliation_help"), book.style(text_wrap=True))
    sheet.set_row(2, height(2))
    book.headings(sheet, _HEADING_ROW, columns)
    row = _HEADING_ROW
    for row, (one, by_cause, cause) in enumerate(_lines(edition), start=_HEADING_ROW + 1):
        _line(book, sheet, row, one, by_cause, cause)
    sheet.autofilter(_HEADING_ROW, 0, max(row, _HEADING_ROW + 1), len(columns) - 1)
    sheet.freeze_panes(_HEADING_ROW + 1, 0)
    sheet.repeat_rows(_HEADING_ROW)


Amounts = dict[DifferenceCause, Decimal]


def _lines(edition: Edition) -> Iterator[tuple[ComparedFigure, Amounts, DifferenceCause]]:
    """The municipality of each comparison, and the counties that do not agree or are not known to.

    The municipality agrees where every county does: one that has not reported, or has nothing to be
    compared with, makes no difference and leaves it open.
    """
    for _, group in groupby(edition.contents.comparisons, key=lambda one: one.rule):
        *counties, municipality = group
        open_ones = [
            one for one in counties if one.difference or one.cause is not DifferenceCause.AGREES
        ]
        made_of_them = municipality.cause is DifferenceCause.COUNTIES
        agrees = made_of_them and not open_ones
        yield (
            municipality,
            _by_cause(open_ones if made_of_them else [municipality]),
            DifferenceCause.AGREES if agrees else municipality.cause,
        )
        for one in open_ones:
            yield one, _by_cause([one]), one.cause


def _by_cause(compared: Sequence[ComparedFigure]) -> Amounts:
    amounts: Amounts = {}
    for one in filter(attrgetter("difference"), compared):
        amounts[one.cause] = amounts.get(one.cause, Decimal(0)) + one.difference
    return amounts


def _line(
    book: Workbook,
    sheet: Any,
    row: int,
    one: ComparedFigure,
    by_cause: Amounts,
    cause: DifferenceCause,
) -> None:
    edition, words = book.edition, book.edition.words
    municipal = one.unit == edition.contents.scheme.municipality
    accent = {"bold": True, "bg_color": TOTAL} if municipal else {}
    against_form = "" if one.against_form is None else edition.form_title(one.against_form)
    texts = (
        words(_AGAINST[one.against]),
        edition.form_title(one.form),
        one.label.in_(edition.language),
        against_form,
        edition.name(one.unit),
    )
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, book.boxed(text_wrap=True, **accent))
    numbers = (one.stated, one.expected, one.difference)
    for column, number in enumerate(numbers, start=len(texts)):
        _number(book, sheet, row, column, number, accent)
    told = words(f"differs_{cause}")
    sheet.write_string(row, len(_COLUMNS) - 1, told, book.boxed(align="center", **accent))
    for column, each in enumerate(_BY_CAUSE, start=len(_COLUMNS)):
        _number(book, sheet, row, column, by_cause.get(each), accent)
    widths = list(_COLUMNS.values())
    lines = max(display_lines(text, widths[n] - 1) for n, text in enumerate(texts))
    sheet.set_row(row, height(lines))


def _number(
    book: Workbook,
    sheet: Any,
    row: int,
    column: int,
    number: Decimal | None,
    accent: dict[str, object],
) -> None:
    if number is None:
        sheet.write_blank(row, column, None, book.boxed(**accent))
        return
    style = book.boxed(align="right", num_format=excel_format(decimals_of(number)), **accent)
    sheet.write_number(row, column, float(number), style)
