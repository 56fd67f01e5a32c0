"""How cells look: formats are added for those that are coloured, none that is there is changed."""

from copy import deepcopy

from lxml import etree
from openpyxl.styles import Alignment, Border, Color, Font, PatternFill

from schemas.findings import Severity
from warehouse.publish.marks.marking import CannotMark, is_own_colour
from warehouse.publish.marks.ooxml.elements import Maker
from warehouse.publish.marks.ooxml.workbook import Workbook
from warehouse.publish.sheets import SEVERITY_FILLS

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_NO_STYLES = (  # the least that there has to be
    '<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="1"><xf/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
_MOST = 64_000  # formats of a workbook, by Excel's specifications


def styles_of(workbook: Workbook) -> "Styles":
    """The formats of a workbook, to be added to; plain ones where it has none."""
    part = workbook.related("styles")
    if part is None:
        part = "xl/styles.xml"
        workbook.package.add(part, _NO_STYLES.format(workbook.main).encode(), _TYPE)
        workbook.package.relate(workbook.part, f"{workbook.relations}/styles", part)
    return Styles(workbook.package.edit(part))


class Styles:
    """The formats of a workbook, each known by its number.

    Cells that were coloured on an earlier night have their own fill again.
    """

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self.make = Maker(etree.QName(root).namespace or "")
        self._space = self.make.space
        self._numbers: dict[str, dict[tuple[object, ...], int]] = {}
        self._coloured: dict[tuple[int, Severity], int] = {}
        for pattern in root.iterfind(f"{self._space}fills/*/{self._space}patternFill"):
            self._clean(pattern)

    def coloured(self, number: int, severity: Severity) -> int:
        """A format like another, but with the colour of a severity."""
        if (number, severity) not in self._coloured:
            formats = self._section("cellXfs")
            if number >= len(formats):
                raise CannotMark(f"there is no format {number}")
            like = deepcopy(formats[number])
            fill = self._fill_over(SEVERITY_FILLS[severity], int(like.get("fillId", "0")))
            like.attrib.update({"fillId": str(fill), "applyFill": "1"})
            self._coloured[number, severity] = self._number("cellXfs", like)
        return self._coloured[number, severity]

    def format(
        self,
        font: Font,
        alignment: Alignment,
        fill: str | None = None,
        border: Border | None = None,
    ) -> str:
        """The number of a format with a font, and where stated with a filling and a border."""
        drawn = self.make.drawn
        like = self.make(
            "xf",
            numFmtId="0",
            fontId=str(self._number("fonts", drawn(font, "font"))),
            fillId=str(self._number("fills", self._fill(fill))) if fill else "0",
            borderId=str(self._number("borders", drawn(border, "border"))) if border else "0",
            xfId="0",
            **dict.fromkeys(("applyFont", "applyFill", "applyBorder", "applyAlignment"), "1"),
        )
        like.append(drawn(alignment, "alignment"))
        return str(self._number("cellXfs", like))

    def _clean(self, pattern: etree._Element) -> None:
        """Give back the fill that one of ours remembers, or none."""
        shown = pattern.find(f"{self._space}fgColor")
        if shown is None or not is_own_colour(shown.get("rgb", "")):
            return
        behind = pattern.find(f"{self._space}bgColor")
        pattern.remove(shown)
        if behind is not None and behind.get("indexed") != "64":
            behind.tag = shown.tag
        else:
            pattern.set("patternType", "none")

    def _fill_over(self, colour: str, number: int) -> int:
        """A fill with a colour, which remembers the one that it takes the place of.

        That is kept as the colour behind the pattern, which a whole one leaves nothing to be seen
        of: programs keep it, and when the copy comes back the cell gets it again.
        """
        fill, fills = self._fill(colour), self._section("fills")
        place = f"{self._space}patternFill[@patternType='solid']/{self._space}fgColor"
        before = fills[number].find(place) if number < len(fills) else None
        if before is not None:
            remembered = deepcopy(before)
            remembered.tag = f"{self._space}bgColor"
            fill[0][1:] = [remembered]
        return self._number("fills", fill)

    def _fill(self, colour: str) -> etree._Element:
        fill = PatternFill("solid", fgColor=argb(colour), bgColor=Color(indexed=64))
        return self.make.drawn(fill)

    def _number(self, section: str, element: etree._Element) -> int:
        """The number of an element in its section, where it is added if none is like it."""
        elements = self._section(section)
        if section not in self._numbers:
            self._numbers[section] = {_key(each): n for n, each in enumerate(elements)}
        numbers = self._numbers[section]
        if (number := numbers.get(_key(element))) is None:
            number = numbers[_key(element)] = len(elements)
            elements.append(element)
            elements.set("count", str(len(elements)))
            if len(elements) > _MOST:
                raise CannotMark("it has too many formats")
        return number

    def _section(self, name: str) -> etree._Element:
        section = self._root.find(f"{self._space}{name}")
        if section is None or len(section) == 0:
            raise CannotMark(f"its styles have no {name}")
        return section


def argb(colour: str) -> str:
    """A colour as #RRGGBB in the way that parts write it."""
    return f"FF{colour.removeprefix('#')}"


def _key(element: etree._Element) -> tuple[object, ...]:
    """What an element says; equal ones say the same."""
    values = tuple(sorted(map(tuple, element.attrib.items())))
    return (element.tag, values, *map(_key, element))
