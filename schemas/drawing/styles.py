"""How a return looks: the fonts, rules, fills, number formats and widths of a Chinese form."""

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter import Workbook  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]

from schemas.layout import Column
from schemas.models import Indicator

SONG = "宋体"
HEI = "黑体"

INPUT_FILL = "#FFFBE6"
COMPUTED_FILL = "#EDEDED"
HEADING_FILL = "#E4ECF5"

_PAGE_WIDTH = 105

_RULED = {"border": 1, "valign": "vcenter", "font_size": 11}

_VALUE = {**_RULED, "shrink": True}
"""What is too wide for its cell is shown smaller: no text is cut off, and no number is ####."""

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": HEI, "font_size": 18, "align": "center", "valign": "vcenter"},
    "block": {"font_size": 10, "align": "right", "valign": "vcenter"},
    "left": {"font_size": 11, "align": "left", "valign": "vcenter"},
    "centre": {"font_size": 11, "align": "center", "valign": "vcenter"},
    "right": {"font_size": 11, "align": "right", "valign": "vcenter"},
    "heading": {
        **_RULED,
        "font_name": HEI,
        "font_size": 10.5,
        "align": "center",
        "text_wrap": True,
        "bg_color": HEADING_FILL,
    },
    "number": {**_RULED, "font_size": 9, "align": "center", "text_wrap": True},
    "label": {**_RULED, "align": "left", "text_wrap": True},
    "input": {**_VALUE, "locked": False, "bg_color": INPUT_FILL},
    "computed": {**_VALUE, "bg_color": COMPUTED_FILL},
    "total": {**_VALUE, "bold": True, "bg_color": COMPUTED_FILL},
    "footer": {"font_size": 10.5, "align": "left", "valign": "vcenter", "locked": False},
    "note": {"font_size": 10, "align": "left", "valign": "top", "text_wrap": True},
    "link": {"font_size": 11, "font_color": "#1F4E9E", "underline": 1, **_RULED},
    "verdict": {
        **_RULED,
        "font_name": HEI,
        "font_size": 14,
        "align": "center",
    },
    "section": {"font_name": HEI, "font_size": 12, "valign": "vcenter"},
}


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str, str], Format] = {}

    def __call__(self, name: str, num_format: str = "General", align: str = "") -> Format:
        """A style by name, with a number format and an alignment of its own."""
        key = (name, num_format, align)
        if key not in self._made:
            properties = {"font_name": SONG, "num_format": num_format, **_STYLES[name]}
            if align:
                properties["align"] = align
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def fill(self, colour: str) -> Format:
        """A fill alone, for cells whose colour depends on what they say."""
        return self._book.add_format({"bg_color": colour})

    def cell(self, name: str, indicator: Indicator) -> Format:
        """A style for the cells of an indicator."""
        align = "right" if indicator.numeric else "center"
        if indicator.kind == "text":
            align = "left"
        return self(name, number_format(indicator), align)


def number_format(indicator: Indicator) -> str:
    """The Excel number format of an indicator's cells; text keeps every digit as typed.

    Where each line has a unit of its own, whole numbers are shown without decimals.
    """
    if indicator.unit_from is not None:
        return "General"
    match indicator.kind:
        case "integer":
            return "0"
        case "decimal":
            return "0." + "0" * indicator.decimals if indicator.decimals else "0"
        case "date":
            return "yyyy-mm-dd"
        case "text" | "code":
            return "@"


def column_widths(columns: Sequence[Column]) -> list[float]:
    """The widths of the columns in characters: wide enough for values and headings of two lines,
    and together at least as wide as the page.
    """
    widths = [_width(column) for column in columns]
    stretch = max(1.0, _PAGE_WIDTH / sum(widths))
    return [round(width * stretch, 1) for width in widths]


def shown_width(text: str) -> int:
    """How wide a text is in characters of a column's width: Chinese ones take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _width(column: Column) -> float:
    indicator = column.indicator
    if indicator is None:
        return 14
    if indicator.format == "id_number":
        return 23
    least = {"text": 18, "code": 13, "date": 12.5, "integer": 9.5, "decimal": 12}[indicator.kind]
    return max(least, len(column.heading.zh) + 5, len(column.number) + 1)
