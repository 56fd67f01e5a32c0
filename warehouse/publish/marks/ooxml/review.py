"""The part of the sheet in front of a marked copy."""

import re
from collections.abc import Iterator
from typing import Literal

from lxml import etree
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins, PrintPageSetup
from openpyxl.worksheet.properties import PageSetupProperties, WorksheetProperties
from openpyxl.worksheet.views import Pane, Selection, SheetView

from schemas.layout import address, column_letter
from warehouse.publish.edition import quoted
from warehouse.publish.marks.marking import (
    HEAD_SIZES,
    HEADING_HEIGHT,
    HEADING_ROW,
    TITLE_HEIGHT,
    Review,
    ReviewColumn,
    ReviewLine,
)
from warehouse.publish.marks.ooxml.elements import Maker
from warehouse.publish.marks.ooxml.package import written
from warehouse.publish.marks.ooxml.styles import Styles, argb
from warehouse.publish.sheets import A3, HEADING, INK, LINE, LINK, MUTED, SEVERITY_FILLS

PRESERVE = {"{http://www.w3.org/XML/1998/namespace}space": "preserve"}
"""What an element of text says of itself, so that blanks and breaks at its ends are kept."""

_EMPTY = '<worksheet xmlns="{}"/>'
_MARGINS = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.6, header=0.3, footer=0.3)  # inches
# On A4 so many columns are too small to be read.
_PAGE = PrintPageSetup(paperSize=A3, orientation="landscape", fitToHeight=0)
_PROPERTIES = WorksheetProperties(pageSetUpPr=PageSetupProperties(fitToPage=True))
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class ReviewPart:
    """A review as a worksheet; its lines may lead to cells of `sheets`."""

    def __init__(self, review: Review, looks: "Looks", space: str, sheets: frozenset[str]) -> None:
        self._review, self._looks, self._sheets = review, looks, sheets
        self._space, self._make = space, Maker(space)

    @property
    def filtered(self) -> str:
        """The area of its columns, headings and lines, as an absolute one.

        The references out of sight belong to it: what is sorted by the filter takes them along.
        """
        last = column_letter(len(self._review.columns))
        return f"$A${HEADING_ROW}:${last}${HEADING_ROW + len(self._review.lines)}"

    def xml(self) -> bytes:
        """The bytes of the part."""
        make, drawn = self._make, self._make.drawn
        sheet = etree.fromstring(_EMPTY.format(self._space))
        sheet.append(drawn(_PROPERTIES))
        sheet.append(make("sheetViews", drawn(_view())))
        sheet.append(make("sheetFormatPr", defaultRowHeight="15"))
        sheet.append(make("cols", *self._widths()))
        sheet.append(make("sheetData", *self._head(), self._headings(), *self._lines()))
        sheet.append(drawn(AutoFilter(self.filtered.replace("$", ""))))
        if links := list(self._links()):
            sheet.append(make("hyperlinks", *links))
        sheet.append(drawn(_MARGINS))
        sheet.append(drawn(_PAGE))
        return written(sheet)

    def _widths(self) -> Iterator[etree._Element]:
        columns = self._review.columns
        for number, column in enumerate(columns, start=1):
            yield self._column(number, width=str(column.width))
        yield self._column(len(columns) + 1, width="9", hidden="1")

    def _column(self, number: int, **values: str) -> etree._Element:
        return self._make("col", min=str(number), max=str(number), customWidth="1", **values)

    def _head(self) -> Iterator[etree._Element]:
        for row, text in enumerate(self._review.heading):
            height = TITLE_HEIGHT if row == 0 else None
            yield self._row(row, [self._cell(row, 0, text, self._looks.head[row])], height)

    def _headings(self) -> etree._Element:
        row, columns = HEADING_ROW - 1, self._review.columns
        cells = [self._cell(row, n, c.title, self._looks.heading) for n, c in enumerate(columns)]
        stamp = self._cell(row, len(columns), self._review.stamp)
        return self._row(row, [*cells, stamp], HEADING_HEIGHT)

    def _lines(self) -> Iterator[etree._Element]:
        columns = self._review.columns
        for row, line in enumerate(self._review.lines, start=HEADING_ROW):
            cells = [
                self._cell(row, n, value, self._look(column, line))
                for n, (column, value) in enumerate(zip(columns, line.values, strict=True))
            ]
            reference = self._cell(row, len(columns), line.reference)
            yield self._row(row, [*cells, reference], self._review.height(line))

    def _look(self, column: ReviewColumn, line: ReviewLine) -> str:
        if column.name == "severity":
            return self._looks.severities[line.severity]
        if column.name == "cell" and self._leads(line):
            return self._looks.link
        return self._looks.centred if column.centred else self._looks.text

    def _row(self, row: int, cells: list[etree._Element], height: float | None) -> etree._Element:
        tall = {} if height is None else {"ht": f"{height:g}", "customHeight": "1"}
        return self._make("row", *cells, r=str(row + 1), **tall)

    def _cell(self, row: int, column: int, value: str | int, look: str = "0") -> etree._Element:
        """A cell with a number, or with a text, which is never one to be worked out."""
        place = {"r": address(row, column), "s": look}
        if isinstance(value, int):
            return self._make("c", self._make.saying("v", str(value)), **place)
        if not value:
            return self._make("c", **place)
        text = self._make.saying("t", escaped(value), **PRESERVE)
        return self._make("c", self._make("is", text), t="inlineStr", **place)

    def _links(self) -> Iterator[etree._Element]:
        column = [each.name for each in self._review.columns].index("cell")
        for row, line in enumerate(self._review.lines, start=HEADING_ROW):
            if line.target is not None and self._leads(line):
                cell = address(row, column)
                yield self._make.drawn(Hyperlink(ref=cell, location=quoted(line.target)))

    def _leads(self, line: ReviewLine) -> bool:
        return line.target is not None and line.target.sheet in self._sheets


