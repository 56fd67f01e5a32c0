"""A workbook to print: one typeface, thin borders, quiet colours, reproducible bytes."""

from collections.abc import Mapping
from datetime import UTC
from io import BytesIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from schemas.findings import Severity
from warehouse.consolidation.standings import Standing
from warehouse.publish.edition import Edition

A4, A3 = 9, 8
INK, MUTED, LINE = "#1F2328", "#6B7280", "#8A8F98"
LINK = "#1F4E79"
HEADING, TOTAL, CROSSED, LACKING = "#EEF1F5", "#F6F3EA", "#F0F0F0", "#FBEDE4"

SEVERITY_FILLS = {
    Severity.ERROR: "#F4CFC9",
    Severity.WARNING: "#F9DC8C",
    Severity.NOTICE: "#DCE7F1",
}
STANDING_FILLS = {
    Standing.ACCEPTED: "#E3EFE3",
    Standing.PROVISIONAL: "#F6F0CF",
    Standing.EARLIER: "#F9DC8C",
    Standing.MISSING: LACKING,
    Standing.REFUSED: "#F4CFC9",
    Standing.NOT_OWED: CROSSED,
}

FONTS = {"zh": "宋体", "en": "Times New Roman"}
_LINE_HEIGHT = 14.5  # points
_TALLEST = 409  # points: Excel has no higher rows


class Workbook:
    """An .xlsx under way. `close` gives its bytes."""

    def __init__(self, edition: Edition, title: str) -> None:
        self.edition = edition
        self._buffer = BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._styles: dict[tuple[tuple[str, object], ...], Any] = {}
        self._font = FONTS[edition.language]
        contents = edition.contents
        self._book.set_properties(
            {
                "title": title,
                "author": contents.scheme.issued_by.in_(edition.language),
                "created": contents.as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )

    def style(self, **properties: object) -> Any:
        """A cell format; the same properties give the same one."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            base = {
                "font_name": self._font,
                "font_size": 10,
                "font_color": INK,
                "valign": "vcenter",
            }
            self._styles[key] = self._book.add_format({**base, **properties})
        return self._styles[key]

    def boxed(self, **properties: object) -> Any:
        """A cell format with thin borders."""
        return self.style(border=1, border_color=LINE, **properties)

    def heading(self, **properties: object) -> Any:
        """The format of column headings."""
        base = {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEADING}
        return self.boxed(**{**base, **properties})

    def page(self, name: str, *, paper: int = A4, tall: int = 0) -> Any:
        """A new sheet, one page wide, with its page number and the publication at the foot.

        `tall` is how many pages it may be high; 0 is as many as it takes.
        """
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(paper)
        sheet.set_landscape()
        sheet.fit_to_pages(1, tall)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        sheet.set_footer(f"&L&8{self.edition.signature}&R&8{self.edition.words('page')}")
        return sheet

    def headings(self, sheet: Any, row: int, widths: Mapping[str, float]) -> None:
        """Write a row of headings by their words and give the columns their widths."""
        for column, (name, width) in enumerate(widths.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(row, column, self.edition.words(name), self.heading())
        sheet.set_row(row, height(2))

    def close(self) -> bytes:
        """Finish and give the bytes."""
        self._book.close()
        return self._buffer.getvalue()


def across(sheet: Any, row: int, columns: int, text: str, style: Any, *, first: int = 0) -> None:
    """Write a text over so many columns of a row, from the first one on."""
    if columns > 1:
        sheet.merge_range(row, first, row, first + columns - 1, text, style)
    else:
        sheet.write_string(row, first, text, style)


def height(lines: int) -> float:
    """The height in points of a row of so many lines."""
    return min(_TALLEST, _LINE_HEIGHT * max(1, lines) + 3.5)
