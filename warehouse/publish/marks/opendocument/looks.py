"""The styles of the sheet in front, each made once."""

from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from schemas.grid import OWN_AUTHOR
from warehouse.publish.marks.opendocument.names import added, drop, made, q, section
from warehouse.publish.marks.opendocument.views import PAGE
from warehouse.publish.sheets import INK, LINE

_PREFIX = f"{OWN_AUTHOR}_"
_CHARACTER, _PADDING, _PIXELS = 7, 5, 96  # pixels of a digit, of what is beside it, of an inch


class Look(NamedTuple):
    """How a cell looks. Those of the list are `boxed`, and their text is wrapped."""

    size: int = 10
    bold: bool = False
    colour: str = INK
    underlined: bool = False
    fill: str = ""
    boxed: bool = False
    centred: bool = False


class Looks:
    """Styles of a sheet, its columns, rows and cells, put among the automatic ones of a document.

    Each method gives the name of a style.
    """

    def __init__(self, content: etree._Element, font: str) -> None:
        self._section = section(content, "office:automatic-styles")
        self._font = f"'{font}'"
        self._names: dict[Look | float, str] = {}  # of cells, and by their heights of rows
        self._count = 0

    def sheet(self) -> str:
        """Of the sheet, with its page."""
        return self._added("table", {"table": {"table:display": "true"}}, page=PAGE)

    def column(self, characters: int) -> str:
        """Of a column so many characters wide."""
        inches = (_CHARACTER * characters + _PADDING) / _PIXELS
        width = {"style:column-width": f"{inches:.3f}in"}
        return self._added("table-column", {"table-column": width})

    def row(self, points: float) -> str:
        """Of a row so many points high."""
        if points not in self._names:
            height = {"style:row-height": f"{points:g}pt", "style:use-optimal-row-height": "false"}
            self._names[points] = self._added("table-row", {"table-row": height})
        return self._names[points]

    def cell(self, look: Look) -> str:
        """Of a cell."""
        if look not in self._names:
            properties = {
                "table-cell": _of_cell(look),
                "paragraph": _of_paragraph(look),
                "text": _of_text(look, self._font),
            }
            self._names[look] = self._added("table-cell", properties)
        return self._names[look]

    def _added(
        self, family: str, properties: Mapping[str, Mapping[str, str]], page: str = ""
    ) -> str:
        self._count += 1
        name = f"{_PREFIX}{self._count}"
        style = made("style:style", {"style:name": name, "style:family": family})
        if page:
            style.set(q("style:master-page-name"), page)
        for kind, own in properties.items():
            added(style, f"style:{kind}-properties", own)
        self._section.append(style)
        return name


def _of_cell(look: Look) -> dict[str, str]:
    own = {"style:vertical-align": "middle"}
    if look.boxed:
        own |= {"fo:border": f"0.5pt solid {LINE}", "fo:wrap-option": "wrap"}
        own["style:text-align-source"] = "fix"
    if look.fill:
        own["fo:background-color"] = look.fill
    return own


def _of_paragraph(look: Look) -> dict[str, str]:
    if look.centred:
        return {"fo:text-align": "center"}
    return {"fo:text-align": "start", "fo:margin-left": "0.1in" if look.boxed else "0in"}


def _of_text(look: Look, font: str) -> dict[str, str]:
    own = {"fo:color": look.colour}
    for name in ("fo:font-{}", "style:font-{}-asian"):
        own[name.format("family")] = font
        own[name.format("size")] = f"{look.size}pt"
        own[name.format("weight")] = "bold" if look.bold else "normal"
    if look.underlined:
        own |= {"style:text-underline-style": "solid", "style:text-underline-width": "auto"}
    return own


def take_out(content: etree._Element) -> None:
    """Take out the styles of an earlier sheet in front."""
    for style in [*section(content, "office:automatic-styles")]:
        if style.get(q("style:name"), "").startswith(_PREFIX):
            drop(style)