def _view() -> SheetView:
    """How the sheet is shown: alone selected, its head in view wherever people are."""
    below = address(HEADING_ROW, 0)
    return SheetView(
        showGridLines=False,
        tabSelected=True,
        pane=Pane(ySplit=HEADING_ROW, topLeftCell=below, activePane="bottomLeft", state="frozen"),
        selection=[Selection(pane="bottomLeft", activeCell=below, sqref=below)],
    )


class Looks:
    """The numbers of the formats that the cells of a review have."""

    def __init__(self, styles: Styles, font: str) -> None:
        self._name = font
        title, *others, signature = HEAD_SIZES
        unwrapped = Alignment(vertical="center")
        self.head = (
            styles.format(self._font(title, bold=True), unwrapped),
            *(styles.format(self._font(size), unwrapped) for size in others),
            styles.format(self._font(signature, colour=MUTED), unwrapped),
        )
        side = Side(style="thin", color=argb(LINE))
        box = Border(left=side, right=side, top=side, bottom=side)
        middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
        start = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
        plain, link = self._font(10), self._font(10, colour=LINK, underline="single")
        self.heading = styles.format(self._font(10, bold=True), middle, HEADING, box)
        self.text = styles.format(plain, start, border=box)
        self.centred = styles.format(plain, middle, border=box)
        self.link = styles.format(link, middle, border=box)
        self.severities = {
            severity: styles.format(plain, middle, colour, box)
            for severity, colour in SEVERITY_FILLS.items()
        }

    def _font(
        self,
        size: int,
        *,
        bold: bool | None = None,
        underline: Literal["single"] | None = None,
        colour: str = INK,
    ) -> Font:
        return Font(name=self._name, sz=size, b=bold, u=underline, color=argb(colour))


def escaped(text: str) -> str:
    """A text without what programs read as the number of a character: _x000D_."""
    return _ESCAPE.sub("_x005F_", text)
