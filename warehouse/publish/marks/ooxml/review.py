"""The part of the sheet in front of a marked copy."""

import re
from collections.abc import Iterator

from lxml import etree

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
_MARGINS = {"left": "0.5", "right": "0.5", "top": "0.6", "bottom": "0.6"}  # inches
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class ReviewPart:
    """A review as a worksheet; its lines may lead to cells of `sheets`."""

    def __init__(self, review: Review, looks: "Looks", space: str, sheets: frozenset[str]) -> None:
        self._review, self._looks, self._sheets = review, looks, sheets
        self._space, self._make = space, Maker(space)

    @property
    def filtered(self) -> str:
        """The area of its columns, headings and lines, as an absolute one."""
        last = column_letter(len(self._review.columns) - 1)
        return f"$A${HEADING_ROW}:${last}${HEADING_ROW + len(self._review.lines)}"

    def xml(self) -> bytes:
        """The bytes of the part."""
        make = self._make
        sheet = etree.fromstring(_EMPTY.format(self._space))
        sheet.append(make("sheetPr", make("pageSetUpPr", fitToPage="1")))
        sheet.append(make("sheetViews", self._view()))
        sheet.append(make("sheetFormatPr", defaultRowHeight="15"))
        sheet.append(make("cols", *self._widths()))
        sheet.append(make("sheetData", *self._head(), self._headings(), *self._lines()))
        sheet.append(make("autoFilter", ref=self.filtered.replace("$", "")))
        if links := list(self._links()):
            sheet.append(make("hyperlinks", *links))
        sheet.append(make("pageMargins", header="0.3", footer="0.3", **_MARGINS))
        page = {"paperSize": str(A3), "orientation": "landscape", "fitToHeight": "0"}
        sheet.append(make("pageSetup", **page))  # on A4 so many columns are too small to be read
        return written(sheet)

    def _view(self) -> etree._Element:
        """How the sheet is shown: alone selected, its head in view wherever people are."""
        below = {"ySplit": str(HEADING_ROW), "topLeftCell": address(HEADING_ROW, 0)}
        return self._make(
            "sheetView",
            self._make("pane", activePane="bottomLeft", state="frozen", **below),
            self._make("selection", pane="bottomLeft"),
            showGridLines="0",
            tabSelected="1",
            workbookViewId="0",
        )

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
                yield self._make("hyperlink", ref=cell, location=quoted(line.target))

    def _leads(self, line: ReviewLine) -> bool:
        return line.target is not None and line.target.sheet in self._sheets


class Looks:
    """The numbers of the formats that the cells of a review have."""

    def __init__(self, styles: Styles, font: str) -> None:
        self._styles, self._name = styles, font
        title, *others, signature = HEAD_SIZES
        self.head = (
            self._format(self._font(title, "b")),
            *(self._format(self._font(size)) for size in others),
            self._format(self._font(signature, colour=MUTED)),
        )
        middle = {"horizontal": "center", "wrapText": "1"}
        start = {"horizontal": "left", "wrapText": "1", "indent": "1"}
        bold, plain, link = self._font(10, "b"), self._font(10), self._font(10, "u", colour=LINK)
        self.heading = self._format(bold, fill=HEADING, border=LINE, **middle)
        self.text = self._format(plain, border=LINE, **start)
        self.centred = self._format(plain, border=LINE, **middle)
        self.link = self._format(link, border=LINE, **middle)
        self.severities = {
            severity: self._format(plain, fill=colour, border=LINE, **middle)
            for severity, colour in SEVERITY_FILLS.items()
        }

    def _format(
        self,
        font: etree._Element,
        *,
        fill: str | None = None,
        border: str | None = None,
        **alignment: str,
    ) -> str:
        alignment["vertical"] = "center"
        return str(self._styles.format(font, fill=fill, border=border, **alignment))

    def _font(self, size: int, *kinds: str, colour: str = INK) -> etree._Element:
        make = self._styles.make
        told = make("sz", val=str(size)), make("color", rgb=argb(colour))
        return make("font", *map(make, kinds), *told, make("name", val=self._name))


def escaped(text: str) -> str:
    """A text without what programs read as the number of a character: _x000D_."""
    return _ESCAPE.sub("_x005F_", text)
