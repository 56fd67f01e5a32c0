"""Cell styles with the colour of a severity, made of those that cells have, and back again."""

from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from schemas.findings import Severity
from schemas.grid import OWN_AUTHOR
from warehouse.publish.marks.marking import is_own_colour
from warehouse.publish.marks.opendocument.names import added, drop, made, q, section
from warehouse.publish.sheets import SEVERITY_FILLS

_PREFIX = f"{OWN_AUTHOR}-"  # what follows is the severity, and the name of the style before
_BEFORE = f"{OWN_AUTHOR}."  # what follows is a colour that was covered, and the parent before
_NAME, _PARENT, _STYLE = q("style:name"), q("style:parent-style-name"), q("table:style-name")
_PROPERTIES, _BACKGROUND = q("style:table-cell-properties"), q("fo:background-color")
_DEFAULT = "Default"


class Fills:
    """The styles of the cells of a document: its own, and coloured ones made of them.

    A coloured style inherits the colour that it covers: the styles of a copy that comes back need
    only lose ours, whatever program has saved it and under what names.
    """

    def __init__(self, content: etree._Element, styles: etree._Element) -> None:
        self._of_content = section(content, "office:automatic-styles")
        self._automatic = dict(_of_cells(self._of_content))
        self._of_all = section(styles, "office:styles")
        self._common = dict(_of_cells(self._of_all))

    def fill(self, cell: etree._Element, inherited: str, severity: Severity) -> None:
        """Colour a cell, and keep all else of the style that it has itself or inherits."""
        base = cell.get(_STYLE) or inherited
        name = f"{_PREFIX}{severity}-{base}"
        if name not in self._automatic:
            style = self._copy(base)
            self._colour(style, SEVERITY_FILLS[severity])
            style.set(_NAME, name)
            self._of_content.append(style)
            self._automatic[name] = style
        cell.set(_STYLE, name)

    def take_out(self, spreadsheet: etree._Element, *, marked: bool) -> None:
        """Give the cells that were coloured the styles that they had before.

        Where another program has saved a `marked` document since, and given other names to styles,
        those with our colours lose them.
        """
        coloured = [name for name in self._automatic if name.startswith(_PREFIX)]
        if marked and not coloured:
            self._bleach()
        for name in coloured:
            drop(self._automatic.pop(name))
        for cell in spreadsheet.iter(q("table:table-cell")) if coloured else ():
            name = cell.get(_STYLE, "")
            if name in coloured and (base := name.split("-", 2)[2]):
                cell.set(_STYLE, base)
            elif name in coloured:
                del cell.attrib[_STYLE]
        parents = {style.get(_PARENT) for style in self._automatic.values()}
        for name in self._common.keys() - parents:
            if name.startswith(_BEFORE):
                drop(self._common.pop(name))

    def _bleach(self) -> None:
        for style in self._automatic.values():
            properties = style.find(_PROPERTIES)
            if properties is not None and is_own_colour(properties.get(_BACKGROUND, "")):
                del properties.attrib[_BACKGROUND]

    def _copy(self, base: str) -> etree._Element:
        """A style like another; an automatic one has only common ones as its parent."""
        if base in self._automatic:
            return deepcopy(self._automatic[base])
        parent = base or _DEFAULT
        style = made("style:style", {"style:family": "table-cell"})
        if parent in self._common:
            style.set(_PARENT, parent)
        return style

    def _colour(self, style: etree._Element, colour: str) -> None:
        properties = style.find(_PROPERTIES)
        if properties is None:
            properties = made("style:table-cell-properties")
            style.insert(0, properties)
        if before := properties.get(_BACKGROUND):
            self._cover(style, before)
        del properties[:]  # a picture behind the text, or a colour by the theme
        properties.set(_BACKGROUND, colour)

    def _cover(self, style: etree._Element, before: str) -> None:
        """Let a style inherit the colour that is to be covered."""
        parent = style.get(_PARENT, "")
        name = f"{_BEFORE}{before.removeprefix('#')}.{parent}"
        if name not in self._common:
            covered = made("style:style", {"style:name": name, "style:family": "table-cell"})
            if parent:
                covered.set(_PARENT, parent)
            added(covered, "style:table-cell-properties", {"fo:background-color": before})
            self._of_all.append(covered)
            self._common[name] = covered
        style.set(_PARENT, name)


def _of_cells(styles: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    for style in styles.iterchildren(q("style:style")):
        if style.get(q("style:family")) == "table-cell":
            yield style.get(_NAME, ""), style
