"""The check sheet of a workbook: which checks fail, shown while it is filled in.

There is a row for every check of every form. A defined name for each says how it comes out on every
row of the form: where it fails, in which cell; larger numbers where it passes or cannot be decided.
A hidden column has the least of them, and what people see is made of it. Office programs work the
formulas out when they open the file.
"""

from collections.abc import Sequence

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.check_sheet.cells import ReviewCells
from schemas.check_sheet.checks import Review, reviews
from schemas.drawing.cell_checks import Choices
from schemas.drawing.styles import Styles
from schemas.drawing.writer import Occasion
from schemas.findings import Severity
from schemas.layout import Layout
from schemas.text import Text

SHEET = Text(zh="审核", en="Checks")

PASSED = Text(zh="通过", en="pass")
FAILED = Text(zh="不通过", en="fail")
NO_DATA = Text(zh="无数据", en="no data")
FIRST_ROW = 7
"""The row under the headings, counted from 0."""

FORM, STATEMENT, SEVERITY, STATE, PLACES, FIRST, CODE = range(7)
"""The columns; CODE is hidden and holds the result as a number."""

_HEADINGS = (
    Text(zh="报表", en="Form"),
    Text(zh="审核内容", en="What must hold"),
    Text(zh="性质", en="Kind"),
    Text(zh="结果", en="Result"),
    Text(zh="不通过处数", en="Places"),
    Text(zh="第一处", en="First place"),
)
_WIDTHS = (8, 66, 9, 12, 10, 10)
_TITLE = Text(zh="报送前审核表", en="Checks before sending")
_HOW = Text(
    zh="本表随填写自动计算，不用填写；点“第一处”跳到要改的单元格，按“结果”一栏可以筛选。",
    en="Worked out while you fill in. Click the first place to go there; filter by the result.",
)
_SEVERITIES = {
    Severity.ERROR: Text(zh="强制性", en="error"),
    Severity.WARNING: Text(zh="核实性", en="warning"),
    Severity.NOTICE: Text(zh="提示性", en="notice"),
}
_FILLED = Text(zh="已填写", en="filled in")
_NIL = Text(zh="已填“无”", en="declared nil")
_INCOMPLETE = Text(zh="未填完整", en="incomplete")
_LINES = Text(zh='0" 行"', en='0" lines"')
_UNSEEN = ";;;"  # a hidden number too wide for its column shows as ### at the edge of a page
_EMPTY = Text(zh="未填写", en="empty")
_ERRORS = Text(
    zh='"强制性审核不通过 "&{errors}&" 项，请改正后再报送。"',
    en='"Errors: "&{errors}&". Please correct them before sending."',
)
_BLANK = Text(
    zh='"还有 "&{blank}&" 张表没有填写或没有填完整。"',
    en='"Forms that are empty or incomplete: "&{blank}&"."',
)
_DOUBTS = Text(
    zh='"强制性审核全部通过；还有 "&{failed}&" 项请核实，属实的可以报送。"',
    en='"No errors. Please look again at what failed: "&{failed}&"."',
)
_FINE = Text(zh='"审核全部通过，可以报送。"', en='"All checks pass. Ready to send."')
_COUNTS = Text(
    zh='"不通过 "&{failed}&" 项，通过 "&{passed}&" 项，无数据 "&{unknown}&" 项"',
    en='"fail "&{failed}&", pass "&{passed}&", no data "&{unknown}',
)
_RED, _AMBER, _GREEN = "#F8CBCB", "#FFE7B3", "#D6EFD0"

_ROW = 1000
_PASSES, _UNDECIDED = 2_000_000_000, 3_000_000_000
"""A check comes out as row * _ROW + column where it fails, else as one of these numbers."""


def write_review(
    book: Workbook,
    sheet: Worksheet,
    styles: Styles,
    occasion: Occasion,
    layouts: Sequence[Layout],
    choices: Choices,
) -> None:
    """Write the check sheet of some forms of a workbook."""
    writer = _ReviewWriter(sheet, styles, occasion)
    for layout in layouts:
        cells = ReviewCells(layout, occasion.scheme, choices, writer.content_cell())
        writer.form(cells)
        for review in reviews(cells):
            writer.check(review, cells)
        for name, expression in cells.names.items():
            book.define_name(name, f"={expression}")
    writer.top()
    writer.page()


class _ReviewWriter:
    """Writes one check sheet from top to bottom, its head last."""

    def __init__(self, sheet: Worksheet, styles: Styles, occasion: Occasion) -> None:
        self.sheet = sheet
        self.styles = styles
        self.occasion = occasion
        self.language = occasion.language
        self.row = FIRST_ROW

    def content_cell(self) -> str:
        """The cell that says whether the form that comes next holds anything."""
        return f"'{SHEET.in_(self.language)}'!$G${self.row + 1}"

    def _next(self) -> int:
        self.row += 1
        return self.row - 1

    def form(self, cells: ReviewCells) -> None:
        """The row of a form: whether it is filled in, and how many lines it has."""
        row, form = self._next(), cells.layout.form
        style = self.styles("heading", align="left")
        link = f"internal:{cells.sheet}A1"
        self.sheet.write_url(row, FORM, link, style, form.code)
        title = f"{form.title.in_(self.language)}　{form.document_no}"
        self.sheet.write_string(row, STATEMENT, title, style)
        for column in (SEVERITY, FIRST):
            self.sheet.write_blank(row, column, None, style)
        lines, content = f"E{row + 1}", f"G{row + 1}"
        nil = self._word(_EMPTY)
        if form.body == "list":
            nil = f"IF({cells.touched()}>0,{self._word(_NIL)},{self._word(_EMPTY)})"
        state = (
            f"IF({lines}>0,{self._word(_FILLED)},IF({content}>0,{self._word(_INCOMPLETE)},{nil}))"
        )
        self._array(row, STATE, state, self.styles("heading"))
        counted = self.styles("heading", _LINES.in_(self.language), "center")
        self._array(row, PLACES, f"SUM({cells.lines()})", counted)
        self._array(row, CODE, cells.holds(), self.styles("number", _UNSEEN))

    def check(self, review: Review, cells: ReviewCells) -> None:
        """The row of a check."""
        row = self._next()
        self.sheet.write_string(row, FORM, cells.layout.form.code, self.styles("number"))
        statement = review.statement.in_(self.language)
        self.sheet.write_string(row, STATEMENT, statement, self.styles("label"))
        kind = _SEVERITIES[review.severity].in_(self.language)
        self.sheet.write_string(row, SEVERITY, kind, self.styles("number"))
        outcome, code = cells.named_check(review.id, _outcome(review, cells)), f"G{row + 1}"
        self._array(row, CODE, f"MIN({outcome})", self.styles("number", _UNSEEN))
        failing = f"SUM(--({outcome}<{_PASSES}))"
        self._array(row, PLACES, f'IF({code}<{_PASSES},{failing},"")', self.styles("number"))
        undecided = f"IF({code}={_PASSES},{self._word(PASSED)},{self._word(NO_DATA)})"
        state = f"=IF({code}<{_PASSES},{self._word(FAILED)},{undecided})"
        self.sheet.write_formula(row, STATE, state, self.styles("number"), "")
        place = f"ADDRESS(INT({code}/{_ROW}),MOD({code},{_ROW}),4)"
        link = f'=IF({code}<{_PASSES},HYPERLINK("#{cells.sheet}"&{place},{place}),"")'
        self.sheet.write_formula(row, FIRST, link, self.styles("link", align="center"), "")

    def _array(self, row: int, column: int, formula: str, style: Format) -> None:
        self.sheet.write_array_formula(row, column, row, column, formula, style, "")

    def _word(self, text: Text) -> str:
        return f'"{text.in_(self.language)}"'

    def top(self) -> None:
        """The title, the verdict on the whole workbook and the headings."""
        sheet, styles, language = self.sheet, self.styles, self.language
        sheet.set_row(0, 36)
        for row in (1, 3, 4):
            sheet.set_row(row, 18)
        sheet.merge_range(0, FORM, 0, FIRST, _TITLE.in_(language), styles("title"))
        county, period = self.occasion.county.name, self.occasion.period.label(language)
        whose = f"{county.in_(language)}　{period}"
        sheet.merge_range(1, FORM, 1, FIRST, whose, styles("centre"))
        counted = self._counted()
        verdict = (
            f"=IF({counted['errors']}>0,{_ERRORS.in_(language)},"
            f"IF({counted['blank']}>0,{_BLANK.in_(language)},"
            f"IF({counted['failed']}>0,{_DOUBTS.in_(language)},{_FINE.in_(language)})))"
        ).format(**counted)
        sheet.set_row(2, 30)
        for row, formula, style in (
            (2, verdict, "verdict"),
            (3, "=" + _COUNTS.in_(language).format(**counted), "centre"),
        ):
            sheet.merge_range(row, FORM, row, FIRST, "", styles(style))
            sheet.write_formula(row, FORM, formula, styles(style), "")
        sheet.merge_range(4, FORM, 4, FIRST, _HOW.in_(language), styles("note", align="center"))
        sheet.set_row(FIRST_ROW - 1, 24)
        for column, heading in enumerate(_HEADINGS):
            sheet.write_string(FIRST_ROW - 1, column, heading.in_(language), styles("heading"))
        self._colour(counted)

    def _counted(self) -> dict[str, str]:
        """How many checks came out how, and how many forms are not filled in."""
        states, kinds = self._cells("D"), self._cells("C")
        error = self._word(_SEVERITIES[Severity.ERROR])
        failed = self._word(FAILED)
        return {
            "errors": f"SUMPRODUCT(({kinds}={error})*({states}={failed}))",
            "failed": f"COUNTIF({states},{failed})",
            "passed": f"COUNTIF({states},{self._word(PASSED)})",
            "unknown": f"COUNTIF({states},{self._word(NO_DATA)})",
            "blank": "({}+{})".format(
                *(f"COUNTIF({states},{self._word(word)})" for word in (_EMPTY, _INCOMPLETE))
            ),
        }

    def _cells(self, column: str) -> str:
        return f"${column}${FIRST_ROW + 1}:${column}${self.row}"

    def _colour(self, counted: dict[str, str]) -> None:
        """Colours that follow the results: red for what is wrong, amber for what is doubtful."""
        verdict, states = "A3:F3", self._cells("D").replace("$", "")
        error = self._word(_SEVERITIES[Severity.ERROR])
        first = FIRST_ROW + 1
        failed = f"$D{first}={self._word(FAILED)}"
        for area, condition, colour in (
            (verdict, f"{counted['errors']}>0", _RED),
            (verdict, f"{counted['blank']}+{counted['failed']}>0", _AMBER),
            (verdict, "TRUE", _GREEN),
            (states, f"AND({failed},$C{first}={error})", _RED),
            (states, failed, _AMBER),
            (states, f"$D{first}={self._word(PASSED)}", _GREEN),
            (
                states,
                f"OR($D{first}={self._word(_EMPTY)},$D{first}={self._word(_INCOMPLETE)})",
                _AMBER,
            ),
        ):
            shown = self.styles.fill(colour)
            rule = {"type": "formula", "criteria": f"={condition}", "format": shown}
            self.sheet.conditional_format(area, {**rule, "stop_if_true": True})

    def page(self) -> None:
        """Widths, panes, filter, printing and protection."""
        sheet = self.sheet
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.set_column(CODE, CODE, 12, None, {"hidden": True})
        sheet.freeze_panes(FIRST_ROW, 0)
        sheet.autofilter(FIRST_ROW - 1, FORM, self.row - 1, FIRST)
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST_ROW - 1)
        sheet.print_area(0, 0, self.row - 1, FIRST)
        sheet.hide_gridlines(2)
        sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})


def _outcome(review: Review, cells: ReviewCells) -> str:
    """How a check comes out on each row; what cannot be worked out decides nothing."""
    decided, where = review.verdict.decided, f"ROW({review.total})"
    if review.total is None:
        decided, where = f"{cells.lines()}*{decided}", cells.row_numbers()
    failing = f"IF({review.verdict.fails},{where}*{_ROW}+{review.column},{_PASSES})"
    return f"IFERROR(IF({decided},{failing},{_UNDECIDED}),{_UNDECIDED})"
